import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { durationWords } from '../../components/number-words';
import { isMac } from '../../sitting/keys/keyboard';
import { keysOf } from '../logic/keyboard';
import type { DeskState } from '../session/polish-kind';
import { Kbd } from './FactWarnings';

const kinds = ['accept', 'edit', 'reject', 'ask_doctor', 'skipped'] as const;

interface Props {
  state: Pick<DeskState, 'tally' | 'last' | 'busy' | 'closed'>;
  onUndo: () => void;
}

/** Thank you, and what you did; or that nothing is here. */
export function EndOfQueue({ state: { tally, last, busy, closed }, onUndo }: Props) {
  const translate = useTranslate();
  const answered = tally.accept + tally.edit + tally.reject + tally.ask_doctor;
  const did = answered + tally.skipped > 0;
  return (
    <Box component="main" sx={{ maxWidth: 560, mx: 'auto', p: 3, pt: 8, display: 'grid', gap: 2, textAlign: 'center' }}>
      <Typography variant="h1">
        {closed
          ? translate('resources.sitting.closed_title')
          : translate(`resources.polish-review.${did ? 'thanks' : 'nothing'}`)}
      </Typography>
      {closed && <Typography>{translate('resources.sitting.closed_text')}</Typography>}
      <Typography sx={{ color: 'text.secondary' }}>
        {did || closed
          ? translate('resources.polish-review.did', { n: answered, time: durationWords(tally.seconds, translate) })
          : translate('resources.polish-review.nothing_text')}
      </Typography>
      {did && (
        <Typography>
          {kinds
            .filter((kind) => tally[kind] > 0)
            .map((kind) => `${translate(`resources.polish-review.did_kinds.${kind}`)} ${tally[kind]}`)
            .join(' · ')}
        </Typography>
      )}
      <Box sx={{ display: 'flex', gap: 1, justifyContent: 'center', flexWrap: 'wrap' }}>
        {(last?.answerId ?? last?.skippedId) && (
          <Button variant="outlined" onClick={onUndo} disabled={busy !== null}>
            {translate('resources.polish-review.commands.undo')} <Kbd>{keysOf('undo', isMac())}</Kbd>
          </Button>
        )}
        <Button variant="contained" component={Link} to="/work">
          {translate('resources.polish-review.to_queues')}
        </Button>
      </Box>
    </Box>
  );
}
