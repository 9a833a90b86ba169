import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import { useTranslate } from 'react-admin';
import { joinByInvite } from '../session/invites';
import type { Person } from '../session/session';
import { Door } from './Door';
import { useSubmit } from './useSubmit';

/** An invite link opened by someone who has an account already: one button joins the project with it. */
export default function JoinPage({ token, person }: { token: string; person: Person }) {
  const translate = useTranslate();
  const { submit, busy, error } = useSubmit(async () => {
    await joinByInvite(token);
    window.location.hash = '#/';
  });
  const name = person.displayName;
  return (
    <Door title={translate('auth.invite_title')} lead={translate('auth.join_lead', { name })} onSubmit={submit}>
      {error && (
        <Alert severity="error" variant="outlined">
          {error.detail}
        </Alert>
      )}
      <Button type="submit" variant="contained" disabled={busy}>
        {translate('auth.join', { name })}
      </Button>
      <Button href="#/">{translate('ra.action.cancel')}</Button>
    </Door>
  );
}
