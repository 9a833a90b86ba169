import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import { useTranslate } from 'react-admin';
import { LossNotice } from '../../sitting/LossNotice';
import type { DeskState } from '../session/polish-kind';

interface Props {
  state: Pick<DeskState, 'lost' | 'failure' | 'phase' | 'closed' | 'busy'>;
  onGoOn: () => void;
}

/** What went wrong, above the bar and over the page, so that nothing moves under the hands. */
export function Notices({ state, onGoOn }: Props) {
  const translate = useTranslate();
  const { lost, failure, phase, closed, busy } = state;
  if (!lost && !closed && (!failure || phase !== 'working')) return null;
  return (
    <Box sx={{ position: 'relative', height: 0, zIndex: 2 }}>
      <Box sx={{ position: 'absolute', bottom: 8, left: { xs: 8, md: 24 }, right: { xs: 8, md: 24 } }}>
        {lost ? (
          <LossNotice lost={lost} busy={busy !== null} onGoOn={onGoOn} />
        ) : !failure ? (
          <Alert severity="info" variant="outlined" sx={{ bgcolor: 'background.paper' }}>
            {translate('resources.sitting.closed')}
          </Alert>
        ) : (
          <Alert severity="error" variant="outlined" sx={{ bgcolor: 'background.paper' }}>
            {failure.detail} {translate('resources.sitting.still_here')}
          </Alert>
        )}
      </Box>
    </Box>
  );
}
