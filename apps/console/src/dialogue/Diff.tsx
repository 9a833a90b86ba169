import Box from '@mui/material/Box';

import { useTranslate } from 'react-admin';
import { visuallyHidden } from '../components/visually-hidden';
import type { DiffSegment } from './diff-segments';

/** Insertions underlined on a pale ground, deletions struck in grey; screen readers hear words for both. */
export function Diff({ segments }: { segments: readonly DiffSegment[] }) {
  const translate = useTranslate();
  return (
    <Box component="span" sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {segments.map((segment, index) => {
        if (segment.op === 'equal') return <span key={index}>{segment.text}</span>;
        const inserted = segment.op === 'insert';
        return (
          <Box
            component={inserted ? 'ins' : 'del'}
            key={index}
            sx={
              inserted
                ? { textDecorationColor: 'primary.main', textUnderlineOffset: '0.2em', bgcolor: 'primary.light' }
                : { color: 'text.secondary', textDecorationThickness: '1px' }
            }
          >
            <span style={visuallyHidden}>{translate(inserted ? 'piece.inserted' : 'piece.deleted')}</span>
            {segment.text}
          </Box>
        );
      })}
    </Box>
  );
}
