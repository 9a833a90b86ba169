import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { EvaluationView } from '@qingnang/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslate } from 'react-admin';
import { useParams } from 'react-router-dom';
import { ProgressCard } from '../components/ProgressCard';
import { ReasonText } from '../components/reason/ReasonText';
import { Section } from '../components/Section';
import { TextLink } from '../components/TextLink';
import { useDetail } from '../llm-jobs/useDetail';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { useMayDo } from '../session/useMayDo';
import { shownState } from './evaluation-model';
import { Entrants } from './parts/Entrants';
import { Judges } from './parts/Judges';
import { Questions } from './parts/Questions';
import { Results } from './parts/Results';
import { useEvaluationAct } from './parts/useEvaluationAct';

const REFRESH_MS = 3_000;

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
  const may = useMayDo()('evaluations', 'run');
  const { act } = useEvaluationAct(evaluation.id);
  const { state, failure } = evaluation;
  const stage = state === 'judging' ? 'judging' : 'answering';
  const ended = !['queued', 'answering', 'judging'].includes(state);
  return (
    <ProgressCard
      title={translate(`resources.evaluations.${stage}`)}
      state={shownState(state)}
      done={evaluation.done}
      total={evaluation.total}
      onStop={may && !ended ? () => act('cancel') : undefined}
    >
      {failure && (
        <Alert severity={state === 'failed' ? 'error' : 'warning'} variant="outlined">
          <ReasonText failure={failure} sentence="resources.evaluations.failed" />
        </Alert>
      )}
    </ProgressCard>
  );
}

export default function EvaluationShow() {
  const translate = useTranslate();
  const { id = '' } = useParams();
  const { data: evaluation, error, refetch } = useEvaluation(id);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!evaluation) return <RowsSkeleton rows={6} />;
  const { suite, results } = evaluation;
  const categories = results.judges[0]?.pairs[0]?.summary.byCategory.map(({ category }) => category) ?? [];
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <PageHeader
        title={evaluation.name}
        lead={<TextLink to={`/suites/${suite.id}/show`}>{`${suite.name} v${suite.version}`}</TextLink>}
      />
      {evaluation.state !== 'done' && <Progress evaluation={evaluation} />}
      <Results evaluation={evaluation} />
      <Box
        sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' } }}
      >
        <Entrants evaluation={evaluation} />
        <Judges evaluation={evaluation} />
      </Box>
      <Section title={translate('resources.evaluations.questions')}>
        <Typography sx={{ color: 'text.secondary' }}>{translate('resources.evaluations.verdict_hint')}</Typography>
        <Questions evaluation={evaluation} categories={categories} />
      </Section>
    </Box>
  );
}
