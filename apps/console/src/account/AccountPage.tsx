import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { useNewPassword } from '../entry/fields/NewPassword';
import { PasswordField } from '../entry/fields/PasswordField';
import { useSubmit } from '../entry/useSubmit';
import { PageHeader } from '../listing/PageHeader';
import { changePassword } from '../session/invites';

/** A new password of my own choosing. */
export default function AccountPage() {
  const translate = useTranslate();
  const notify = useNotify();
  const [currentPassword, setCurrentPassword] = useState('');
  const { password: newPassword, fault, fields, clear } = useNewPassword();
  const { submit, busy, error } = useSubmit(async () => {
    await changePassword({ currentPassword, newPassword });
    setCurrentPassword('');
    clear();
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
            onChange={setCurrentPassword}
            kind="current-password"
          />
          {fields}
          <Button type="submit" variant="contained" disabled={busy || currentPassword === '' || fault !== null}>
            {translate('resources.account.save')}
          </Button>
        </Box>
      </Paper>
    </>
  );
}
