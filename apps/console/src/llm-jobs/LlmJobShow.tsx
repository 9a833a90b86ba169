import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { LlmJobDetail, LlmJobWait } from '@qingnang/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { useParams } from 'react-router-dom';
import { Money } from '../components/Money';
import { When } from '../components/When';
import { ProgressCard } from '../components/ProgressCard';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { useMayDo } from '../session/useMayDo';
import { BudgetForm } from './BudgetForm';
import { ItemList } from './ItemList';
import { Stages } from './Stages';
import { StateCounts } from './StateCounts';
import { useDetail } from './useDetail';

function useSteps(id: string) {
  const notify = useNotify();
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: async (step: string) => (await api.post<LlmJobDetail>(projectPath(`/llm-jobs/${id}/${step}`))).data,
    onSettled: () => client.invalidateQueries({ queryKey: ['llm-jobs'] }),
    onError: (error: Error) => notify(error.message, { type: 'error' }),
  });
  return mutate;
}

/** How far a job is, what it cost, what went wrong; news of it come by themselves. */
export default function LlmJobShow() {
  const { id = '' } = useParams();
  const { data: job, error, refetch } = useDetail<LlmJobDetail>('llm-jobs', `/llm-jobs/${id}`);
  const client = useQueryClient();
  const progress = job && JSON.stringify(job.counts);
  useEffect(() => {
    void client.invalidateQueries({ queryKey: [`llm-jobs/${id}/items`] });
  }, [client, id, progress]);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!job) return <RowsSkeleton rows={6} />;
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <PageHeader title={job.name} />
      <Progress job={job} />
      <ItemList jobId={id} currency={job.currency} />
    </Box>
  );
}

/** Items that have come to their end. */
function ended(counts: LlmJobDetail['counts']): number {
  return counts.stored + counts.failed + counts.skipped;
}

function Progress({ job }: { job: LlmJobDetail }) {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.llm-jobs.${key}`, values);
  const may = useMayDo()('llm-jobs', 'run');
  const step = useSteps(job.id);
  const { counts, state } = job;
  const open = state === 'running' || state === 'paused';
  const retryable = may && counts.failed > 0 && (open || state === 'done');
  return (
    <ProgressCard
      title={`${words(`purposes.${job.purpose}`)} · ${job.roles.map(({ model }) => model).join(' · ')}${job.rehearsal ? ` · ${translate('piece.rehearsal')}` : ''}`}
      state={state}
      done={ended(counts)}
      total={job.startedAt === null ? (job.estimate?.calls ?? null) : job.total}
      failed={counts.failed}
      perMinute={job.rate * 60}
      secondsLeft={job.secondsLeft}
      cost={{ amount: job.cost, currency: job.currency }}
      onPause={may && state === 'running' ? () => step('pause') : undefined}
      onResume={may && state === 'paused' ? () => step('resume') : undefined}
      onStop={may && open ? () => step('cancel') : undefined}
    >
      <StateCounts job={job} />
      <Stages job={job} />
      <Box sx={{ color: 'text.secondary' }}>
        {words('tokens', { input: job.inputTokens.toLocaleString(), output: job.outputTokens.toLocaleString() })}
        {job.cachedCalls > 0 && <div>{words('cached', { n: job.cachedCalls })}</div>}
        {job.inFlight.calls > 0 && job.inFlight.atMost > 0 && (
          <Amount of="in_flight_cap" n={job.inFlight.calls} amount={job.inFlight.atMost} currency={job.currency} />
        )}
        {job.estimatedCost > 0 && <Amount of="estimated_cost" amount={job.estimatedCost} currency={job.currency} />}
        {job.reserved > 0 && <Amount of="reserved" amount={job.reserved} currency={job.currency} />}
      </Box>
      {job.inDoubtTotal > 0 && (
        <Alert severity="info" variant="outlined">
          {words('in_doubt_hint', { n: job.inDoubtTotal })}
        </Alert>
      )}
      {job.waitsFor && <Waits wait={job.waitsFor} />}
      {job.failure && (
        <Alert severity="warning" variant="outlined">
          {words(`why.${job.failure.replace('.', '_')}`, {
            _: words('why.other', { code: words(`codes.${job.failure}`, { _: job.failure }) }),
            param: job.failureParam ?? '',
          })}
          {job.failureSaid && <Box sx={{ mt: 0.5 }}>{words('provider_said', { said: job.failureSaid })}</Box>}
        </Alert>
      )}
      {may && open && job.failure === 'budget_exhausted' && <BudgetForm job={job} />}
      <Box sx={{ display: 'flex', gap: 1, '&:empty': { display: 'none' } }}>
        {may && state === 'estimated' && (
          <Button variant="contained" onClick={() => step('start')}>
            {words('start')}
          </Button>
        )}
        {retryable && <Button onClick={() => step('retry')}>{words('retry')}</Button>}
      </Box>
    </ProgressCard>
  );
}

/** Why a running job stands still at present. */
function Waits({ wait: { reason, model, until } }: { wait: LlmJobWait }) {
  const translate = useTranslate();
  return (
    <Alert severity="info" variant="outlined">
      {translate(`resources.llm-jobs.waits.${reason}`, { model })}
      {until && (
        <>
          {' '}
          {translate('resources.llm-jobs.waits.until')} <When at={until} />
        </>
      )}
    </Alert>
  );
}

/** A sentence with money in it. */
function Amount({ of, n, amount, currency }: { of: string; n?: number; amount: number; currency: string }) {
  const translate = useTranslate();
  const [before, after] = translate(`resources.llm-jobs.${of}`, { n, money: '\n' }).split('\n');
  return (
    <div>
      {before}
      <Money amount={amount} currency={currency} />
      {after}
    </div>
  );
}
