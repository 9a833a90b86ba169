import type { LoopStop } from '@qingnang/contracts';

/** How much there is at a stop, how much waits, how much is new: SQL expressions over the project `$1` and its ids. */
export interface StopSql {
  count: string;
  waiting: string;
  today: string;
  /** What flowed into it over the last seven days. */
  week: string;
  href: string;
  waitingHref: string | null;
}

const filtered = (path: string, filter: Record<string, unknown>): string =>
  `${path}?filter=${encodeURIComponent(JSON.stringify(filter))}`;

const count = (from: string): string => `(select count(*)::int from ${from})`;
const TODAY = `date_trunc('day', now())`;
const WEEK = `now() - interval '7 days'`;

/** Rows of one table that are added and stay. */
function table(name: string, href: string, at = 'created_at', more = ''): StopSql {
  const rows = `${name} x where x.project_id = $1${more}`;
  return {
    count: count(rows),
    waiting: '0',
    today: count(`${rows} and x.${at} >= ${TODAY}`),
    week: count(`${rows} and x.${at} >= ${WEEK}`),
    href,
    waitingHref: null,
  };
}

const items = (purpose: string, states: string): string =>
  `llm_item x join llm_job j on j.id = x.job_id where x.project_id = $1 and j.purpose = '${purpose}' and x.state in (${states})`;
const OPEN_ITEMS = `'waiting', 'in_flight', 'in_doubt', 'answered'`;
const waitingItems = (purpose: string): string =>
  `(select count(*)::int from ${items(purpose, OPEN_ITEMS)} and j.state in ('running', 'paused'))`;
const openSlots = (...kinds: string[]): string =>
  `(select count(*)::int from slot x join task_set s on s.id = x.task_set_id where x.project_id = $1
    and s.state = 'open' and x.state in ('open', 'returned') and s.kind in (${kinds.map((kind) => `'${kind}'`).join(', ')}))`;

function runs(method: string): StopSql {
  const filter = { method };
  return {
    ...table('run', filtered('/runs', filter), 'created_at', ` and x.method = '${method}'`),
    waiting: count(
      `run x where x.project_id = $1 and x.method = '${method}' and x.state in ('queued', 'starting', 'running', 'paused')`,
    ),
  };
}

const polishes = `version x where x.project_id = $1 and x.kind = 'polish'`;
const polished = (more = ''): string => `(select count(distinct x.record_id)::int from ${polishes}${more})`;
const reviewed = `answer x join slot l on l.id = x.slot_id join task_set s on s.id = l.task_set_id
  where x.project_id = $1 and s.kind = 'polish_review'`;

export const stopsSql: Record<LoopStop, StopSql> = {
  sources: table('source', '/sources'),
  records: {
    ...table('record', '/records', 'created_at', ` and x.state <> 'withdrawn'`),
    waiting: count(`import x where x.project_id = $1 and x.state in ('queued', 'running')`),
    waitingHref: '/imports',
  },
  polish: {
    count: polished(),
    waiting: waitingItems('polish'),
    today: polished(` and x.created_at >= ${TODAY}`),
    week: polished(` and x.created_at >= ${WEEK}`),
    href: filtered('/records', { polished: true }),
    waitingHref: filtered('/llm-jobs', { purpose: 'polish' }),
  },
  review: {
    count: count(reviewed),
    waiting: openSlots('polish_review'),
    today: count(`${reviewed} and x.created_at >= ${TODAY}`),
    week: count(`${reviewed} and x.created_at >= ${WEEK}`),
    href: '/task-sets',
    waitingHref: null,
  },
  approved: {
    ...table('approval', filtered('/records', { state: 'approved' }), 'from_at', ' and x.until_at is null'),
    waiting: count(`task x where x.project_id = $1 and x.state = 'to_adjudicate'`),
    waitingHref: '/task-sets',
  },
  snapshot: {
    ...table('snapshot', '/snapshots', 'frozen_at', ` and x.state in ('frozen', 'released')`),
    waiting: count(`snapshot x where x.project_id = $1 and x.state in ('draft', 'freezing')`),
  },
  sft: runs('sft'),
  references: { ...table('reference', '/references'), waiting: openSlots('reference'), waitingHref: '/task-sets' },
  candidates: {
    ...table('candidate', '/candidates'),
    waiting: waitingItems('candidate'),
    waitingHref: filtered('/llm-jobs', { purpose: 'candidate' }),
  },
  reward_labels: {
    ...table('judgement', '/judgements'),
    waiting: `(${waitingItems('judge')} + ${openSlots('ranking', 'confirm_ranking')})`,
    waitingHref: '/task-sets',
  },
  reward: runs('reward'),
  ppo: runs('ppo'),
  evaluation: {
    ...table('evaluation', '/evaluations'),
    waiting: count(`evaluation x where x.project_id = $1 and x.state in ('queued', 'answering', 'judging')`),
  },
};

/** Flows that are not simply what arrived at their end: by `from>to`. */
export const flowSql: Record<string, string> = {
  'references>reward_labels': count(
    `judgement x where x.project_id = $1 and x.reference_id is not null and x.created_at >= ${WEEK}`,
  ),
  'approved>snapshot': count(
    `snapshot_item x join snapshot s on s.id = x.snapshot_id where x.project_id = $1 and s.frozen_at >= ${WEEK}`,
  ),
};
