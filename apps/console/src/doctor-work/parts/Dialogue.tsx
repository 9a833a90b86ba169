import Paper from '@mui/material/Paper';
import type { ReferenceTask } from '@qingnang/contracts';
import { TurnList } from '../../dialogue/TurnList';

/** What the patient said, up to the question. */
export function Dialogue({ prompt }: { prompt: ReferenceTask['prompt'] }) {
  return (
    <Paper variant="outlined" sx={{ p: 2 }}>
      <TurnList turns={prompt.turns} />
    </Paper>
  );
}
