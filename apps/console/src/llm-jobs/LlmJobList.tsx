import Button from '@mui/material/Button';
import type { LlmJobView } from '@qingnang/contracts';
import { DataTable, SelectInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { Count } from '../components/Count';
import { StateChip } from '../components/StateChip';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';

const states = ['draft', 'estimated', 'running', 'paused', 'done', 'cancelled', 'failed'];
const purposes = ['polish', 'distil', 'candidate', 'judge', 'evaluate'];

export default function LlmJobList() {
  const translate = useTranslate();
  const may = useMayDo();
  const create = may('llm-jobs', 'create') && (
    <>
      <Button variant="outlined" component={Link} to="/distil/new">
        {translate('resources.llm-jobs.distil.create')}
      </Button>
      <Button variant="contained" component={Link} to="/llm-jobs/create">
        {translate('resources.llm-jobs.create')}
      </Button>
    </>
  );
  const choices = (values: string[], words: string) => values.map((id) => ({ id, name: `${words}.${id}` }));
  return (
    <Listing
      lead={translate('resources.llm-jobs.lead')}
      actions={create}
      emptyText={translate('resources.llm-jobs.empty')}
      emptyAction={create}
      filters={[
        <SelectInput key="state" source="state" alwaysOn choices={choices(states, 'run_state')} />,
        <SelectInput
          key="purpose"
          source="purpose"
          alwaysOn
          choices={choices(purposes, 'resources.llm-jobs.purposes')}
        />,
      ]}
    >
      <DataTable<LlmJobView> rowClick="show" bulkActionButtons={false}>
        <DataTable.Col source="name" disableSort />
        <DataTable.Col
          source="purpose"
          disableSort
          render={(job: LlmJobView) => translate(`resources.llm-jobs.purposes.${job.purpose}`)}
        />
        <DataTable.Col source="state" disableSort render={(job: LlmJobView) => <StateChip state={job.state} />} />
        <DataTable.Col
          source="model"
          disableSort
          render={(job: LlmJobView) => (
            <>
              {job.roles.map(({ model }) => model).join(' · ')}
              {job.rehearsal && `（${translate('piece.rehearsal')}）`}
            </>
          )}
        />
        <DataTable.NumberCol
          source="progress"
          disableSort
          render={(job: LlmJobView) => <Count value={job.total || (job.estimate?.calls ?? 0)} />}
        />
        <DataTable.Col source="createdAt" render={(job: LlmJobView) => <When at={job.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
