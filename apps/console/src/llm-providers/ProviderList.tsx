import Button from '@mui/material/Button';
import type { ProviderView } from '@qingnang/contracts';
import { DataTable, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';

export default function ProviderList() {
  const translate = useTranslate();
  const may = useMayDo();
  const words = (key: string) => translate(`resources.providers.${key}`);
  const create = may('providers', 'create') && (
    <Button variant="contained" component={Link} to="/providers/create">
      {words('create')}
    </Button>
  );
  return (
    <Listing lead={words('lead')} actions={create} emptyText={words('empty')} emptyAction={create}>
      <DataTable<ProviderView> rowClick={may('providers', 'update') ? 'edit' : false} bulkActionButtons={false}>
        <DataTable.Col source="name" />
        <DataTable.Col source="kind" disableSort render={(row: ProviderView) => words(`kinds.${row.kind}`)} />
        <DataTable.Col
          source="place"
          disableSort
          render={(row: ProviderView) => words(row.outside ? 'outside' : 'inside')}
        />
        <DataTable.Col
          source="models"
          disableSort
          render={(row: ProviderView) => row.models.map(({ name }) => name).join('、')}
        />
        <DataTable.NumberCol source="maxConcurrency" disableSort />
        <DataTable.Col source="state" disableSort render={(row: ProviderView) => <State provider={row} />} />
        <DataTable.Col source="createdAt" render={(row: ProviderView) => <When at={row.createdAt} />} />
      </DataTable>
    </Listing>
  );
}

/** Who does not answer now, why, and what starts it again. */
function State({ provider: { state, waits } }: { provider: ProviderView }) {
  const translate = useTranslate();
  if (!waits || state === 'retired') return <>{translate(`resources.providers.states.${state}`)}</>;
  const facts = { model: waits.model ?? '', time: '\n' };
  const [before, after] = translate(`resources.providers.waits.${waits.reason}`, facts).split('\n');
  return (
    <>
      {before}
      {waits.until && <When at={waits.until} />}
      {after}
    </>
  );
}
