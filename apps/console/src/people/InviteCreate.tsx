import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import type { CreatedInvite } from '@qingnang/contracts';
import { useState } from 'react';
import {
  CheckboxGroupInput,
  Create,
  NumberInput,
  SaveButton,
  SimpleForm,
  TextArrayInput,
  TextInput,
  Toolbar,
  required,
  useTranslate,
} from 'react-admin';
import { Link } from 'react-router-dom';
import { CopyOnce } from '../components/CopyOnce';
import { PageHeader } from '../listing/PageHeader';
import { linkTo } from './link-to';
import { useRoleChoices } from './useRoleChoices';

function Made({ invite }: { invite: CreatedInvite }) {
  const translate = useTranslate();
  return (
    <Paper variant="outlined" sx={{ p: 2, display: 'grid', gap: 2, maxWidth: 720 }}>
      <PageHeader title={translate('resources.invites.made')} />
      <Alert severity="info" variant="outlined">
        {translate('resources.invites.once')}
      </Alert>
      <CopyOnce label={translate('resources.invites.link')} value={linkTo('invite', invite.token)} />
      <Button component={Link} to="/invites" sx={{ justifySelf: 'start' }}>
        {translate('resources.members.invites')}
      </Button>
    </Paper>
  );
}

export default function InviteCreate() {
  const choices = useRoleChoices();
  const [made, setMade] = useState<CreatedInvite | null>(null);
  if (made) return <Made invite={made} />;
  return (
    <Create<CreatedInvite> mutationOptions={{ onSuccess: setMade }} title="resources.members.invite">
      <SimpleForm
        defaultValues={{ displayName: '', roles: ['annotator'], departments: [], days: 7 }}
        toolbar={
          <Toolbar>
            <SaveButton alwaysEnable icon={<></>} label="resources.invites.make" />
          </Toolbar>
        }
      >
        <TextInput source="displayName" />
        <CheckboxGroupInput source="roles" choices={choices} validate={required()} />
        <TextArrayInput source="departments" helperText="resources.members.departments_hint" fullWidth />
        <NumberInput source="days" min={1} max={90} />
      </SimpleForm>
    </Create>
  );
}
