import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import TextField from '@mui/material/TextField';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import type { ApiError } from '../../providers/api-error';

interface Props {
  open: boolean;
  title: string;
  /** What will happen. */
  what: ReactNode;
  label: string;
  /** Of the button, where that is not the title. */
  verb?: string;
  onClose: () => void;
  /** A refusal is said, and the dialog stays. */
  onSubmit: (reason: string) => Promise<void>;
  children?: ReactNode;
}

/** Asks why before something is done. */
export function ReasonDialog({ open, title, what, label, verb, onClose, onSubmit, children }: Props) {
  const translate = useTranslate();
  const notify = useNotify();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await onSubmit(reason);
      setReason('');
    } catch (error) {
      notify((error as ApiError).detail, { type: 'error' });
    }
    setBusy(false);
  };
  return (
    <Dialog open={open} onClose={onClose} fullWidth maxWidth="sm">
      <form onSubmit={(event) => void submit(event)}>
        <DialogTitle>{title}</DialogTitle>
        <DialogContent>
          {what}
          {children}
          <TextField
            autoFocus
            fullWidth
            required
            margin="normal"
            label={label}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            slotProps={{ htmlInput: { maxLength: 500 } }}
          />
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{translate('ra.action.cancel')}</Button>
          <Button type="submit" variant="contained" disabled={busy || reason.trim() === ''}>
            {verb ?? title}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
