import Box from '@mui/material/Box';
import type { LlmItemState, LlmJobDetail } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Count } from '../components/Count';

const order: LlmItemState[] = ['waiting', 'in_flight', 'in_doubt', 'answered', 'stored', 'failed', 'skipped'];
const tones: Partial<Record<LlmItemState, string>> = { failed: 'error.main', in_doubt: 'warning.main' };

/** How many items are in which state; states nobody is in are left out, "in doubt" never. */
export function StateCounts({ job }: { job: LlmJobDetail }) {
  const translate = useTranslate();
  return (
    <Box component="ul" sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 3, m: 0, p: 0, listStyle: 'none' }}>
      {order
        .filter((state) => state === 'in_doubt' || job.counts[state] > 0)
        .map((state) => (
          <Box component="li" key={state} sx={{ color: job.counts[state] > 0 ? tones[state] : undefined }}>
            {translate(`resources.llm-jobs.states.${state}`)} <Count value={job.counts[state]} />
          </Box>
        ))}
    </Box>
  );
}
