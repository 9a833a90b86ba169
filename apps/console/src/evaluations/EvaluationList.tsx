import Button from '@mui/material/Button';
import type { EvaluationListItem } from '@qingnang/contracts';
import { DataTable, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { StateChip } from '../components/StateChip';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';
import { shownState } from './evaluation-model';

/** The figures of two entrants before one judge fit a line; more stand on the page. */
function headline({ results }: EvaluationListItem): string | null {
  const pairs = results?.judges[0]?.pairs ?? [];
  if (pairs.length !== 1) return null;
  const { win, tie, loss } = pairs[0]!.summary;
  return `${win} / ${tie} / ${loss}`;
}

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
      <DataTable<EvaluationListItem> rowClick="show" bulkActionButtons={false}>
        <DataTable.Col source="name" disableSort />
        <DataTable.Col source="entrants" disableSort render={(row: EvaluationListItem) => row.entrants.join(' · ')} />
        <DataTable.Col
          source="judges"
          disableSort
          render={({ judges }: EvaluationListItem) =>
            judges
              .map((judge) => (judge === 'doctors' ? translate('resources.evaluations.doctors') : judge))
              .join(' · ')
          }
        />
        <DataTable.Col
          source="state"
          disableSort
          render={(row: EvaluationListItem) => <StateChip state={shownState(row.state)} />}
        />
        <DataTable.Col source="summary" align="right" disableSort render={headline} />
        <DataTable.Col source="createdAt" render={(row: EvaluationListItem) => <When at={row.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
