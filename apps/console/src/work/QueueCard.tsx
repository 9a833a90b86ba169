import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import type { WorkQueue } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { Count } from '../components/Count';
import { durationWords } from '../components/number-words';

interface Props {
  queue: WorkQueue;
  /** The one to begin with has the page's primary button. */
  first: boolean;
}

export function QueueCard({ queue, first }: Props) {
  const translate = useTranslate();
  const { taskSetId, name, kind, deadline, waiting, done, secondsEach } = queue;
  return (
    <Paper
      component="li"
      variant="outlined"
      sx={{ p: 2, display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'center' }}
    >
      <Box sx={{ flex: '1 1 16em' }}>
        <Typography variant="h2">{name}</Typography>
        <Typography component="div" sx={{ color: 'text.secondary' }}>
          {translate(`resources.work.kinds.${kind}`)} · {translate('resources.work.waiting')} <Count value={waiting} />{' '}
          · {translate('resources.work.done')} <Count value={done} />
        </Typography>
        <Typography variant="body2" component="div" sx={{ color: 'text.secondary', '&:empty': { display: 'none' } }}>
          {secondsEach !== null &&
            waiting > 0 &&
            translate('resources.work.about', { time: durationWords(secondsEach * waiting, translate) })}
          {deadline && ` ${translate('resources.work.until', { date: deadline })}`}
        </Typography>
      </Box>
      <Button
        variant={first ? 'contained' : 'outlined'}
        component={Link}
        to={`/work/${kind}/${taskSetId}`}
        disabled={waiting === 0}
      >
        {translate(done > 0 ? 'resources.work.go_on' : 'resources.work.start')}
      </Button>
    </Paper>
  );
}
