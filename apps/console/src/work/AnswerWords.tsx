import Box from '@mui/material/Box';
import type { MyAnswer } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';

/** What I wrote, or how I put the answers in order, in few words. */
export function AnswerWords({ answer }: { answer: MyAnswer }) {
  const translate = useTranslate();
  const { lines } = answer.said;
  if (lines.length === 0) return null;
  return (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, color: 'text.secondary', fontSize: '0.875rem' }}>
      {lines.map(({ rank, text, bad }, index) => (
        <Box
          component="li"
          key={index}
          sx={{ display: '-webkit-box', WebkitBoxOrient: 'vertical', WebkitLineClamp: 2, overflow: 'hidden' }}
        >
          {rank !== null && `${rank}. `}
          {bad && `${translate('resources.doctor-work.is_bad')} · `}
          {text}
        </Box>
      ))}
    </Box>
  );
}
