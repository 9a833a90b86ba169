import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { ApprovalRuleDetail } from '@qingnang/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { Link, useParams } from 'react-router-dom';
import { ReasonDialog } from '../components/reason/ReasonDialog';
import { Section } from '../components/Section';
import { When } from '../components/When';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { api } from '../providers/http';
import { FilterWords } from '../records/FilterWords';
import { projectPath } from '../session/project';
import { useMayDo } from '../session/useMayDo';
import { FigureGroups, FigureLine } from './parts/Figures';
import { ApproveRest } from './parts/ApproveRest';
import { SpotChecks } from './parts/SpotChecks';

/** Answers are news of their task sets; asking now and then shows what they come to here. */
const ASK_AGAIN_MS = 3_000;

/** What people found in the sample, before anything is asked of whoever decides. */
function Sample({ rule }: { rule: ApprovalRuleDetail }) {
  const translate = useTranslate();
  const say = (key: string, facts?: object) => translate(`resources.approval-rules.${key}`, facts);
  const { drawn, population, evidence } = rule;
  return (
    <Section
      title={say('sample')}
      actions={
        <Button component={Link} to={`/task-sets/${rule.sampleTaskSetId}/show`}>
          {say('to_sample')}
        </Button>
      }
    >
      {drawn === null ? (
        <Typography role="status">{say('drawing')}</Typography>
      ) : (
        <Box>
          <Typography>
            {say('drawn', { drawn, population: population?.toLocaleString(), seed: rule.seed })} ·{' '}
            {say('read_of', { read: evidence.all.read, drawn })}
          </Typography>
          <Typography component="div" sx={{ fontWeight: 600 }}>
            <FigureLine figures={evidence.all} bar={rule.bar} />
          </Typography>
          {rule.unread > 0 && <Typography>{say('unread', { n: rule.unread })}</Typography>}
          {rule.gone > 0 && <Typography>{say('gone', { n: rule.gone })}</Typography>}
        </Box>
      )}
      <FigureGroups rule={rule} />
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {say('fault')}
      </Typography>
    </Section>
  );
}

function StopButton({ id }: { id: string }) {
  const translate = useTranslate();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const say = (key: string) => translate(`resources.approval-rules.${key}`);
  const stop = async (reason: string) => {
    try {
      await api.post(projectPath(`/approval-rules/${id}/stop`), { reason });
      setAsking(false);
    } finally {
      await client.invalidateQueries({ queryKey: ['approval-rules'] });
    }
  };
  return (
    <>
      <Button color="error" onClick={() => setAsking(true)}>
        {say('stop')}
      </Button>
      <ReasonDialog
        open={asking}
        title={say('stop')}
        what={say('stop_what')}
        label={say('stop_reason')}
        onClose={() => setAsking(false)}
        onSubmit={stop}
      />
    </>
  );
}

function Stopped({ rule }: { rule: ApprovalRuleDetail }) {
  const translate = useTranslate();
  if (rule.state !== 'stopped') return null;
  const byChecks = rule.stoppedWhy === 'spot_checks';
  return (
    <Alert severity={byChecks ? 'error' : 'info'} variant="outlined">
      {translate(`resources.approval-rules.stopped_by_${byChecks ? 'checks' : 'person'}`, { reason: rule.stopReason })}
    </Alert>
  );
}

/** One rule: the evidence first, then the button; what it let in, and what spot checks found since. */
export default function ApprovalRulePage() {
  const translate = useTranslate();
  const may = useMayDo();
  const { id = '' } = useParams();
  const {
    data: rule,
    error,
    refetch,
  } = useQuery({
    queryKey: ['approval-rules', 'page', id],
    queryFn: async ({ signal }) =>
      (await api.get<ApprovalRuleDetail>(projectPath(`/approval-rules/${id}`), undefined, { signal })).data,
    refetchInterval: ({ state }) => (state.data?.state === 'stopped' ? false : ASK_AGAIN_MS),
  });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!rule) return <RowsSkeleton rows={4} height={80} />;
  const say = (key: string, facts?: object) => translate(`resources.approval-rules.${key}`, facts);
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)', maxWidth: 960 }}>
      <PageHeader
        title={rule.name}
        lead={
          <>
            {say(`states.${rule.state}`)} · <FilterWords filter={rule.filter} />
            {rule.unpolished && ` · ${say('unpolished')}`} · {rule.createdBy} <When at={rule.createdAt} />
          </>
        }
        actions={rule.state !== 'stopped' && may('approval-rules', 'run') && <StopButton id={id} />}
      />
      <Stopped rule={rule} />
      <Sample rule={rule} />
      {rule.state === 'sampling' && may('approval-rules', 'run') && <ApproveRest rule={rule} />}
      {rule.bulkJobId && (
        <Section
          title={say('approve')}
          actions={
            <Button component={Link} to={`/bulk-jobs/${rule.bulkJobId}/show`}>
              {say('to_job')}
            </Button>
          }
        >
          <Typography>
            {say('in_force', { name: rule.approvedBy, reason: rule.reason })}{' '}
            {rule.approvedAt && <When at={rule.approvedAt} />}
          </Typography>
        </Section>
      )}
      {rule.bulkJobId && <SpotChecks rule={rule} />}
    </Box>
  );
}
