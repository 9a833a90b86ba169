import Box from '@mui/material/Box';
import { keyframes } from '@mui/material/styles';

const fade = keyframes`from { opacity: 1 } 70% { opacity: 1 } to { opacity: 0 }`;

/** What became of the record before, in a line that takes no room and fades. */
export function FateLine({ words, serial }: { words: string | null; serial: number }) {
  return (
    <Box role="status" aria-live="polite" sx={{ position: 'relative', height: 0, zIndex: 1 }}>
      {words && (
        <Box
          key={serial}
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
          {words}
        </Box>
      )}
    </Box>
  );
}
