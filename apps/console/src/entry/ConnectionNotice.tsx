import Alert from '@mui/material/Alert';
import Snackbar from '@mui/material/Snackbar';
import { useSyncExternalStore } from 'react';
import { useTranslate } from 'react-admin';
import { isAway, subscribeConnection } from '../providers/connection';

/** As long as the server cannot be reached, and no longer. Nothing under it is out of reach of a tap. */
export function ConnectionNotice() {
  const translate = useTranslate();
  const away = useSyncExternalStore(subscribeConnection, isAway);
  return (
    <Snackbar
      open={away}
      anchorOrigin={{ vertical: 'top', horizontal: 'center' }}
      sx={{ pointerEvents: 'none', zIndex: (theme) => theme.zIndex.modal + 2 }}
    >
      <Alert severity="warning" variant="outlined" role="status" sx={{ bgcolor: 'background.paper' }}>
        {translate('app.away')}
      </Alert>
    </Snackbar>
  );
}
