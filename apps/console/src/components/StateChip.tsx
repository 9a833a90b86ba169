import Box from '@mui/material/Box';
import { useTranslate } from 'react-admin';

const tones: Record<string, string> = {
  failed: 'error.main',
  lost: 'error.main',
  paused: 'warning.main',
  waiting: 'text.secondary',
  running: 'primary.main',
};

// A shape beside the colour, for those who do not see it.
const marks: Record<string, string> = { failed: '✕', lost: '✕', paused: '‖', running: '▸', succeeded: '✓', done: '✓' };

/** A state of a job, run or snapshot as a word; `run_state` in the translations holds the words. */
export function StateChip({ state }: { state: string }) {
  const translate = useTranslate();
  return (
    <Box
      component="span"
      sx={{
        color: tones[state] ?? 'text.secondary',
        border: '1px solid',
        borderColor: 'divider',
        borderRadius: 1,
        px: 1,
        whiteSpace: 'nowrap',
        fontSize: '0.875rem',
      }}
    >
      {marks[state] && <span aria-hidden>{marks[state]} </span>}
      {translate(`run_state.${state}`, { _: state })}
    </Box>
  );
}
