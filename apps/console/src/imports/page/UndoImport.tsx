import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { ImportJob } from '@qingnang/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm, useNotify, useTranslate } from 'react-admin';
import { Count } from '../../components/Count';
import { ProgressCard } from '../../components/ProgressCard';
import type { ApiError } from '../../providers/api-error';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';
import { useMayDo } from '../../session/useMayDo';
import { KeptRecords } from './KeptRecords';

/** Asks once more, then orders an import to be taken back; nothing where that cannot be. */
export function UndoButton({ job }: { job: ImportJob }) {
  const translate = useTranslate();
  const notify = useNotify();
  const may = useMayDo();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const brokeOff = job.state === 'undoing' && job.undo?.failure;
  if (!may('imports', 'delete') || (!['done', 'failed', 'cancelled'].includes(job.state) && !brokeOff)) return null;
  const undo = async () => {
    setAsking(false);
    try {
      await api.post(projectPath(`/imports/${job.id}/undo`));
    } catch (failure) {
      notify((failure as ApiError).detail, { type: 'error' });
    }
    await client.invalidateQueries({ queryKey: ['imports'] });
  };
  return (
    <>
      <Button color="error" onClick={() => setAsking(true)}>
        {translate(`resources.imports.undo.${brokeOff ? 'go_on' : 'button'}`)}
      </Button>
      <Confirm
        isOpen={asking}
        title={translate('resources.imports.undo.button')}
        content={translate('resources.imports.undo.sure')}
        onConfirm={() => void undo()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

/** How far taking back is, what went, and every record that stayed, with why. */
export function UndoReport({ job }: { job: ImportJob }) {
  const translate = useTranslate();
  if (!job.undo) return null;
  const { done, total, withdrawn, kept, failure, askedBy } = job.undo;
  const state = failure ? 'failed' : job.state === 'undone' ? 'done' : 'running';
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <ProgressCard title={translate('resources.imports.undo.title')} state={state} done={done} total={total}>
        <Typography component="div" sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 3 }}>
          <span>
            {translate('resources.imports.undo.withdrawn')} <Count value={withdrawn} />
          </span>
          <span>
            {translate('resources.imports.undo.kept')} <Count value={kept} />
          </span>
          {askedBy && <span>{translate('resources.imports.undo.asked_by', { name: askedBy })}</span>}
        </Typography>
      </ProgressCard>
      {failure && (
        <Alert severity="error" variant="outlined">
          {translate('resources.imports.undo.broke_off')}
        </Alert>
      )}
      {kept > 0 && <KeptRecords importId={job.id} />}
    </Box>
  );
}
