import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import type { BlindPairTask } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { RehearsalMark } from '../../dialogue/RehearsalMark';
import { TurnList } from '../../dialogue/TurnList';

type Turns = BlindPairTask['sides'][number]['turns'];

/** One text as it is; several turns as a dialogue. */
function Words({ turns }: { turns: Turns }) {
  if (turns.length > 1) return <TurnList turns={turns} />;
  return (
    <Typography sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxWidth: '40em' }}>
      {turns[0]?.text}
    </Typography>
  );
}

/** The two answers side by side, one below the other on a phone. */
export function PairSides({ task }: { task: BlindPairTask }) {
  const translate = useTranslate();
  return (
    <RehearsalMark when={task.rehearsal}>
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          alignItems: 'start',
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' },
        }}
      >
        {task.sides.map(({ key, turns }) => (
          <Paper key={key} component="section" variant="outlined" sx={{ p: 2, display: 'grid', gap: 1 }}>
            <Typography variant="h2">{translate('resources.doctor-work.candidate', { letter: key })}</Typography>
            <Words turns={turns} />
          </Paper>
        ))}
      </Box>
    </RehearsalMark>
  );
}
