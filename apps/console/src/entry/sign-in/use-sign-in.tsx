import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { signIn } from '../../session/session';
import { LoginField } from '../fields/LoginField';
import { PasswordField } from '../fields/PasswordField';
import { useSubmit } from '../useSubmit';

interface Props {
  /** Who is expected; others may come. */
  login?: string;
}

/** Account, password and the one button; `useSignIn` hands them to a form. */
export function useSignIn({ login: expected = '' }: Props) {
  const translate = useTranslate();
  const [login, setLogin] = useState(expected);
  const [password, setPassword] = useState('');
  const { submit, busy, error } = useSubmit(() => signIn(login, password));
  const fields = (
    <>
      {error && (
        <Alert severity="error" variant="outlined">
          {error.status === 401 ? translate('ra.auth.sign_in_error') : error.detail}
        </Alert>
      )}
      <LoginField value={login} onChange={setLogin} autoFocus={expected === ''} />
      <PasswordField
        label={translate('auth.password')}
        value={password}
        onChange={setPassword}
        kind="current-password"
      />
      <Button type="submit" variant="contained" disabled={busy}>
        {translate(busy ? 'auth.signing_in' : 'auth.sign_in')}
      </Button>
    </>
  );
  return { fields, submit };
}
