import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { ApiKey } from '@qingnang/contracts';
import { useState } from 'react';
import { Confirm, DataTable, useDelete, useNotify, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';

function Revoke({ apiKey }: { apiKey: ApiKey }) {
  const translate = useTranslate();
  const notify = useNotify();
  const [asking, setAsking] = useState(false);
  const [revoke, { isPending }] = useDelete();
  const confirm = () =>
    revoke(
      'api-keys',
      { id: apiKey.id, previousData: apiKey },
      {
        mutationMode: 'pessimistic',
        onSuccess: () => notify('resources.api-keys.revoked'),
        onSettled: () => setAsking(false),
      },
    );
  return (
    <>
      <Button color="error" onClick={() => setAsking(true)}>
        {translate('resources.api-keys.revoke')}
      </Button>
      <Confirm
        isOpen={asking}
        loading={isPending}
        title="resources.api-keys.revoke"
        content="resources.api-keys.revoke_sure"
        onConfirm={() => void confirm()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

/** What the key may do, and what it once could: a right its maker has lost is struck out. */
function Scopes({ apiKey }: { apiKey: ApiKey }) {
  const translate = useTranslate();
  const dormant = new Set(apiKey.revokedAt ? [] : apiKey.dormantScopes);
  const inForce = apiKey.scopes.filter((scope) => !dormant.has(scope));
  return (
    <>
      {inForce.join(', ')}
      {dormant.size > 0 && (
        <Typography
          variant="body2"
          color="text.secondary"
          title={translate('resources.api-keys.dormant_hint')}
          sx={{ display: 'block' }}
        >
          <s>{[...dormant].join(', ')}</s> {translate('resources.api-keys.dormant')}
        </Typography>
      )}
    </>
  );
}

function stateOf(key: ApiKey): 'active' | 'revoked' | 'expired' {
  if (key.revokedAt) return 'revoked';
  return key.expiresAt && new Date(key.expiresAt) < new Date() ? 'expired' : 'active';
}

export default function ApiKeyList() {
  const translate = useTranslate();
  const may = useMayDo();
  const create = may('api-keys', 'create') && (
    <Button variant="contained" component={Link} to="/api-keys/create">
      {translate('resources.api-keys.create')}
    </Button>
  );
  return (
    <Listing
      lead={translate('resources.api-keys.lead')}
      actions={create}
      emptyText={translate('resources.api-keys.empty')}
      emptyAction={create}
    >
      <DataTable<ApiKey> rowClick={false} bulkActionButtons={false}>
        <DataTable.Col source="name" />
        <DataTable.Col source="prefix" disableSort render={(key: ApiKey) => <code>{key.prefix}…</code>} />
        <DataTable.Col source="scopes" disableSort render={(key: ApiKey) => <Scopes apiKey={key} />} />
        <DataTable.Col
          source="createdByName"
          disableSort
          render={(key: ApiKey) => key.createdByName ?? translate('resources.api-keys.platform')}
        />
        <DataTable.Col
          source="state"
          disableSort
          render={(key: ApiKey) => translate(`resources.api-keys.states.${stateOf(key)}`)}
        />
        <DataTable.Col source="createdAt" render={(key: ApiKey) => <When at={key.createdAt} />} />
        <DataTable.Col
          source="lastUsedAt"
          disableSort
          render={(key: ApiKey) => (key.lastUsedAt ? <When at={key.lastUsedAt} /> : '–')}
        />
        <DataTable.Col
          source="expiresAt"
          disableSort
          render={(key: ApiKey) =>
            key.expiresAt ? <When at={key.expiresAt} /> : translate('resources.api-keys.no_expiry')
          }
        />
        {may('api-keys', 'delete') && (
          <DataTable.Col
            label="state.actions"
            disableSort
            render={(key: ApiKey) => stateOf(key) === 'active' && <Revoke apiKey={key} />}
          />
        )}
      </DataTable>
    </Listing>
  );
}
