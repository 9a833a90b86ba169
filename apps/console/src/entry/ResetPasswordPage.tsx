import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { resetPassword } from '../session/invites';
import { Door } from './Door';
import { passwordFault } from './new-password';
import { PasswordField } from './PasswordField';
import { useSubmit } from './useSubmit';

/** Where a reset link leads. */
export default function ResetPasswordPage({ token }: { token: string | null }) {
  const translate = useTranslate();
  const [password, setPassword] = useState('');
  const [repeated, setRepeated] = useState('');
  const [done, setDone] = useState(false);
  const fault = passwordFault(password, repeated);
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
          <PasswordField
            label={translate('auth.new_password')}
            value={password}
            onChange={setPassword}
            kind="new-password"
            hint={translate('auth.password_hint')}
          />
          <PasswordField
            label={translate('auth.repeat_password')}
            value={repeated}
            onChange={setRepeated}
            kind="new-password"
            error={repeated !== '' && fault ? translate(fault) : undefined}
          />
          <Button type="submit" variant="contained" disabled={busy || token === null || fault !== null}>
            {translate('auth.reset')}
          </Button>
        </>
      )}
    </Door>
  );
}
