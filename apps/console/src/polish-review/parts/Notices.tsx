import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useTranslate } from 'react-admin';
import { lossKey } from '../../sitting/loss';
import type { DeskState } from '../session/polish-kind';

interface Props {
  state: Pick<DeskState, 'lost' | 'failure' | 'phase' | 'closed'>;
  onGoOn: () => void;
}

/** What went wrong, above the bar and over the page, so that nothing moves under the hands. */
export function Notices({ state, onGoOn }: Props) {
  const translate = useTranslate();
  const { lost, failure, phase, closed } = state;
  if (!lost && !closed && (!failure || phase !== 'working')) return null;
  return (
    <Box sx={{ position: 'relative', height: 0, zIndex: 2 }}>
      <Box sx={{ position: 'absolute', bottom: 8, left: { xs: 8, md: 24 }, right: { xs: 8, md: 24 } }}>
        {lost ? (
          <Alert
            severity="warning"
            variant="outlined"
            sx={{ bgcolor: 'background.paper' }}
            action={
              <Button variant="contained" onClick={onGoOn} autoFocus>
                {translate('resources.sitting.go_on')}
              </Button>
            }
          >
            {translate(`resources.sitting.lost_because.${lossKey(lost)}`)} {translate('resources.sitting.lost_kept')}
          </Alert>
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
