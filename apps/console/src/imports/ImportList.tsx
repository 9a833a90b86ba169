import Button from '@mui/material/Button';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ImportJob } from '@qingnang/contracts';
import { DataTable, SelectInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { Count } from '../components/Count';
import { StateChip } from '../components/StateChip';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';
import { fileNames } from './page/file-names';

const states = ['queued', 'running', 'done', 'failed', 'cancelled', 'undoing', 'undone'];
const counts = ['read', 'accepted', 'replaced', 'duplicate', 'rejected'] as const;

function ImportCard({ job }: { job: ImportJob }) {
  const translate = useTranslate();
  return (
    <Box component={Link} to={`/imports/${job.id}/show`} sx={{ color: 'inherit', textDecoration: 'none' }}>
      <Typography sx={{ overflowWrap: 'anywhere' }}>{fileNames(job)}</Typography>
      <Typography variant="body2" component="div" sx={{ color: 'text.secondary' }}>
        <StateChip state={job.state} /> {translate('resources.imports.fields.accepted')} <Count value={job.accepted} />{' '}
        / <Count value={job.read} /> · <When at={job.createdAt} />
      </Typography>
    </Box>
  );
}

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
      card={(row) => <ImportCard job={row as ImportJob} />}
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
        <DataTable.Col
          label="resources.imports.fields.fileName"
          disableSort
          sx={{ overflowWrap: 'anywhere' }}
          render={fileNames}
        />
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
