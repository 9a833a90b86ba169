import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { passwordFault } from '../entry/new-password';
import { PasswordField } from '../entry/PasswordField';
import { useSubmit } from '../entry/useSubmit';
import { PageHeader } from '../listing/PageHeader';
import { changePassword } from '../session/invites';

const blank = { currentPassword: '', newPassword: '', repeated: '' };

/** A new password of my own choosing. */
export default function AccountPage() {
  const translate = useTranslate();
  const notify = useNotify();
  const [form, setForm] = useState(blank);
  const { currentPassword, newPassword, repeated } = form;
  const fault = passwordFault(newPassword, repeated);
  const { submit, busy, error } = useSubmit(async () => {
    await changePassword({ currentPassword, newPassword });
    setForm(blank);
    notify('resources.account.changed');
  });
  return (
    <>
      <PageHeader title={translate('resources.account.title')} />
      <Paper variant="outlined" sx={{ p: 2, maxWidth: 480 }}>
        <Typography variant="h2">{translate('resources.account.password')}</Typography>
        <Typography sx={{ color: 'text.secondary', mb: 1 }}>{translate('resources.account.others_end')}</Typography>
        <Box
          component="form"
          noValidate
          sx={{ display: 'grid', gap: 1.5 }}
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          {error && (
            <Alert severity="error" variant="outlined">
              {error.detail}
            </Alert>
          )}
          <PasswordField
            label={translate('resources.account.current')}
            value={currentPassword}
            onChange={(value) => setForm({ ...form, currentPassword: value })}
            kind="current-password"
          />
          <PasswordField
            label={translate('auth.new_password')}
            value={newPassword}
            onChange={(value) => setForm({ ...form, newPassword: value })}
            kind="new-password"
            hint={translate('auth.password_hint')}
          />
          <PasswordField
            label={translate('auth.repeat_password')}
            value={repeated}
            onChange={(value) => setForm({ ...form, repeated: value })}
            kind="new-password"
            error={repeated !== '' && fault ? translate(fault) : undefined}
          />
          <Button type="submit" variant="contained" disabled={busy || currentPassword === '' || fault !== null}>
            {translate('resources.account.save')}
          </Button>
        </Box>
      </Paper>
    </>
  );
}
