import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import Typography from '@mui/material/Typography';
import type { ImportJob } from '@qingnang/contracts';
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
import { ImportCounts } from './ImportCounts';
import { ImportRows } from './ImportRows';
import { useSayImport } from './say-import';

/** News arrive as events; asking now and then helps where a proxy holds them back. */
const ASK_AGAIN_MS = 2_000;

function isUnderWay(job: ImportJob | undefined): boolean {
  return job?.state === 'queued' || job?.state === 'running';
}

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
      <When at={job.createdAt} /> · SHA-256 <code title={job.sha256}>{job.sha256.slice(0, 12)}</code>
    </Typography>
  );
}

function Rows({ job }: { job: ImportJob }) {
  const translate = useTranslate();
  const [tab, setTab] = useState<'rejected' | 'duplicate'>(
    job.rejected === 0 && job.duplicate > 0 ? 'duplicate' : 'rejected',
  );
  return (
    <Box>
      <Tabs value={tab} onChange={(_, next: typeof tab) => setTab(next)}>
        {(['rejected', 'duplicate'] as const).map((name) => (
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
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? ASK_AGAIN_MS : false),
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
        title={job.fileName}
        lead={<Facts job={job} />}
        actions={
          <Button variant="contained" component={Link} to={records} disabled={job.accepted === 0}>
            {translate('resources.imports.see_records')}
          </Button>
        }
      />
      <ProgressCard
        title={translate('resources.imports.progress')}
        state={job.state}
        done={job.read}
        perMinute={perMinute(job)}
        total={isUnderWay(job) ? null : job.read}
        onStop={isUnderWay(job) && may('imports', 'run') ? () => void cancel() : undefined}
      >
        <ImportCounts job={job} />
      </ProgressCard>
      {job.failure && (
        <Alert severity="error" variant="outlined">
          {sayImport(job.failureSaid, job.failure)} {job.accepted > 0 && translate('resources.imports.failed_safe')}
        </Alert>
      )}
      {job.rejected + job.duplicate > 0 && <Rows job={job} />}
    </Box>
  );
}
