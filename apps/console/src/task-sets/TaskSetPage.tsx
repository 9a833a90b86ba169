import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import type { TaskSet } from '@qingnang/contracts';
import { useGetOne, useNotify, useTranslate, useUpdate } from 'react-admin';
import { Link, useParams } from 'react-router-dom';
import { AnswerListing } from '../answers/AnswerListing';
import { Count } from '../components/Count';
import { Section } from '../components/Section';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { FilterWords } from '../records/FilterWords';
import { useMayDo } from '../session/useMayDo';
import { AlarmsOfSet } from './parts/AlarmsOfSet';
import { PeopleOfSet } from './parts/PeopleOfSet';
import { slotsOf } from './task-set-model';

function OpenOrClose({ set }: { set: TaskSet }) {
  const translate = useTranslate();
  const notify = useNotify();
  const [update, { isPending }] = useUpdate<TaskSet>();
  const state = set.state === 'open' ? 'closed' : 'open';
  const verb = set.state === 'open' ? 'close' : 'reopen';
  const change = () =>
    update(
      'task-sets',
      { id: set.id, data: { state }, previousData: set },
      {
        mutationMode: 'pessimistic',
        onSuccess: () => notify(`resources.task-sets.${verb}_done`),
        onError: (error) => notify((error as Error).message, { type: 'error' }),
      },
    );
  return (
    <Button variant="outlined" disabled={isPending} onClick={() => void change()}>
      {translate(`resources.task-sets.${verb}`)}
    </Button>
  );
}

/** What the set was made of, or what asks. */
function askedBy(set: TaskSet, say: (key: string) => string): [string, React.ReactNode] {
  const link = (path: string, words: string) => (
    <Link key={words} to={path}>
      {say(words)}
    </Link>
  );
  if (set.evaluationId !== null) return ['evaluation', link(`/evaluations/${set.evaluationId}/show`, 'of_evaluation')];
  if (set.ruleId !== null) return ['rule', link(`/approval-rules/${set.ruleId}/show`, 'of_rule')];
  return ['filter', <FilterWords key="filter" filter={set.filter} />];
}

/** How far the job is that fills the set. */
function Making({ set: { making } }: { set: TaskSet }) {
  const translate = useTranslate();
  if (making === null) return null;
  const say = (key: string, facts?: object) => translate(`resources.task-sets.${key}`, facts);
  const { done, total, state, jobId } = making;
  const atWork = state === 'queued' || state === 'running';
  return (
    <Typography role="status">
      {say(atWork ? 'making' : 'making_stopped', { done, total: total ?? '…' })}{' '}
      <Link to={`/bulk-jobs/${jobId}/show`}>{say('see_job')}</Link>
    </Typography>
  );
}

function Facts({ set }: { set: TaskSet }) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.task-sets.${key}`);
  const facts: [string, React.ReactNode][] = [
    ['tasks', <Count key="tasks" value={set.tasks} />],
    ['overlap', set.overlap],
    ['open', <Count key="open" value={set.open} />],
    ['leased', <Count key="leased" value={set.leased} />],
    ['answered', <Count key="answered" value={set.answered} />],
    ['toAdjudicate', <Count key="toAdjudicate" value={set.toAdjudicate} />],
    ['deadline', set.deadline ?? '–'],
    ['roles', set.roles.map((role) => translate(`roles.${role}`)).join(' / ')],
    ['departments', set.departments.join(' / ') || say('all_departments')],
    askedBy(set, say),
  ];
  return (
    <Box
      component="dl"
      sx={{ m: 0, display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(130px, 1fr))', gap: 2 }}
    >
      {facts.map(([name, value]) => (
        <Box key={name} sx={name === 'filter' ? { gridColumn: '1 / -1' } : undefined}>
          <Typography component="dt" variant="caption" sx={{ color: 'text.secondary' }}>
            {say(`fields.${name}`)}
          </Typography>
          <Box component="dd" sx={{ m: 0, overflowWrap: 'anywhere' }}>
            {value}
          </Box>
        </Box>
      ))}
    </Box>
  );
}

/** How far a set is, and the switch that opens and closes it. */
export default function TaskSetPage() {
  const translate = useTranslate();
  const may = useMayDo();
  const { id = '' } = useParams();
  const { data: set, error, refetch } = useGetOne<TaskSet>('task-sets', { id });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!set) return <RowsSkeleton rows={4} height={80} />;
  const total = slotsOf(set);
  const words = translate('piece.of', { done: set.answered.toLocaleString(), total: total.toLocaleString() });
  return (
    <>
      <PageHeader
        title={set.name}
        lead={`${translate(`resources.task-sets.kinds.${set.kind}`)} · ${translate(`resources.task-sets.states.${set.state}`)}`}
        actions={
          may('task-sets', 'update') && (
            <>
              <Button component={Link} to={`/task-sets/${set.id}`}>
                {translate('ra.action.edit')}
              </Button>
              <OpenOrClose set={set} />
            </>
          )
        }
      />
      <Paper variant="outlined" sx={{ p: { xs: 2, md: 3 }, display: 'grid', gap: 2, maxWidth: 960 }}>
        <Box>
          <Typography sx={{ fontSize: '1.375rem', fontWeight: 600 }}>{words}</Typography>
          <LinearProgress
            variant="determinate"
            aria-label={words}
            value={total === 0 ? 0 : (set.answered / total) * 100}
            sx={{ height: 8, borderRadius: 1 }}
          />
        </Box>
        <Making set={set} />
        <Facts set={set} />
        {may('work', 'create') && set.state === 'open' && (
          <Button component={Link} to={`/work/${set.kind}/${set.id}`} sx={{ justifySelf: 'start' }}>
            {translate('resources.task-sets.do_some')}
          </Button>
        )}
      </Paper>
      <Box sx={{ display: 'grid', gap: 2, mt: 2, maxWidth: 960, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        <PeopleOfSet setId={set.id} />
        {set.kind === 'polish_review' && <AlarmsOfSet set={set} />}
        {may('answers', 'read') && (
          <Section title={translate('resources.answers.title')}>
            <AnswerListing of={{ taskSetId: set.id }} />
          </Section>
        )}
      </Box>
    </>
  );
}
