import Button from '@mui/material/Button';
import type { SuiteView } from '@qingnang/contracts';
import { DataTable, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';

export default function SuiteList() {
  const translate = useTranslate();
  const may = useMayDo();
  const create = may('suites', 'create') && (
    <Button variant="contained" component={Link} to="/suites/create">
      {translate('resources.suites.create')}
    </Button>
  );
  return (
    <Listing
      lead={translate('resources.suites.lead')}
      actions={create}
      emptyText={translate('resources.suites.empty')}
      emptyAction={create}
    >
      <DataTable<SuiteView> rowClick="show" bulkActionButtons={false}>
        <DataTable.Col source="name" />
        <DataTable.NumberCol source="version" disableSort />
        <DataTable.Col
          source="state"
          disableSort
          render={(suite: SuiteView) => translate(`resources.suites.states.${suite.state}`)}
        />
        <DataTable.NumberCol source="items" disableSort />
        <DataTable.Col source="createdAt" render={(suite: SuiteView) => <When at={suite.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
