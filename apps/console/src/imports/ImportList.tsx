import Button from '@mui/material/Button';
import type { ImportJob } from '@qingnang/contracts';
import { DataTable, SelectInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { Count } from '../components/Count';
import { StateChip } from '../components/StateChip';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';

const states = ['queued', 'running', 'done', 'failed', 'cancelled'];
const counts = ['read', 'accepted', 'duplicate', 'rejected'] as const;

export default function ImportList() {
  const translate = useTranslate();
  const may = useMayDo();
  const create = may('imports', 'create') && (
    <Button variant="contained" component={Link} to="/imports/create">
      {translate('resources.imports.create')}
    </Button>
  );
  return (
    <Listing
      lead={translate('resources.imports.lead')}
      actions={create}
      emptyText={translate('resources.imports.empty')}
      emptyAction={create}
      filters={[
        <SelectInput
          key="state"
          source="state"
          alwaysOn
          label="resources.imports.fields.state"
          choices={states.map((id) => ({ id, name: `run_state.${id}` }))}
        />,
      ]}
    >
      <DataTable<ImportJob> rowClick="show" bulkActionButtons={false}>
        <DataTable.Col source="fileName" disableSort sx={{ overflowWrap: 'anywhere' }} />
        <DataTable.Col source="source" disableSort render={(job: ImportJob) => job.source.name} />
        <DataTable.Col
          source="dataSet"
          disableSort
          render={(job: ImportJob) => translate(`resources.records.data_sets.${job.dataSet}`)}
        />
        <DataTable.Col source="state" disableSort render={(job: ImportJob) => <StateChip state={job.state} />} />
        {counts.map((name) => (
          <DataTable.Col
            key={name}
            source={name}
            disableSort
            align="right"
            render={(job: ImportJob) => <Count value={job[name]} />}
          />
        ))}
        <DataTable.Col source="createdAt" render={(job: ImportJob) => <When at={job.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
