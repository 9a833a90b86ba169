import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { MyAnswer, UndoneAnswer } from '@qingnang/contracts';
import { useMutation } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'react-admin';
import { Link, useNavigate } from 'react-router-dom';
import type { ApiError } from '../providers/api-error';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

/**
 * Takes an answer back for as long as nothing was made of it: its task lies open again as it was written. Else it says
 * what keeps it as it is.
 */
export function UndoAnswer({ answer }: { answer: MyAnswer }) {
  const translate = useTranslate();
  const notify = useNotify();
  const navigate = useNavigate();
  const undo = useMutation({
    mutationFn: () => api.post<UndoneAnswer>(projectPath(`/work/answers/${answer.id}/undo`)),
    onSuccess: ({ data }) => navigate(`/work/${data.slot.kind}/${data.slot.taskSetId}`),
    onError: (error) => notify((error as unknown as ApiError).detail, { type: 'error' }),
  });
  const { use } = answer.said;
  if (answer.undone) return null;
  if (use === 'closed' && answer.kind === 'reference') {
    return (
      <Button size="small" component={Link} to={`/work/references/${answer.resultId}`}>
        {translate('resources.work.revise')}
      </Button>
    );
  }
  if (use !== null) {
    return (
      <Typography variant="body2" component="span" sx={{ color: 'text.secondary' }}>
        {translate(`resources.work.uses.${use}`)}
      </Typography>
    );
  }
  return (
    <Button
      size="small"
      sx={{ minHeight: { xs: 44, sm: 'auto' } }}
      disabled={undo.isPending}
      onClick={() => undo.mutate()}
    >
      {translate(`resources.work.${['polish_review', 'adjudication'].includes(answer.kind) ? 'undo' : 'correct'}`)}
    </Button>
  );
}
