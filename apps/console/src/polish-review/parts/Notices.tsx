import Box from '@mui/material/Box';
import { hasNotice, type NoticeOf, SittingNotice } from '../../sitting/SittingNotice';

/** What went wrong, above the bar and over the page, so that nothing moves under the hands. */
export function Notices({ state, onGoOn }: { state: NoticeOf; onGoOn: () => void }) {
  if (!hasNotice(state)) return null;
  return (
    <Box sx={{ position: 'relative', height: 0, zIndex: 2 }}>
      <Box sx={{ position: 'absolute', bottom: 8, left: { xs: 8, md: 24 }, right: { xs: 8, md: 24 } }}>
        <SittingNotice {...{ state, onGoOn }} />
      </Box>
    </Box>
  );
}
