import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import TextField from '@mui/material/TextField';
import type { RecordDetail } from '@qingnang/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import type { ApiError } from '../providers/api-error';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

/** Puts a record aside with a reason, or takes it back into work. Withdrawn ones stay so. */
export function HoldBack({ record }: { record: RecordDetail }) {
  const translate = useTranslate();
  const notify = useNotify();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  if (record.state === 'withdrawn') return null;
  const held = record.state === 'held_back';
  const verb = held ? 'take_back' : 'hold_back';
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await api.put(projectPath(`/records/${record.id}/state`), { state: held ? 'imported' : 'held_back', reason });
      notify(`resources.records.${verb}_done`);
      setAsking(false);
      setReason('');
    } catch (error) {
      notify((error as ApiError).detail, { type: 'error' });
    }
    setBusy(false);
    await client.invalidateQueries({ queryKey: ['records'] });
  };
  return (
    <>
      <Button variant="outlined" onClick={() => setAsking(true)}>
        {translate(`resources.records.${verb}`)}
      </Button>
      <Dialog open={asking} onClose={() => setAsking(false)} fullWidth maxWidth="sm">
        <form onSubmit={(event) => void submit(event)}>
          <DialogTitle>{translate(`resources.records.${verb}`)}</DialogTitle>
          <DialogContent>
            {translate(`resources.records.${verb}_what`)}
            <TextField
              autoFocus
              fullWidth
              required
              margin="normal"
              label={translate('resources.records.reason')}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              slotProps={{ htmlInput: { maxLength: 500 } }}
            />
          </DialogContent>
          <DialogActions>
            <Button onClick={() => setAsking(false)}>{translate('ra.action.cancel')}</Button>
            <Button type="submit" variant="contained" disabled={busy || reason.trim() === ''}>
              {translate(`resources.records.${verb}`)}
            </Button>
          </DialogActions>
        </form>
      </Dialog>
    </>
  );
}
