import Button from '@mui/material/Button';
import type { EvaluationView } from '@qingnang/contracts';
import { DataTable, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { StateChip } from '../components/StateChip';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';
import { shownState } from './evaluation-model';

export default function EvaluationList() {
  const translate = useTranslate();
  const may = useMayDo();
  const create = may('evaluations', 'run') && (
    <Button variant="contained" component={Link} to="/evaluations/create">
      {translate('resources.evaluations.create')}
    </Button>
  );
  return (
    <Listing
      lead={translate('resources.evaluations.lead')}
      actions={create}
      emptyText={translate('resources.evaluations.empty')}
      emptyAction={create}
    >
      <DataTable<EvaluationView> rowClick="show" bulkActionButtons={false}>
        <DataTable.Col source="name" disableSort />
        <DataTable.Col
          source="models"
          disableSort
          render={(row: EvaluationView) =>
            translate('resources.evaluations.versus', { a: row.modelA.name, b: row.modelB.name })
          }
        />
        <DataTable.Col
          source="state"
          disableSort
          render={(row: EvaluationView) => <StateChip state={shownState(row.state)} />}
        />
        <DataTable.Col
          source="summary"
          align="right"
          disableSort
          render={({ summary }: EvaluationView) => summary && `${summary.win} / ${summary.tie} / ${summary.loss}`}
        />
        <DataTable.Col source="createdAt" render={(row: EvaluationView) => <When at={row.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
