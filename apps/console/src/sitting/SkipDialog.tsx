import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import { useTranslate } from 'react-admin';

/** Asked where something was written: a key next to another must not put it aside. */
export function SkipDialog({ onSkip, onStay }: { onSkip: () => void; onStay: () => void }) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.sitting.${key}`);
  return (
    <Dialog open onClose={onStay} disableRestoreFocus>
      <DialogTitle>{say('skip_title')}</DialogTitle>
      <DialogContent>{say('skip_text')}</DialogContent>
      <DialogActions>
        <Button onClick={onStay}>{say('skip_no')}</Button>
        <Button variant="contained" onClick={onSkip} autoFocus>
          {say('skip_yes')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
