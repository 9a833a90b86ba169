import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { useState, type ReactNode } from 'react';
import { Confirm, useTranslate } from 'react-admin';
import { Count } from './Count';
import { Money } from './Money';
import { durationWords } from './number-words';
import { StateChip } from './StateChip';

export interface ProgressCardProps {
  title: ReactNode;
  /** A word of `run_state`. */
  state: string;
  done: number;
  /** `null` while nobody knows. */
  total: number | null;
  failed?: number;
  perMinute?: number | null;
  secondsLeft?: number | null;
  cost?: { amount: number | string; currency: string };
  onPause?: () => void;
  onResume?: () => void;
  onStop?: () => void;
  children?: ReactNode;
}

/** Long work: how far, how fast, how long yet, what it cost so far; with pause and stop. */
export function ProgressCard(props: ProgressCardProps) {
  const translate = useTranslate();
  const [asking, setAsking] = useState(false);
  const { done, total, failed, perMinute, secondsLeft, cost } = props;
  const percent = total ? Math.min(100, (done / total) * 100) : undefined;
  return (
    <Paper variant="outlined" sx={{ p: 2, display: 'grid', gap: 1.5 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center' }}>
        <Typography variant="h2" component="h2" sx={{ flex: '1 1 12em' }}>
          {props.title}
        </Typography>
        <StateChip state={props.state} />
      </Box>
      <LinearProgress
        aria-label={translate('piece.of', { done, total: total ?? '…' })}
        variant={percent === undefined && props.state === 'running' ? 'indeterminate' : 'determinate'}
        value={percent ?? 0}
        sx={{ height: 8, borderRadius: 1 }}
      />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 3, rowGap: 0.5, color: 'text.secondary' }}>
        <span>
          <Count value={done} /> / {total === null ? '…' : <Count value={total} />}
        </span>
        {perMinute ? <span>{translate('piece.rate', { n: Math.round(perMinute) })}</span> : null}
        {secondsLeft ? (
          <span>{translate('piece.time_left', { time: durationWords(secondsLeft, translate) })}</span>
        ) : null}
        {cost && <Money amount={cost.amount} currency={cost.currency} />}
        {failed ? (
          <Box component="span" sx={{ color: 'error.main' }}>
            {translate('piece.failed_items', { n: failed })}
          </Box>
        ) : null}
      </Box>
      {props.children}
      <Box sx={{ display: 'flex', gap: 1, '&:empty': { display: 'none' } }}>
        {props.onPause && <Button onClick={props.onPause}>{translate('piece.pause')}</Button>}
        {props.onResume && <Button onClick={props.onResume}>{translate('piece.resume')}</Button>}
        {props.onStop && (
          <Button color="error" onClick={() => setAsking(true)}>
            {translate('piece.stop')}
          </Button>
        )}
      </Box>
      {props.onStop && (
        <Confirm
          isOpen={asking}
          title="piece.stop"
          content="piece.stop_sure"
          onConfirm={() => {
            setAsking(false);
            props.onStop?.();
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </Paper>
  );
}
