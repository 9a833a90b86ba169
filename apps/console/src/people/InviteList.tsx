import Button from '@mui/material/Button';
import type { Invite } from '@qingnang/contracts';
import { Confirm, DataTable, useDelete, useNotify, useTranslate } from 'react-admin';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';
import { RoleNames } from './RoleNames';

function Revoke({ invite }: { invite: Invite }) {
  const translate = useTranslate();
  const notify = useNotify();
  const [asking, setAsking] = useState(false);
  const [revoke, { isPending }] = useDelete();
  const confirm = () =>
    revoke(
      'invites',
      { id: invite.id, previousData: invite },
      {
        mutationMode: 'pessimistic',
        onSuccess: () => notify('resources.invites.revoked'),
        onSettled: () => setAsking(false),
      },
    );
  return (
    <>
      <Button color="error" onClick={() => setAsking(true)}>
        {translate('resources.invites.revoke')}
      </Button>
      <Confirm
        isOpen={asking}
        loading={isPending}
        title="resources.invites.revoke"
        content="resources.invites.revoke_sure"
        onConfirm={() => void confirm()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

export default function InviteList() {
  const translate = useTranslate();
  const may = useMayDo();
  const create = may('invites', 'create') && (
    <Button variant="contained" component={Link} to="/invites/create">
      {translate('resources.members.invite')}
    </Button>
  );
  return (
    <Listing
      lead={translate('resources.invites.lead')}
      actions={create}
      emptyText={translate('resources.invites.empty')}
      emptyAction={create}
    >
      <DataTable<Invite> rowClick={false} bulkActionButtons={false}>
        <DataTable.Col source="displayName" disableSort render={(invite: Invite) => invite.displayName || '–'} />
        <DataTable.Col source="roles" disableSort render={(invite: Invite) => <RoleNames roles={invite.roles} />} />
        <DataTable.Col
          source="state"
          disableSort
          render={(invite: Invite) => translate(`resources.invites.states.${invite.state}`)}
        />
        <DataTable.Col source="createdAt" render={(invite: Invite) => <When at={invite.createdAt} />} />
        <DataTable.Col source="expiresAt" render={(invite: Invite) => <When at={invite.expiresAt} />} />
        {may('invites', 'delete') && (
          <DataTable.Col
            label="state.actions"
            disableSort
            render={(invite: Invite) => invite.state === 'open' && <Revoke invite={invite} />}
          />
        )}
      </DataTable>
    </Listing>
  );
}
