import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import { scopes, type CreateApiKey, type CreatedApiKey } from '@qingnang/contracts';
import { useState } from 'react';
import {
  AutocompleteArrayInput,
  Create,
  NumberInput,
  SimpleForm,
  TextInput,
  required,
  useTranslate,
} from 'react-admin';
import { Link } from 'react-router-dom';
import { CopyOnce } from '../components/CopyOnce';
import { PageHeader } from '../listing/PageHeader';
import { useMayDo } from '../session/useMayDo';

function Made({ created }: { created: CreatedApiKey }) {
  const translate = useTranslate();
  return (
    <Paper variant="outlined" sx={{ p: 2, display: 'grid', gap: 2, maxWidth: 720 }}>
      <PageHeader title={translate('resources.api-keys.made')} />
      <Alert severity="info" variant="outlined">
        {translate('resources.api-keys.once')}
      </Alert>
      <CopyOnce label={created.name} value={created.key} />
      <Button component={Link} to="/api-keys" sx={{ justifySelf: 'start' }}>
        {translate('resources.api-keys.back')}
      </Button>
    </Paper>
  );
}

/** An emptied number means that the key does not expire. */
function requestOf(form: CreateApiKey & { expiresInDays?: number | null }): CreateApiKey {
  return { name: form.name, scopes: form.scopes, expiresInDays: form.expiresInDays ?? undefined };
}

/** A key can be given what its maker may do. */
function isMine(may: ReturnType<typeof useMayDo>, scope: string): boolean {
  const [resource = '', action = ''] = scope.split(':');
  return may(resource, action);
}

export default function ApiKeyCreate() {
  const may = useMayDo();
  const [created, setCreated] = useState<CreatedApiKey | null>(null);
  if (created) return <Made created={created} />;
  return (
    <Create<CreatedApiKey>
      mutationOptions={{ onSuccess: setCreated }}
      transform={requestOf}
      title="resources.api-keys.create"
    >
      <SimpleForm defaultValues={{ scopes: ['snapshots:read'], expiresInDays: 90 }}>
        <TextInput source="name" validate={required()} />
        <AutocompleteArrayInput
          source="scopes"
          choices={scopes.filter((id) => isMine(may, id)).map((id) => ({ id, name: id }))}
          validate={required()}
          helperText="resources.api-keys.scopes_hint"
          fullWidth
        />
        <NumberInput source="expiresInDays" min={1} max={3650} helperText="resources.api-keys.expiry_hint" />
      </SimpleForm>
    </Create>
  );
}
