import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { ModelDetail } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Link, useParams } from 'react-router-dom';
import { CopyOnce } from '../components/CopyOnce';
import { When } from '../components/When';
import { WithdrawButton } from '../components/WithdrawButton';
import { RehearsalMark } from '../dialogue/RehearsalMark';
import { useDetail } from '../llm-jobs/useDetail';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { ElsewhereNote } from '../runs/parts/ElsewhereNote';
import { Figures } from '../runs/parts/Figures';
import { RunInputs } from '../runs/parts/RunInputs';
import { useMayDo } from '../session/useMayDo';
import { Lineage } from './Lineage';
import { ServerPanel } from './ServerPanel';

function Actions({ model }: { model: ModelDetail }) {
  const translate = useTranslate();
  const may = useMayDo();
  return (
    <>
      {model.state === 'registered' && may('models', 'delete') && <WithdrawButton resource="models" id={model.id} />}
      {model.runId && (
        <Button component={Link} to={`/runs/${model.runId}/show`}>
          {translate('resources.models.to_run')}
        </Button>
      )}
      {model.providerId && model.state === 'registered' && may('chat', 'create') && (
        <Button variant="contained" component={Link} to={`/chat?model=${model.id}`}>
          {translate('resources.models.talk')}
        </Button>
      )}
    </>
  );
}

export default function ModelShow() {
  const translate = useTranslate();
  const { id = '' } = useParams();
  const { data: model, error, refetch } = useDetail<ModelDetail>('models', `/models/${id}`);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!model) return <RowsSkeleton rows={6} />;
  const lead = (
    <RehearsalMark when={model.rehearsal}>
      {translate(`resources.runs.methods.${model.stage}`)} ·{' '}
      {translate('resources.models.context', { n: model.contextTokens })} · <When at={model.createdAt} />
    </RehearsalMark>
  );
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <PageHeader title={model.name} lead={lead} actions={<Actions model={model} />} />
      {model.state === 'withdrawn' ? (
        <Alert severity="warning" variant="outlined">
          {translate('resources.models.withdrawn')}
        </Alert>
      ) : (
        <ServerPanel model={model} />
      )}
      {model.trainedElsewhere && <ElsewhereNote by={model.trainedElsewhere} />}
      <Figures figures={model.figures} />
      <RunInputs inputs={model.inputs} />
      <Lineage model={model} />
      <CopyOnce label={translate('resources.models.weights')} value={model.weightsHash} />
    </Box>
  );
}
