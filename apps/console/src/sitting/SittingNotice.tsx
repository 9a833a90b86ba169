import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import { useTranslate } from 'react-admin';
import type { ApiError } from '../providers/api-error';
import { isElsewhere, lossKey } from './loss';
import type { SittingState } from './sitting-kind';

export type NoticeOf = Pick<
  SittingState<unknown, unknown, unknown, unknown>,
  'lost' | 'failure' | 'phase' | 'closed' | 'busy'
>;

interface Props {
  state: NoticeOf;
  onGoOn: () => void;
}

export function hasNotice({ lost, failure, phase, closed }: NoticeOf): boolean {
  return lost !== null || closed || (failure !== null && phase === 'working');
}

/** Why the task is no longer at hand here, and how to go on: with the next one, or with this one in this very page. */
function Lost({ lost, busy, onGoOn }: { lost: ApiError; busy: boolean; onGoOn: () => void }) {
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

/** What one has to know about the task at hand: that it went, that it was not taken, that its set was closed. */
export function SittingNotice({ state, onGoOn }: Props) {
  const translate = useTranslate();
  const { lost, failure, busy } = state;
  if (!hasNotice(state)) return null;
  if (lost) return <Lost lost={lost} busy={busy !== null} onGoOn={onGoOn} />;
  return (
    <Alert severity={failure ? 'error' : 'info'} variant="outlined" sx={{ bgcolor: 'background.paper' }}>
      {failure
        ? `${failure.detail} ${translate('resources.sitting.still_here')}`
        : translate('resources.sitting.closed')}
    </Alert>
  );
}
