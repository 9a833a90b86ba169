import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { resetPassword } from '../session/invites';
import { Door } from './Door';
import { useNewPassword } from './fields/NewPassword';
import { useSubmit } from './useSubmit';

/** Where a reset link leads. */
export default function ResetPasswordPage({ token }: { token: string | null }) {
  const translate = useTranslate();
  const [done, setDone] = useState(false);
  const { password, fault, fields } = useNewPassword();
  const { submit, busy, error } = useSubmit(async () => {
    await resetPassword({ token: token ?? '', password });
    setDone(true);
  });
  const refusal = error?.detail ?? (token === null ? translate('auth.no_token') : null);
  return (
    <Door title={translate('auth.reset_title')} lead={translate('auth.reset_lead')} onSubmit={submit}>
      {refusal && (
        <Alert severity="error" variant="outlined">
          {refusal}
        </Alert>
      )}
      {done ? (
        <>
          <Alert severity="success" variant="outlined">
            {translate('auth.reset_done')}
          </Alert>
          <Button variant="contained" href="#/">
            {translate('auth.back_to_sign_in')}
          </Button>
        </>
      ) : (
        <>
          {fields}
          <Button type="submit" variant="contained" disabled={busy || token === null || fault !== null}>
            {translate('auth.reset')}
          </Button>
        </>
      )}
    </Door>
  );
}
