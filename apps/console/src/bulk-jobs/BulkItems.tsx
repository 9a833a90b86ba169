import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import Typography from '@mui/material/Typography';
import type { BulkItem, BulkJob } from '@qingnang/contracts';
import { useState } from 'react';
import { DataTable, useTranslate } from 'react-admin';
import { Link as RouterLink } from 'react-router-dom';
import { Listing } from '../listing/Listing';

type Outcome = BulkItem['outcome'];

function Question({ row }: { row: BulkItem }) {
  return (
    <Link component={RouterLink} to={`/records/${row.id}/show`} sx={{ overflowWrap: 'anywhere' }}>
      {row.question}
    </Link>
  );
}

/** Records by what a job did with them: what it left, and why, first. Tasks and prompts have lists of their own. */
export function BulkItems({ job }: { job: BulkJob }) {
  const translate = useTranslate();
  const [chosen, setChosen] = useState<Outcome | null>(null);
  const counts: Record<Outcome, number> = {
    kept: job.kept,
    left: job.left,
    done: job.done - job.undone - job.kept,
    undone: job.undone,
  };
  const there = (Object.keys(counts) as Outcome[]).filter((outcome) => counts[outcome] > 0);
  if (job.kind === 'make_task_set' || there.length === 0) return null;
  const outcome = chosen !== null && there.includes(chosen) ? chosen : there[0]!;
  return (
    <Box sx={{ minWidth: 0 }}>
      <Tabs value={outcome} onChange={(_, next: Outcome) => setChosen(next)} variant="scrollable">
        {there.map((name) => (
          <Tab
            key={name}
            value={name}
            label={`${translate(`resources.bulk-jobs.tabs.${name}`)} ${counts[name].toLocaleString()}`}
          />
        ))}
      </Tabs>
      <Items key={outcome} job={job} outcome={outcome} />
    </Box>
  );
}

function Items({ job, outcome }: { job: BulkJob; outcome: Outcome }) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.bulk-jobs.${key}`);
  const why = (row: BulkItem) => (row.reason === null ? '' : say(`reasons.${row.reason}`));
  const state = (row: BulkItem) => translate(`resources.records.states.${row.state}`);
  const told = outcome === 'left' || outcome === 'kept';
  return (
    <Listing
      inner
      resource={`bulk-jobs/${job.id}/items`}
      name={say(`tabs.${outcome}`)}
      filter={{ outcome }}
      sort={{ field: 'id', order: 'ASC' }}
      card={(row) => (
        <>
          <Question row={row as BulkItem} />
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            {[why(row as BulkItem), state(row as BulkItem)].filter(Boolean).join(' · ')}
          </Typography>
        </>
      )}
    >
      <DataTable<BulkItem> rowClick={false} bulkActionButtons={false}>
        <DataTable.Col
          source="question"
          label={say('record')}
          disableSort
          render={(row: BulkItem) => <Question row={row} />}
        />
        {told && <DataTable.Col source="reason" label={say('why')} disableSort render={why} />}
        <DataTable.Col source="state" label={say('fields.state')} disableSort render={state} />
      </DataTable>
    </Listing>
  );
}
