import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ScheduleDetail, ScheduleProblem, ScheduleTick } from '@qingnang/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslate } from 'react-admin';
import { useParams } from 'react-router-dom';
import { FactList } from '../components/FactList';
import { Section } from '../components/Section';
import { TextLink } from '../components/TextLink';
import { When } from '../components/When';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { useDetail } from '../llm-jobs/useDetail';
import { api } from '../providers/http';
import { useSettingFacts } from '../runs/useSettingFacts';
import { projectPath } from '../session/project';
import { Times } from './NextTimes';
import { Outcome } from './Outcome';
import { ScheduleActs } from './ScheduleActs';

const words = (key: string): string => `resources.schedules.${key}`;

/** Whoever looks at it has seen what is wrong: the dashboard need not say it any more, until the next time it happens. */
function useSeen(id: string, schedule: ScheduleDetail | undefined): void {
  const client = useQueryClient();
  const wrong =
    schedule && (schedule.failing || schedule.problem !== null) && `${schedule.last?.id} ${schedule.failing}`;
  useEffect(() => {
    if (!wrong) return;
    void api
      .post(projectPath(`/schedules/${id}/seen`))
      .then(() => client.invalidateQueries({ queryKey: ['dashboard'] }))
      .catch(() => undefined); // it is said once more, that is all
  }, [client, id, wrong]);
}

function Facts({ schedule }: { schedule: ScheduleDetail }) {
  const translate = useTranslate();
  const { template, cron, timeZone } = schedule;
  const settings = useSettingFacts(template.method, { ...template.config, seed: template.seed });
  const facts: [string, string | undefined][] = [
    ['method', translate(`resources.runs.methods.${template.method}`)],
    ['data', template.inputs.data],
    ['policy', template.inputs.policy],
    ['reward', template.inputs.reward],
    ['ptx', template.inputs.ptx],
    ['preset', template.preset],
    ['cron', cron],
    ['timeZone', timeZone],
  ];
  return (
    <Section title={translate(words('facts'))}>
      <FactList
        facts={[...facts.map(([key, value]) => [translate(words(`fields.${key}`)), value] as const), ...settings]}
      />
    </Section>
  );
}

function Tick({ tick }: { tick: ScheduleTick }) {
  const translate = useTranslate();
  return (
    <Box component="li" sx={{ py: 1, borderBottom: 1, borderColor: 'divider' }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2, rowGap: 0.5, alignItems: 'baseline' }}>
        <Box sx={{ minWidth: '9em' }}>
          <When at={tick.dueAt} />
        </Box>
        <Box sx={{ color: 'text.secondary', minWidth: '4em' }}>{translate(words(`triggers.${tick.trigger}`))}</Box>
        <Outcome tick={tick} />
        {tick.runId && <TextLink to={`/runs/${tick.runId}/show`}>{translate(words('to_run'))}</TextLink>}
      </Box>
      {tick.runFailure && (
        <Typography variant="body2" sx={{ color: 'error.main', mt: 0.5 }}>
          {tick.runFailure}
        </Typography>
      )}
    </Box>
  );
}

function History({ history }: { history: readonly ScheduleTick[] }) {
  const translate = useTranslate();
  return (
    <Section title={translate(words('history'))}>
      {history.length === 0 ? (
        <Typography sx={{ color: 'text.secondary' }}>{translate(words('no_history'))}</Typography>
      ) : (
        <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0 }}>
          {history.map((tick) => (
            <Tick key={tick.id} tick={tick} />
          ))}
        </Box>
      )}
    </Section>
  );
}

/** What keeps it from its next time, and what to do. */
function Problem({ problem: { kind, runId } }: { problem: ScheduleProblem }) {
  const translate = useTranslate();
  return (
    <Alert
      severity="warning"
      variant="outlined"
      action={runId && <TextLink to={`/runs/${runId}/show`}>{translate(words('to_run'))}</TextLink>}
    >
      {translate(words(`problems.${kind}`))}
    </Alert>
  );
}

function Next({ schedule: { state, upcoming, timeZone } }: { schedule: ScheduleDetail }) {
  const translate = useTranslate();
  if (state === 'active' && upcoming.length === 0) return null;
  return (
    <Section title={translate(words('next_five'))}>
      {state === 'paused' ? (
        <Alert severity="warning" variant="outlined">
          {translate(words('paused_hint'))}
        </Alert>
      ) : (
        <>
          <Typography sx={{ color: 'text.secondary' }}>{translate(words('next_lead'), { zone: timeZone })}</Typography>
          <Times times={upcoming} timeZone={timeZone} />
        </>
      )}
    </Section>
  );
}

/** A schedule: what it trains, when next, and what came of each time so far. */
export default function ScheduleShow() {
  const translate = useTranslate();
  const { id = '' } = useParams();
  const { data, error, refetch } = useDetail<ScheduleDetail>('schedules', `/schedules/${id}`);
  useSeen(id, data);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <RowsSkeleton rows={6} />;
  return (
    <Box sx={{ display: 'grid', gap: 2, maxWidth: 960 }}>
      <PageHeader
        title={data.name}
        lead={data.ownerName && translate(words('owner'), { name: data.ownerName })}
        actions={<ScheduleActs schedule={data} />}
      />
      {data.failing && (
        <Alert severity="error" variant="outlined">
          {translate(words('failing'))}
        </Alert>
      )}
      {data.problem && <Problem problem={data.problem} />}
      <Next schedule={data} />
      <History history={data.history} />
      <Facts schedule={data} />
    </Box>
  );
}
