import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useTranslate } from 'react-admin';
import { RehearsalMark } from '../dialogue/RehearsalMark';
import type { Said } from './chat-model';

function End({ end }: { end: NonNullable<Said['end']> }) {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.chat.${key}`, values);
  if (end.kind === 'stopped') return <>{words('stopped')}</>;
  if (end.kind === 'broke') return <>{words('broke', { why: end.why })}</>;
  const { seconds, input, output, answerType } = end;
  return (
    <>
      {words('took', { seconds: seconds.toFixed(1), input, output })}
      {answerType !== 'complete' && ` · ${words(`kinds.${answerType}`)}`}
    </>
  );
}

/** What was said so far; a reply grows as it comes. */
export function Talk({ talk, rehearsal }: { talk: readonly Said[]; rehearsal: boolean }) {
  const translate = useTranslate();
  return (
    <Box component="ol" aria-live="polite" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 2 }}>
      {talk.map(({ role, text, end, rehearsal: marked }, index) => (
        <Box component="li" key={index} sx={{ maxWidth: '40em' }}>
          <Typography
            component="div"
            variant="caption"
            sx={{ color: role === 'assistant' ? 'primary.main' : 'text.secondary', fontWeight: 600 }}
          >
            {translate(role === 'assistant' ? 'piece.doctor' : 'piece.patient')}
          </Typography>
          <RehearsalMark when={role === 'assistant' && (marked ?? rehearsal) && text !== ''}>
            <Typography component="div" sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {text}
            </Typography>
          </RehearsalMark>
          {role === 'assistant' && (
            <Typography variant="caption" component="div" sx={{ color: 'text.secondary' }}>
              {end ? <End end={end} /> : text === '' && translate('resources.chat.thinking')}
            </Typography>
          )}
        </Box>
      ))}
    </Box>
  );
}
