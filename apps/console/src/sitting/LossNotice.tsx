import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import { useTranslate } from 'react-admin';
import type { ApiError } from '../providers/api-error';
import { isElsewhere, lossKey } from './loss';

interface Props {
  lost: ApiError;
  busy: boolean;
  onGoOn: () => void;
}

/** Why the task is no longer at hand here, and how to go on: with the next one, or with this one in this very page. */
export function LossNotice({ lost, busy, onGoOn }: Props) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.sitting.${key}`);
  const elsewhere = isElsewhere(lost);
  return (
    <Alert
      severity="warning"
      variant="outlined"
      sx={{ bgcolor: 'background.paper' }}
      action={
        <Button variant="contained" disabled={busy} onClick={onGoOn} autoFocus sx={{ minHeight: 44 }}>
          {say(elsewhere ? 'go_on_here' : 'go_on')}
        </Button>
      }
    >
      {say(`lost_because.${lossKey(lost)}`)} {!elsewhere && say('lost_kept')}
    </Alert>
  );
}
