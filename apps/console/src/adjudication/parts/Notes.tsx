import Box from '@mui/material/Box';
import type { AdjudicationNote } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { When } from '../../components/When';

/** What was decided and written, in order. */
export function Notes({ notes }: { notes: readonly AdjudicationNote[] }) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.adjudications.${key}`);
  if (notes.length === 0) return <Box sx={{ color: 'text.secondary' }}>{say('no_notes')}</Box>;
  return (
    <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1, overflowWrap: 'anywhere' }}>
      {notes.map(({ id, by, outcome, body, createdAt }) => (
        <li key={id}>
          <strong>{by.name}</strong> {say(`outcomes.${outcome}`)}{' '}
          <Box component="span" sx={{ color: 'text.secondary' }}>
            <When at={createdAt} />
          </Box>
          {body && <Box sx={{ whiteSpace: 'pre-wrap' }}>{body}</Box>}
        </li>
      ))}
    </Box>
  );
}
