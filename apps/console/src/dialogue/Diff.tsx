import Box from '@mui/material/Box';

import type { DiffPart } from '@qingnang/text';
import { memo } from 'react';
import { useTranslate } from 'react-admin';
import { visuallyHidden } from '../components/visually-hidden';

/** Insertions underlined on a pale ground, deletions struck in grey; screen readers hear words for both. */
export const Diff = memo(function Diff({ segments }: { segments: readonly DiffPart[] }) {
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
});
