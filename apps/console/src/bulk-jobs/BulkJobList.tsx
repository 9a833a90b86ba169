import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { type BulkJob, bulkKind, bulkState } from '@qingnang/contracts';
import { DataTable, SelectInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { Count } from '../components/Count';
import { StateChip } from '../components/StateChip';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';

/** What was done to many records at once, the newest first. */
export default function BulkJobList() {
  const translate = useTranslate();
  const kindOf = (job: BulkJob) => translate(`resources.bulk-jobs.kinds.${job.kind}`);
  return (
    <Listing
      lead={translate('resources.bulk-jobs.lead')}
      emptyText={translate('resources.bulk-jobs.empty')}
      emptyAction={
        <Button variant="contained" component={Link} to="/records">
          {translate('resources.bulk-jobs.to_records')}
        </Button>
      }
      card={(row) => <JobCard job={row as BulkJob} kind={kindOf(row as BulkJob)} />}
      filters={[
        <SelectInput
          key="kind"
          source="kind"
          alwaysOn
          choices={bulkKind.options.map((id) => ({ id, name: `resources.bulk-jobs.kinds.${id}` }))}
        />,
        <SelectInput
          key="state"
          source="state"
          alwaysOn
          choices={bulkState.options.map((id) => ({ id, name: `run_state.${id}` }))}
        />,
      ]}
    >
      <DataTable<BulkJob> rowClick="show" bulkActionButtons={false}>
        <DataTable.Col source="kind" disableSort render={kindOf} />
        <DataTable.Col source="state" disableSort render={(job: BulkJob) => <StateChip state={job.state} />} />
        {(['done', 'left', 'total'] as const).map((name) => (
          <DataTable.Col
            key={name}
            source={name}
            disableSort
            align="right"
            render={(job: BulkJob) => (job[name] === null ? '…' : <Count value={job[name]} />)}
          />
        ))}
        <DataTable.Col source="reason" disableSort sx={{ overflowWrap: 'anywhere', maxWidth: '20em' }} />
        <DataTable.Col source="createdBy" disableSort />
        <DataTable.Col source="createdAt" render={(job: BulkJob) => <When at={job.createdAt} />} />
      </DataTable>
    </Listing>
  );
}

function JobCard({ job, kind }: { job: BulkJob; kind: string }) {
  return (
    <Box component={Link} to={`/bulk-jobs/${job.id}/show`} sx={{ color: 'inherit', textDecoration: 'none' }}>
      <Typography sx={{ overflowWrap: 'anywhere' }}>
        {kind} {job.reason && `· ${job.reason}`}
      </Typography>
      <Typography variant="body2" component="div" sx={{ color: 'text.secondary' }}>
        <StateChip state={job.state} /> <Count value={job.done} /> /{' '}
        {job.total === null ? '…' : <Count value={job.total} />} · <When at={job.createdAt} />
      </Typography>
    </Box>
  );
}
