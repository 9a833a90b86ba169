import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import FormControlLabel from '@mui/material/FormControlLabel';
import MenuItem from '@mui/material/MenuItem';
import Paper from '@mui/material/Paper';
import Switch from '@mui/material/Switch';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { PutWebhook, WebhookForm as Form, WebhookView } from '@qingnang/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { useSubmit } from '../entry/useSubmit';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { useMayDo } from '../session/useMayDo';
import { WebhookActs } from './WebhookActs';

const forms: readonly Form[] = ['json', 'wecom'];

/** What is entered; empty stays as it is. */
function bodyOf(form: Form, address: string, secret: string, active: boolean): PutWebhook {
  return {
    form,
    active,
    ...(address.trim() === '' ? {} : { address: address.trim() }),
    ...(secret === '' ? {} : { secret }),
  };
}

interface SecretProps {
  known: boolean;
  value: string;
  disabled: boolean;
  onChange: (value: string) => void;
}

/** What signs messages in our own form. */
function SecretField({ known, value, disabled, onChange }: SecretProps) {
  const translate = useTranslate();
  return (
    <TextField
      label={translate('resources.webhook.secret')}
      value={value}
      disabled={disabled}
      type="password"
      autoComplete="new-password"
      onChange={(event) => onChange(event.target.value)}
      helperText={translate(`resources.webhook.${known ? 'secret_kept' : 'secret_hint'}`)}
    />
  );
}

/** Form, address and secret. What is kept is never shown; only admins of the project may change it. */
export function WebhookForm({ webhook }: { webhook: WebhookView }) {
  const translate = useTranslate();
  const say = (key: string, facts?: object) => translate(`resources.webhook.${key}`, facts);
  const client = useQueryClient();
  const notify = useNotify();
  const mayChange = useMayDo()('webhook', 'update');
  const [form, setForm] = useState<Form>(webhook.form);
  const [address, setAddress] = useState('');
  const [secret, setSecret] = useState('');
  const [active, setActive] = useState(webhook.configured ? webhook.active : true);
  const { submit, busy, error } = useSubmit(async () => {
    const body = bodyOf(form, address, secret, active);
    await api.put<WebhookView>(projectPath('/webhook'), body, { ifMatch: `"${webhook.revision}"` });
    await client.invalidateQueries({ queryKey: ['webhook'] });
    notify('resources.webhook.saved');
  });
  const host = `${webhook.host ?? ''}${webhook.insideAddress ? say('address_inside') : ''}`;
  return (
    <Paper variant="outlined" sx={{ p: 2, maxWidth: 640 }}>
      <Typography variant="h2" sx={{ mb: 1.5 }}>
        {say('where')}
      </Typography>
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
            {error.message}
          </Alert>
        )}
        <TextField
          select
          label={say('form')}
          value={form}
          disabled={!mayChange}
          onChange={(event) => setForm(event.target.value as Form)}
        >
          {forms.map((each) => (
            <MenuItem key={each} value={each}>
              {say(`forms.${each}`)}
            </MenuItem>
          ))}
        </TextField>
        <TextField
          label={say('address')}
          value={address}
          disabled={!mayChange}
          autoComplete="off"
          onChange={(event) => setAddress(event.target.value)}
          helperText={webhook.configured ? say('address_hint', { host }) : say('address_new')}
        />
        {form === 'json' && (
          <SecretField known={webhook.hasSecret} value={secret} disabled={!mayChange} onChange={setSecret} />
        )}
        <FormControlLabel
          control={<Switch checked={active} disabled={!mayChange} onChange={(_, next) => setActive(next)} />}
          label={say('active')}
        />
        {mayChange && (
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
            <Button type="submit" variant="contained" disabled={busy}>
              {say('save')}
            </Button>
            {webhook.configured && <WebhookActs webhook={webhook} />}
          </Box>
        )}
      </Box>
    </Paper>
  );
}
