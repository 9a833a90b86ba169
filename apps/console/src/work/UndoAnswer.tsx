import Button from '@mui/material/Button';
import type { MyAnswer, UndoneAnswer } from '@qingnang/contracts';
import { useMutation } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'react-admin';
import { useNavigate } from 'react-router-dom';
import type { ApiError } from '../providers/api-error';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

/** The API takes an answer back for so long. */
const UNDO_MS = 10 * 60_000;

const UNDOABLE: readonly MyAnswer['kind'][] = ['polish_review', 'blind_pair', 'adjudication'];

/** Takes a review back while there is time; its task lies open again as it was written. */
export function UndoAnswer({ answer }: { answer: MyAnswer }) {
  const translate = useTranslate();
  const notify = useNotify();
  const navigate = useNavigate();
  const undo = useMutation({
    mutationFn: () => api.post<UndoneAnswer>(projectPath(`/work/answers/${answer.id}/undo`)),
    onSuccess: ({ data }) => navigate(`/work/${data.slot.kind}/${data.slot.taskSetId}`),
    onError: (error) => notify((error as unknown as ApiError).detail, { type: 'error' }),
  });
  // A decision can be taken back until others went on from it, however late.
  const inTime = answer.kind === 'adjudication' || Date.now() - Date.parse(answer.createdAt) < UNDO_MS;
  if (!UNDOABLE.includes(answer.kind) || !inTime || answer.undone) return null;
  return (
    <Button size="small" disabled={undo.isPending} onClick={() => undo.mutate()}>
      {translate('resources.work.undo')}
    </Button>
  );
}
