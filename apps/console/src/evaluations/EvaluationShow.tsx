import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { EvaluationView } from '@qingnang/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { useParams } from 'react-router-dom';
import { TextLink } from '../components/TextLink';
import { ProgressCard } from '../components/ProgressCard';
import { Section } from '../components/Section';
import { useDetail } from '../llm-jobs/useDetail';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { useMayDo } from '../session/useMayDo';
import { shownState } from './evaluation-model';
import { Questions } from './parts/Questions';
import { Result } from './parts/Result';

const REFRESH_MS = 2_000;

/** Its progress is that of its jobs, whose news have another topic: while it works the page asks by itself. */
function useEvaluation(id: string) {
  const client = useQueryClient();
  const query = useDetail<EvaluationView>('evaluations', `/evaluations/${id}`);
  const atWork = ['queued', 'answering', 'judging'].includes(query.data?.state ?? '');
  useEffect(() => {
    if (!atWork) return;
    const timer = setInterval(() => void client.invalidateQueries({ queryKey: ['evaluations'] }), REFRESH_MS);
    return () => clearInterval(timer);
  }, [client, atWork]);
  // The answers, then the verdicts, are there with the next state.
  const state = query.data?.state;
  useEffect(() => {
    void client.invalidateQueries({ queryKey: [`evaluations/${id}/items`] });
  }, [client, id, state]);
  return query;
}

function Progress({ evaluation }: { evaluation: EvaluationView }) {
  const translate = useTranslate();
  const notify = useNotify();
  const client = useQueryClient();
  const may = useMayDo()('evaluations', 'run');
  const { mutate: cancel } = useMutation({
    mutationFn: () => api.post(projectPath(`/evaluations/${evaluation.id}/cancel`)),
    onSettled: () => client.invalidateQueries({ queryKey: ['evaluations'] }),
    onError: (error: Error) => notify(error.message, { type: 'error' }),
  });
  const { state, failure } = evaluation;
  const stage = state === 'judging' ? 'judging' : 'answering';
  const ended = !['queued', 'answering', 'judging'].includes(state);
  return (
    <ProgressCard
      title={translate(`resources.evaluations.${stage}`)}
      state={shownState(state)}
      done={evaluation.done}
      total={evaluation.total}
      onStop={may && !ended ? () => cancel() : undefined}
    >
      {failure && (
        <Alert severity={state === 'failed' ? 'error' : 'warning'} variant="outlined">
          {translate('resources.evaluations.failed', { why: failure })}
        </Alert>
      )}
    </ProgressCard>
  );
}

function Models({ evaluation }: { evaluation: EvaluationView }) {
  const translate = useTranslate();
  const link = ({ id, name }: EvaluationView['modelA']) => <TextLink to={`/models/${id}/show`}>{name}</TextLink>;
  const { suite, modelA, modelB, judgeModel } = evaluation;
  return (
    <>
      {translate('resources.evaluations.model_a')} {link(modelA)} · {translate('resources.evaluations.model_b')}{' '}
      {link(modelB)} · <TextLink to={`/suites/${suite.id}/show`}>{`${suite.name} v${suite.version}`}</TextLink> ·{' '}
      {translate('resources.evaluations.judge')} {judgeModel}
    </>
  );
}

export default function EvaluationShow() {
  const translate = useTranslate();
  const { id = '' } = useParams();
  const { data: evaluation, error, refetch } = useEvaluation(id);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!evaluation) return <RowsSkeleton rows={6} />;
  const { summary } = evaluation;
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <PageHeader title={evaluation.name} lead={<Models evaluation={evaluation} />} />
      {evaluation.state !== 'done' && <Progress evaluation={evaluation} />}
      {summary && <Result evaluation={evaluation} summary={summary} />}
      <Section title={translate('resources.evaluations.questions')}>
        <Typography sx={{ color: 'text.secondary' }}>{translate('resources.evaluations.verdict_hint')}</Typography>
        <Questions id={id} categories={summary?.byCategory.map(({ category }) => category) ?? []} />
      </Section>
    </Box>
  );
}
