import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocaleState, useTranslate } from 'react-admin';
import { acceptInvite, previewInvite } from '../session/invites';
import { Door } from './Door';
import { passwordFault } from './new-password';
import { PasswordField } from './PasswordField';
import { useSubmit } from './useSubmit';

/** Where an invite link leads: the newcomer chooses login, name and password, and is in. */
export default function AcceptInvitePage({ token }: { token: string | null }) {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const preview = useQuery({
    queryKey: ['invite', token],
    queryFn: () => previewInvite(token ?? ''),
    enabled: token !== null,
    staleTime: Infinity,
  });
  const [login, setLogin] = useState('');
  const [typedName, setTypedName] = useState<string | null>(null);
  const [password, setPassword] = useState('');
  const [repeated, setRepeated] = useState('');
  const displayName = typedName ?? preview.data?.displayName ?? '';
  const fault = passwordFault(password, repeated);
  const { submit, busy, error } = useSubmit(async () => {
    await acceptInvite({
      token: token ?? '',
      login,
      displayName,
      password,
      language: locale === 'en' ? 'en' : 'zh-CN',
    });
    window.location.hash = '#/';
  });
  const refusal = error?.detail ?? preview.error?.message ?? (token === null ? translate('auth.no_token') : null);
  return (
    <Door title={translate('auth.invite_title')} lead={translate('auth.invite_lead')} onSubmit={submit}>
      {preview.data && (
        <Typography>
          {preview.data.projectName} · {preview.data.roles.map((role) => translate(`roles.${role}`)).join('、')}
        </Typography>
      )}
      {refusal && (
        <Alert severity="error" variant="outlined">
          {refusal}
        </Alert>
      )}
      <TextField
        label={translate('auth.login')}
        value={login}
        onChange={(event) => setLogin(event.target.value)}
        autoComplete="username"
        slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false } }}
      />
      <TextField
        label={translate('auth.display_name')}
        value={displayName}
        onChange={(event) => setTypedName(event.target.value)}
        autoComplete="name"
      />
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
      <Button
        type="submit"
        variant="contained"
        disabled={busy || token === null || login === '' || displayName.trim() === '' || fault !== null}
      >
        {translate('auth.accept')}
      </Button>
    </Door>
  );
}
