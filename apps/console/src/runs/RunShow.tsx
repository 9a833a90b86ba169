import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { RunDetail } from '@qingnang/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'react-admin';
import { Link, useParams } from 'react-router-dom';
import { FactList } from '../components/FactList';
import { ProgressCard } from '../components/ProgressCard';
import { ReasonText } from '../components/reason/ReasonText';
import { Section } from '../components/Section';
import { When } from '../components/When';
import { useDetail } from '../llm-jobs/useDetail';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { useMayDo } from '../session/useMayDo';
import { Attempts } from './parts/Attempts';
import { ElsewhereNote } from './parts/ElsewhereNote';
import { Figures } from './parts/Figures';
import { LogTail } from './parts/LogTail';
import { RunCurves } from './parts/RunCurves';
import { RunInputs } from './parts/RunInputs';
import { Samples } from './parts/Samples';
import { useSettingFacts } from './useSettingFacts';

function useSteps(id: string) {
  const notify = useNotify();
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: async (step: string) => (await api.post<RunDetail>(projectPath(`/runs/${id}/${step}`))).data,
    onSettled: () => client.invalidateQueries({ queryKey: ['runs'] }),
    onError: (error: Error) => notify(error.message, { type: 'error' }),
  });
  return mutate;
}

function Progress({ run }: { run: RunDetail }) {
  const translate = useTranslate();
  const may = useMayDo()('runs', 'run');
  const step = useSteps(run.id);
  const atWork = run.state === 'running' || run.state === 'starting';
  const waits = run.state === 'queued' || run.state === 'paused';
  return (
    <ProgressCard
      title={translate(`resources.runs.methods.${run.method}`)}
      state={run.state}
      done={run.step}
      total={run.steps}
      onPause={
        may && run.launcher === 'local' && (atWork || run.state === 'queued') && run.wish === null
          ? () => step('pause')
          : undefined
      }
      onResume={
        may && run.launcher === 'local' && (run.state === 'paused' || run.state === 'failed')
          ? () => step('resume')
          : undefined
      }
      onStop={may && (atWork || waits) ? () => step('cancel') : undefined}
    >
      {run.launcher === 'outside' && <span>{translate('resources.runs.outside')}</span>}
      {run.state === 'queued' && <span>{translate('resources.runs.waits')}</span>}
      {run.wish && <span>{translate(`resources.runs.wished.${run.wish}`)}</span>}
      {run.failure && (
        <Alert severity="error" variant="outlined">
          <ReasonText failure={run.failure} sentence="resources.runs.failed" />
        </Alert>
      )}
    </ProgressCard>
  );
}

/** What it was told to do. */
function Settings({ run }: { run: RunDetail }) {
  const translate = useTranslate();
  const settings = useSettingFacts(run.method, run.config);
  return (
    <Section title={translate('resources.runs.chosen_settings')}>
      <FactList facts={[[translate('resources.runs.preset'), run.preset], ...settings]} />
    </Section>
  );
}

/** A run from its inputs to its model: how far, how well, what it says, what went wrong. */
export default function RunShow() {
  const translate = useTranslate();
  const { id = '' } = useParams();
  const { data: run, error, refetch } = useDetail<RunDetail>('runs', `/runs/${id}`);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!run) return <RowsSkeleton rows={6} />;
  const model = run.modelId && (
    <Button variant="contained" component={Link} to={`/models/${run.modelId}/show`}>
      {translate('resources.runs.to_model')}
    </Button>
  );
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <PageHeader title={run.name} lead={<When at={run.startedAt ?? run.createdAt} />} actions={model} />
      <Progress run={run} />
      {run.trainedElsewhere && <ElsewhereNote by={run.trainedElsewhere} />}
      <RunCurves run={run} />
      <Figures figures={run.figures} />
      <RunInputs inputs={run.inputs} />
      {!run.trainedElsewhere && <Settings run={run} />}
      <Samples runId={id} />
      <Attempts run={run} />
      <LogTail runId={id} />
    </Box>
  );
}
