import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocaleState, useTranslate } from 'react-admin';
import { acceptInvite, previewInvite } from '../session/invites';
import { Door } from './Door';
import { LoginField } from './fields/LoginField';
import { useNewPassword } from './fields/NewPassword';
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
  const displayName = typedName ?? preview.data?.displayName ?? '';
  const { password, fault, fields } = useNewPassword();
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
      <LoginField value={login} onChange={setLogin} />
      <TextField
        label={translate('auth.display_name')}
        value={displayName}
        onChange={(event) => setTypedName(event.target.value)}
        autoComplete="name"
      />
      {fields}
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
