import { z } from 'zod';
import { runMethod } from '../files/run-files.js';

/** The stops of the loop, in the order in which text walks through them. */
export const loopStops = [
  'sources',
  'records',
  'polish',
  'review',
  'approved',
  'snapshot',
  'sft',
  'references',
  'candidates',
  'reward_labels',
  'reward',
  'ppo',
  'evaluation',
] as const;
export const loopStop = z.enum(loopStops);
export type LoopStop = z.infer<typeof loopStop>;

/** The arrows of the drawing: what flows from stop to stop. */
export const loopFlows: readonly (readonly [LoopStop, LoopStop])[] = [
  ['sources', 'records'],
  ['records', 'polish'],
  ['polish', 'review'],
  ['review', 'approved'],
  ['approved', 'snapshot'],
  ['snapshot', 'sft'],
  ['sft', 'candidates'],
  ['references', 'reward_labels'],
  ['candidates', 'reward_labels'],
  ['reward_labels', 'reward'],
  ['reward', 'ppo'],
  ['ppo', 'evaluation'],
];

const when = z.iso.datetime({ offset: true });
const count = z.int().min(0);
/** A path of the console inside the project, e.g. `/records?filter=…`. */
const href = z.string().startsWith('/');

export const dashboardStop = z.object({
  key: loopStop,
  /** What is there in all: sources, records, polished items, answers, frozen snapshots, runs, candidates … */
  count,
  /** What still has to be done there: open slots, queued items, runs not ended. */
  waiting: count,
  /** Added since midnight, in the server's zone. */
  today: z.int(),
  /** The list behind `count`. */
  href,
  /** The list behind `waiting`, when it is another. */
  waitingHref: href.nullable(),
});

export const dashboardFlow = z.object({
  from: loopStop,
  to: loopStop,
  /** Over the last seven days. */
  week: count,
});

/** Work that waits for the reader: the kind is a word of the console's translations (`dashboard.needs.<kind>`). */
export const dashboardNeed = z.object({
  kind: z.enum([
    'review_slots',
    'returned_slots',
    'reference_slots',
    'ranking_slots',
    'adjudication_slots',
    'to_adjudicate',
    'draft_jobs',
    'imports_to_confirm',
    'in_doubt_items',
    'failed_schedules',
  ]),
  count: z.int().positive(),
  href,
});

export const dashboardCurve = z.object({
  /** Metric key, e.g. `eval/loss`. */
  key: z.string(),
  points: z.array(z.tuple([z.number(), z.number()])).max(500),
});

export const dashboardRun = z.object({
  id: z.uuid(),
  name: z.string(),
  method: runMethod,
  state: z.string(),
  at: when,
  href,
  /** The three that say most for its method. */
  curves: z.array(dashboardCurve).max(3),
});

export const dashboardFailure = z.object({
  kind: z.enum(['import', 'llm_job', 'snapshot', 'run', 'schedule', 'evaluation']),
  id: z.uuid(),
  name: z.string(),
  /** Stable code; the console has the words. */
  code: z.string().nullable(),
  at: when,
  href,
});

/** Long work under way, also shown in the header of every page. */
export const runningWork = z.object({
  kind: z.enum(['import', 'llm_job', 'snapshot', 'run', 'evaluation']),
  id: z.uuid(),
  name: z.string(),
  state: z.string(),
  done: count,
  /** Null while nobody knows. */
  total: count.nullable(),
  href,
});
export type RunningWork = z.infer<typeof runningWork>;

/** In whole units of the currency, to the sixth decimal as the ledger keeps it. */
const amount = z.number();

/** `GET /projects/{project}/dashboard`: where the project stands, what it cost, what is wrong. */
export const dashboard = z
  .object({
    stops: z.array(dashboardStop),
    flows: z.array(dashboardFlow),
    /** The stop to light up while the project is young, null once the loop has been walked. */
    nextStep: loopStop.nullable(),
    needsMe: z.array(dashboardNeed),
    spend: z.object({
      /** Settled this month. */
      spent: amount,
      /** Estimates of calls not yet settled. */
      reserved: amount,
      /** Of this month; null when none is set. */
      limit: amount.nullable(),
      currency: z.string().length(3),
    }),
    lastRun: dashboardRun.nullable(),
    failures: z.array(dashboardFailure).max(20),
    running: z.array(runningWork).max(50),
  })
  .meta({ id: 'Dashboard' });
export type Dashboard = z.infer<typeof dashboard>;
export type DashboardStop = z.infer<typeof dashboardStop>;
