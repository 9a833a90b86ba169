import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { BulkJob } from '@qingnang/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm, useNotify, useTranslate } from 'react-admin';
import { Link, useParams } from 'react-router-dom';
import { Count } from '../components/Count';
import { ProgressCard } from '../components/ProgressCard';
import { ReasonText } from '../components/reason/ReasonText';
import { When } from '../components/When';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import type { ApiError } from '../providers/api-error';
import { api } from '../providers/http';
import { FilterWords } from '../records/FilterWords';
import { projectPath } from '../session/project';
import { useMayDo } from '../session/useMayDo';
import { BulkItems } from './BulkItems';

/** News arrive as events; asking now and then helps where a proxy holds them back. */
const ASK_AGAIN_MS = 2_000;

const isUnderWay = (job: BulkJob | undefined): boolean => job?.state === 'queued' || job?.state === 'running';
const isBeingUndone = (job: BulkJob | undefined): boolean => job?.state === 'undoing' && job.endedAt === null;

function Facts({ job }: { job: BulkJob }) {
  const translate = useTranslate();
  const say = (key: string, facts?: object) => translate(`resources.bulk-jobs.${key}`, facts);
  return (
    <>
      {job.reason && say(job.createdBy ? 'order_by' : 'order_by_nobody', { name: job.createdBy, reason: job.reason })}{' '}
      <When at={job.createdAt} /> · <FilterWords filter={job.filter} sentence="resources.bulk-jobs.chosen" />
    </>
  );
}

/** Links to what it is about, besides records. */
function About({ job: { kind, aboutId } }: { job: BulkJob }) {
  const translate = useTranslate();
  if (aboutId === null) return null;
  const [path, words] = kind === 'approve' ? ['approval-rules', 'see_rule'] : ['task-sets', 'see_task_set'];
  return (
    <Button component={Link} to={`/${path}/${aboutId}/show`}>
      {translate(`resources.bulk-jobs.${words}`)}
    </Button>
  );
}

type Act = 'cancel' | 'resume' | 'undo';

function useAct(id: string): (act: Act) => Promise<void> {
  const notify = useNotify();
  const client = useQueryClient();
  return async (act) => {
    try {
      await api.post(projectPath(`/bulk-jobs/${id}/${act}`));
    } catch (failure) {
      notify((failure as ApiError).detail, { type: 'error' });
    }
    await client.invalidateQueries({ queryKey: ['bulk-jobs'] });
  };
}

function UndoButton({ job, onUndo }: { job: BulkJob; onUndo: () => void }) {
  const translate = useTranslate();
  const [asking, setAsking] = useState(false);
  const words = translate(`resources.bulk-jobs.${job.state === 'undoing' ? 'undo_go_on' : 'undo'}`);
  return (
    <>
      <Button color="error" onClick={() => setAsking(true)}>
        {words}
      </Button>
      <Confirm
        isOpen={asking}
        title={words}
        content={translate(`resources.bulk-jobs.undo_sure.${job.kind}`)}
        onConfirm={() => {
          setAsking(false);
          onUndo();
        }}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

function Counts({ job, names }: { job: BulkJob; names: readonly ('done' | 'left' | 'undone' | 'kept')[] }) {
  const translate = useTranslate();
  const why = names.flatMap((name) =>
    name === 'left' || name === 'kept' ? (Object.entries(job.reasons[name]) as [string, number][]) : [],
  );
  return (
    <Typography component="div" sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 3 }}>
      {names.map((name) => (
        <span key={name}>
          {translate(`resources.bulk-jobs.counts.${name}`)} <Count value={job[name]} />
        </span>
      ))}
      {why.map(([reason, n]) => (
        <Box component="span" key={reason} sx={{ color: 'text.secondary' }}>
          {translate(`resources.bulk-jobs.reasons.${reason}`)} <Count value={n} />
        </Box>
      ))}
    </Typography>
  );
}

/** One bulk job: how far it is, what it left and why, and the ways to stop it, go on with it and take it back. */
export default function BulkJobPage() {
  const translate = useTranslate();
  const may = useMayDo();
  const { id = '' } = useParams();
  const act = useAct(id);
  const {
    data: job,
    error,
    refetch,
  } = useQuery({
    queryKey: ['bulk-jobs', 'page', id],
    queryFn: async ({ signal }) =>
      (await api.get<BulkJob>(projectPath(`/bulk-jobs/${id}`), undefined, { signal })).data,
    refetchInterval: ({ state }) => (isUnderWay(state.data) || isBeingUndone(state.data) ? ASK_AGAIN_MS : false),
  });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!job) return <RowsSkeleton rows={4} height={80} />;
  const undone = job.state === 'undoing' || job.state === 'undone';
  const goesOn = (job.state === 'cancelled' || job.state === 'failed') && may('bulk-jobs', 'run');
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <PageHeader
        title={translate(`resources.bulk-jobs.kinds.${job.kind}`)}
        lead={<Facts job={job} />}
        actions={
          <>
            <About job={job} />
            {job.canUndo && may('bulk-jobs', 'delete') && <UndoButton job={job} onUndo={() => void act('undo')} />}
          </>
        }
      />
      {job.failure && (
        <Alert severity="error" variant="outlined">
          <ReasonText failure={job.failure} />
        </Alert>
      )}
      {job.state === 'cancelled' && !job.failure && (
        <Alert severity="info" variant="outlined">
          {translate('resources.bulk-jobs.stopped')}
        </Alert>
      )}
      <ProgressCard
        title={translate('resources.bulk-jobs.progress')}
        state={undone ? 'done' : job.state}
        done={job.seen}
        total={job.total}
        onStop={isUnderWay(job) && may('bulk-jobs', 'run') ? () => void act('cancel') : undefined}
        onResume={goesOn ? () => void act('resume') : undefined}
      >
        <Counts job={job} names={['done', 'left']} />
      </ProgressCard>
      {undone && (
        <ProgressCard
          title={translate('resources.bulk-jobs.undo_progress')}
          state={job.failure ? 'failed' : job.state === 'undone' ? 'done' : 'running'}
          done={job.undone + job.kept}
          total={job.done}
        >
          <Counts job={job} names={['undone', 'kept']} />
        </ProgressCard>
      )}
      <BulkItems job={job} />
    </Box>
  );
}
