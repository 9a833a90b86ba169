import Box from '@mui/material/Box';
import { keyframes } from '@mui/material/styles';
import { useTranslate } from 'react-admin';
import type { LastFate } from '../session/polish-kind';

const fade = keyframes`from { opacity: 1 } 70% { opacity: 1 } to { opacity: 0 }`;

/** What became of the record before, in a line that takes no room and fades. */
export function FateLine({ last }: { last: LastFate | null }) {
  const translate = useTranslate();
  return (
    <Box role="status" aria-live="polite" sx={{ position: 'relative', height: 0, zIndex: 1 }}>
      {last && (
        <Box
          key={last.serial}
          sx={{
            position: 'absolute',
            bottom: 8,
            left: { xs: 8, md: 24 },
            px: 1.5,
            py: 0.25,
            borderRadius: 1,
            bgcolor: 'primary.light',
            color: 'text.primary',
            pointerEvents: 'none',
            animation: `${fade} 6s ease-in forwards`,
          }}
        >
          {translate(`resources.polish-review.fates.${last.reply ? (last.reply.fate ?? 'stored') : 'skipped'}`)}
        </Box>
      )}
    </Box>
  );
}
