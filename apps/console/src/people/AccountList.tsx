import type { Account } from '@qingnang/contracts';
import { DataTable, TextInput, useTranslate } from 'react-admin';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { AccountActions } from './AccountActions';

/** All accounts of the installation, for its admin. */
export default function AccountList() {
  const translate = useTranslate();
  return (
    <Listing
      sort={{ field: 'login', order: 'ASC' }}
      lead={translate('resources.people.lead')}
      filters={[<TextInput key="q" source="q" alwaysOn label="resources.members.fields.q" />]}
    >
      <DataTable<Account> rowClick={false} bulkActionButtons={false}>
        <DataTable.Col source="displayName" disableSort />
        <DataTable.Col source="login" />
        <DataTable.NumberCol source="projects" disableSort />
        <DataTable.Col
          source="state"
          disableSort
          render={(account: Account) => translate(`resources.members.states.${account.state}`)}
        />
        <DataTable.Col source="createdAt" render={(account: Account) => <When at={account.createdAt} />} />
        <DataTable.Col
          label="state.actions"
          disableSort
          render={(account: Account) => <AccountActions account={account} />}
        />
      </DataTable>
    </Listing>
  );
}
