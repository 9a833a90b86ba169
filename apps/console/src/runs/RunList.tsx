import Button from '@mui/material/Button';
import type { RunView } from '@qingnang/contracts';
import { DataTable, SelectInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { Count } from '../components/Count';
import { StateChip } from '../components/StateChip';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';
import { methods, runStates } from './run-model';

export default function RunList() {
  const translate = useTranslate();
  const may = useMayDo();
  const create = may('runs', 'run') && (
    <Button variant="contained" component={Link} to="/runs/create">
      {translate('resources.runs.create')}
    </Button>
  );
  return (
    <Listing
      lead={translate('resources.runs.lead')}
      actions={create}
      emptyText={translate('resources.runs.empty')}
      emptyAction={create}
      filters={[
        <SelectInput
          key="method"
          source="method"
          alwaysOn
          choices={methods.map((id) => ({ id, name: `resources.runs.methods.${id}` }))}
        />,
        <SelectInput
          key="state"
          source="state"
          alwaysOn
          choices={runStates.map((id) => ({ id, name: `run_state.${id}` }))}
        />,
      ]}
    >
      <DataTable<RunView> rowClick="show" bulkActionButtons={false}>
        <DataTable.Col source="name" disableSort />
        <DataTable.Col
          source="method"
          disableSort
          render={(run: RunView) => translate(`resources.runs.methods.${run.method}`)}
        />
        <DataTable.Col source="state" disableSort render={(run: RunView) => <StateChip state={run.state} />} />
        <DataTable.Col
          source="step"
          align="right"
          disableSort
          render={(run: RunView) => (
            <>
              <Count value={run.step} /> / {run.steps === null ? '…' : <Count value={run.steps} />}
            </>
          )}
        />
        <DataTable.NumberCol source="attempts" disableSort />
        <DataTable.Col source="createdAt" render={(run: RunView) => <When at={run.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
