import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import Typography from '@mui/material/Typography';
import type { ImportJob, ListedOutcome } from '@qingnang/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { Link, useParams } from 'react-router-dom';
import { ProgressCard } from '../components/ProgressCard';
import { When } from '../components/When';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import type { ApiError } from '../providers/api-error';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { useMayDo } from '../session/useMayDo';
import { fileNames } from './page/file-names';
import { ImportCounts } from './ImportCounts';
import { ImportRows } from './ImportRows';
import { UndoButton, UndoReport } from './page/UndoImport';
import { useSayImport } from './say-import';

/** News arrive as events; asking now and then helps where a proxy holds them back. */
const ASK_AGAIN_MS = 2_000;

function isUnderWay(job: ImportJob | undefined): boolean {
  return job?.state === 'queued' || job?.state === 'running';
}

const isBeingUndone = (job: ImportJob | undefined): boolean => job?.state === 'undoing' && !job.undo?.failure;

/** Rows a minute since it started; null before there is anything to tell, and once it is over. */
function perMinute(job: ImportJob): number | null {
  if (!job.startedAt || !isUnderWay(job) || job.read === 0) return null;
  const minutes = (Date.now() - Date.parse(job.startedAt)) / 60_000;
  return minutes > 0 ? job.read / minutes : null;
}

function Facts({ job }: { job: ImportJob }) {
  const translate = useTranslate();
  const { plan } = job;
  return (
    <Typography variant="body2" component="div" sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
      {job.source.name} · {translate(`resources.records.data_sets.${job.dataSet}`)} ·{' '}
      {translate(`resources.imports.layouts.${plan.layout}`)} · {plan.encoding.toUpperCase()} ·{' '}
      <When at={job.createdAt} /> · SHA-256{' '}
      {job.files.map(({ sha256 }, n) => (
        <code key={n} title={sha256}>
          {sha256.slice(0, 12)}{' '}
        </code>
      ))}
    </Typography>
  );
}

const outcomes: readonly ListedOutcome[] = ['rejected', 'replaced', 'duplicate'];

function Rows({ job }: { job: ImportJob }) {
  const translate = useTranslate();
  const [chosen, setTab] = useState<ListedOutcome | null>(null);
  const tab = chosen ?? outcomes.find((outcome) => job[outcome] > 0) ?? 'rejected';
  return (
    <Box>
      <Tabs value={tab} onChange={(_, next: ListedOutcome) => setTab(next)}>
        {outcomes.map((name) => (
          <Tab
            key={name}
            value={name}
            label={`${translate(`resources.imports.${name}_rows`)} ${job[name].toLocaleString()}`}
          />
        ))}
      </Tabs>
      <ImportRows key={tab} job={job} outcome={tab} />
    </Box>
  );
}

/** One import: how far it is, what it took, and every row it did not take. */
export default function ImportPage() {
  const translate = useTranslate();
  const notify = useNotify();
  const sayImport = useSayImport();
  const may = useMayDo();
  const client = useQueryClient();
  const { id = '' } = useParams();
  const {
    data: job,
    error,
    refetch,
  } = useQuery({
    queryKey: ['imports', 'page', id],
    queryFn: async ({ signal }) =>
      (await api.get<ImportJob>(projectPath(`/imports/${id}`), undefined, { signal })).data,
    refetchInterval: ({ state }) => (isUnderWay(state.data) || isBeingUndone(state.data) ? ASK_AGAIN_MS : false),
  });
  const cancel = async () => {
    try {
      await api.post(projectPath(`/imports/${id}/cancel`));
    } catch (failure) {
      notify((failure as ApiError).detail, { type: 'error' });
    }
    await client.invalidateQueries({ queryKey: ['imports'] });
  };
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!job) return <RowsSkeleton rows={4} height={80} />;
  const records = `/records?filter=${encodeURIComponent(JSON.stringify({ importId: id }))}`;
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <PageHeader
        title={fileNames(job)}
        lead={<Facts job={job} />}
        actions={
          <>
            <UndoButton job={job} />
            <Button variant="contained" component={Link} to={records} disabled={job.accepted + job.replaced === 0}>
              {translate('resources.imports.see_records')}
            </Button>
          </>
        }
      />
      <ProgressCard
        title={translate('resources.imports.progress')}
        state={job.undo ? 'done' : job.state}
        done={job.read}
        perMinute={perMinute(job)}
        total={isUnderWay(job) ? null : job.read}
        onStop={isUnderWay(job) && may('imports', 'run') ? () => void cancel() : undefined}
      >
        <ImportCounts job={job} />
      </ProgressCard>
      <UndoReport job={job} />
      {job.endedApprovals > 0 && (
        <Alert severity="info" variant="outlined">
          {translate('resources.imports.ended_approvals', { smart_count: job.endedApprovals })}
        </Alert>
      )}
      {job.failure && (
        <Alert severity="error" variant="outlined">
          {sayImport(job.failureSaid, job.failure)} {job.accepted > 0 && translate('resources.imports.failed_safe')}
        </Alert>
      )}
      {job.rejected + job.replaced + job.duplicate > 0 && <Rows job={job} />}
    </Box>
  );
}
