import Dialog from '@mui/material/Dialog';
import { useTranslate } from 'react-admin';
import type { Person } from '../../session/session';
import { Door } from '../Door';
import { useSignIn } from './use-sign-in';

/**
 * The session ran out under somebody's hands. The page stays as it is below and nobody sees it; the same person goes on
 * in the middle of the sentence, for another it is gone.
 */
export default function SessionEnded({ person }: { person: Person }) {
  const translate = useTranslate();
  // The hands may be typing still: no field takes the keys that were meant for the page.
  const { fields, submit } = useSignIn({ login: person.login });
  return (
    <Dialog
      open
      fullScreen
      transitionDuration={0}
      sx={{ zIndex: (theme) => theme.zIndex.tooltip + 1 }}
      slotProps={{
        paper: {
          'aria-label': translate('auth.ended_title'),
          sx: { bgcolor: 'background.default', backgroundImage: 'none' },
        },
      }}
    >
      <Door
        title={translate('auth.ended_title')}
        lead={translate('auth.ended_lead', { name: person.displayName })}
        onSubmit={submit}
      >
        {fields}
      </Door>
    </Dialog>
  );
}
