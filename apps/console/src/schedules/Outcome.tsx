import Box from '@mui/material/Box';
import type { ScheduleTick } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { StateChip } from '../components/StateChip';

/** What came of a time: the state of its run, or why there was none. */
export function Outcome({ tick }: { tick: ScheduleTick }) {
  const translate = useTranslate();
  if (tick.runState !== null) return <StateChip state={tick.runState} />;
  const why = tick.code && translate(`errors.${tick.code}`, { _: tick.detail ?? tick.code });
  const isFault = tick.outcome === 'refused';
  return (
    <Box component="span" title={tick.detail ?? undefined} sx={{ color: isFault ? 'error.main' : 'text.secondary' }}>
      {isFault && <span aria-hidden>✕ </span>}
      {translate(`resources.schedules.outcomes.${tick.outcome}`)}
      {why && <> · {why}</>}
    </Box>
  );
}
