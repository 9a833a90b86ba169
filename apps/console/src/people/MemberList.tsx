import Button from '@mui/material/Button';
import MuiLink from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import type { Member } from '@qingnang/contracts';
import { DataTable, TextInput, SelectInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';
import { RoleNames } from './RoleNames';
import { useRoleChoices } from './useRoleChoices';

export default function MemberList() {
  const translate = useTranslate();
  const may = useMayDo();
  const choices = useRoleChoices();
  const invite = may('invites', 'create') && (
    <Button key="new" variant="contained" component={Link} to="/invites/create">
      {translate('resources.members.invite')}
    </Button>
  );
  return (
    <Listing
      sort={{ field: 'login', order: 'ASC' }}
      lead={translate('resources.members.lead')}
      filters={[
        <TextInput key="q" source="q" alwaysOn label="resources.members.fields.q" />,
        <SelectInput key="role" source="role" alwaysOn label="resources.members.fields.roles" choices={choices} />,
      ]}
      actions={
        <>
          {may('invites', 'read') && (
            <Button component={Link} to="/invites">
              {translate('resources.members.invites')}
            </Button>
          )}
          {invite}
        </>
      }
      emptyAction={invite}
      card={(row) => {
        const member = row as Member;
        return (
          <>
            <MuiLink component={Link} to={`/members/${member.id}`}>
              {member.displayName}
            </MuiLink>
            <Typography variant="body2" component="div" sx={{ color: 'text.secondary' }}>
              {member.login} · <RoleNames roles={member.roles} /> ·{' '}
              {translate(`resources.members.states.${member.state}`)}
            </Typography>
          </>
        );
      }}
    >
      <DataTable<Member> rowClick={may('members', 'update') ? 'edit' : false} bulkActionButtons={false}>
        <DataTable.Col source="displayName" />
        <DataTable.Col source="login" />
        <DataTable.Col source="roles" disableSort render={(member: Member) => <RoleNames roles={member.roles} />} />
        <DataTable.Col source="departments" disableSort render={(member: Member) => member.departments.join('、')} />
        <DataTable.Col
          source="state"
          disableSort
          render={(member: Member) => translate(`resources.members.states.${member.state}`)}
        />
        <DataTable.Col source="createdAt" render={(member: Member) => <When at={member.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
