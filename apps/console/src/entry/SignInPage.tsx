import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { signIn } from '../session/session';
import { Door } from './Door';
import { PasswordField } from './PasswordField';
import { useSubmit } from './useSubmit';

export function SignInPage() {
  const translate = useTranslate();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const { submit, busy, error } = useSubmit(() => signIn(login, password));
  return (
    <Door title={translate('auth.title')} lead={translate('auth.lead')} onSubmit={submit}>
      {error && (
        <Alert severity="error" variant="outlined">
          {error.status === 401 ? translate('ra.auth.sign_in_error') : error.detail}
        </Alert>
      )}
      <TextField
        label={translate('auth.login')}
        value={login}
        onChange={(event) => setLogin(event.target.value)}
        autoComplete="username"
        autoFocus
        fullWidth
        slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false } }}
      />
      <PasswordField
        label={translate('auth.password')}
        value={password}
        onChange={setPassword}
        kind="current-password"
      />
      <Button type="submit" variant="contained" disabled={busy}>
        {translate(busy ? 'auth.signing_in' : 'auth.sign_in')}
      </Button>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {translate('auth.first_hint')} {translate('auth.forgotten')}
      </Typography>
    </Door>
  );
}
