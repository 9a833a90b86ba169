import type { LoopStop } from '@qingnang/contracts';
import { inState, keptCount, type KeptCount, keptSince, type TallyTopic } from '@qingnang/database';

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
const WEEK = `date_trunc('hour', now() - interval '7 days')`;

/** Rows of a small table that are added and stay: things people make one by one. */
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

/** What machines and many hands make: its counts are kept. */
function kept(topic: TallyTopic, href: string, options: KeptCount = {}): StopSql {
  return {
    count: keptCount(topic, options),
    waiting: '0',
    today: keptSince(topic, TODAY, options),
    week: keptSince(topic, WEEK, options),
    href,
    waitingHref: null,
  };
}

const OPEN_ITEMS = inState('waiting', 'in_flight', 'in_doubt', 'answered');
const waitingItems = (purpose: string): string =>
  `(select coalesce(sum(${keptCount('llm_item', { scope: 'j.id', where: OPEN_ITEMS })}), 0)::int from llm_job j
    where j.project_id = $1 and j.purpose = '${purpose}' and j.state in ('running', 'paused'))`;
const openSlots = (...kinds: string[]): string =>
  `(select coalesce(sum(${keptCount('slot', { scope: 's.id', where: inState('open', 'returned') })}), 0)::int from task_set s
    where s.project_id = $1 and s.state = 'open' and s.kind in (${kinds.map((kind) => `'${kind}'`).join(', ')}))`;

function runs(method: string): StopSql {
  const filter = { method };
  return {
    ...table('run', filtered('/runs', filter), 'created_at', ` and x.method = '${method}'`),
    waiting: count(
      `run x where x.project_id = $1 and x.method = '${method}' and x.state in ('queued', 'starting', 'running', 'paused')`,
    ),
  };
}

const toAdjudicate = keptCount('task', { where: inState('to_adjudicate') });

export const stopsSql: Record<LoopStop, StopSql> = {
  sources: table('source', '/sources'),
  records: {
    ...kept('record.added', '/records'),
    waiting: count(`import x where x.project_id = $1 and x.state in ('queued', 'running')`),
    waitingHref: '/imports',
  },
  polish: {
    // Polishes made: a record polished twice flowed twice, and is one polished record.
    ...kept('polish', filtered('/records', { polished: true })),
    count: keptCount('polished'),
    waiting: waitingItems('polish'),
    waitingHref: filtered('/llm-jobs', { purpose: 'polish' }),
  },
  review: {
    ...kept('answer', '/task-sets', { where: `k.key ->> 'kind' = 'polish_review'` }),
    waiting: openSlots('polish_review'),
  },
  approved: {
    ...kept('approval', filtered('/records', { state: 'approved' })),
    waiting: toAdjudicate,
    waitingHref: '/task-sets',
  },
  snapshot: {
    ...table('snapshot', '/snapshots', 'frozen_at', ` and x.state in ('frozen', 'released')`),
    waiting: count(`snapshot x where x.project_id = $1 and x.state in ('draft', 'freezing')`),
  },
  sft: runs('sft'),
  references: { ...kept('reference', '/references'), waiting: openSlots('reference'), waitingHref: '/task-sets' },
  candidates: {
    ...kept('candidate', '/candidates'),
    waiting: waitingItems('candidate'),
    waitingHref: filtered('/llm-jobs', { purpose: 'candidate' }),
  },
  reward_labels: {
    ...kept('judgement', '/judgements'),
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
  'references>reward_labels': keptSince('judgement', WEEK, { where: `(k.key ->> 'withReference')::boolean` }),
  'approved>snapshot': `(select coalesce(sum(x.total), 0)::int from snapshot x
    where x.project_id = $1 and x.frozen_at >= ${WEEK})`,
};
