import type {
  ListReply,
  ScheduleDetail,
  ScheduleProblem,
  ScheduleQuery,
  ScheduleTick,
  ScheduleView,
} from '@qingnang/contracts';
import { listPage, type Queryable } from '@qingnang/database';
import { DomainError, notFound } from '@qingnang/kernel';
import { cronTimes } from './cron-times.js';

const HISTORY = 50;
const UPCOMING = 5;

const TICK = `t.id, t.due_at as "dueAt", t.trigger, t.outcome, t.code, t.detail, t.run_id as "runId",
  r.state as "runState", r.failure as "runFailure"`;

/** A time counts for "failing" if a run was due: one that was skipped says nothing about the next. */
const COLUMNS = `s.id, s.name, s.cron, s.time_zone as "timeZone", s.run_template as template, s.state,
  s.next_at as "nextAt", s.created_at as "createdAt", s.revision, p.display_name as "ownerName",
  coalesce((select t.outcome = 'refused' or r.state in ('failed', 'lost')
    from schedule_tick t left join run r on r.id = t.run_id
    where t.schedule_id = s.id and t.outcome <> 'skipped' order by t.due_at desc limit 1), false) as failing,
  (select r.id from schedule_tick t join run r on r.id = t.run_id
    where t.schedule_id = s.id and r.state = 'paused' limit 1) as "pausedRunId"`;
const FROM = 'schedule s left join person p on p.id = s.created_by';

type Row = Omit<ScheduleView, 'last' | 'problem'> & { pausedRunId: string | null };

export async function listSchedules(
  db: Queryable,
  projectId: string,
  query: ScheduleQuery,
): Promise<ListReply<ScheduleView>> {
  const now = new Date();
  const page = await listPage<Row, Omit<ScheduleView, 'last'>>(db, {
    select: COLUMNS,
    from: FROM,
    where: ['s.project_id = $1', ...(query.state ? ['s.state = $2'] : [])],
    params: [projectId, ...(query.state ? [query.state] : [])],
    sortable: {
      createdAt: { sql: 's.created_at', type: 'timestamptz' },
      name: { sql: 's.name', type: 'text' },
    },
    id: { sql: 's.id', type: 'uuid' },
    query,
    map: (row) => withTimes(row, 1, now).view,
  });
  const last = await db.query<(ScheduleTick & { scheduleId: string })[]>(
    `select distinct on (t.schedule_id) t.schedule_id as "scheduleId", ${TICK}
     from schedule_tick t left join run r on r.id = t.run_id
     where t.schedule_id = any($1) order by t.schedule_id, t.due_at desc`,
    [page.items.map(({ id }) => id)],
  );
  const lastOf = new Map(last.map((tick) => [tick.scheduleId, tick]));
  return { ...page, items: page.items.map((row) => ({ ...row, last: lastOf.get(row.id) ?? null })) };
}

export async function readSchedule(db: Queryable, projectId: string, id: string, now: Date): Promise<ScheduleDetail> {
  const [row] = await db.query<Row[]>(`select ${COLUMNS} from ${FROM} where s.project_id = $1 and s.id = $2`, [
    projectId,
    id,
  ]);
  if (!row) throw notFound('schedule', id);
  const history = await db.query<ScheduleTick[]>(
    `select ${TICK} from schedule_tick t left join run r on r.id = t.run_id
     where t.schedule_id = $1 order by t.due_at desc limit ${HISTORY}`,
    [id],
  );
  const { view, times } = withTimes(row, UPCOMING, now);
  return { ...view, last: history[0] ?? null, history, upcoming: times.map((time) => time.toISOString()) };
}

/** A schedule with its next times, or with what keeps it from them: a machine may forget a time zone it knew. */
function withTimes(
  { pausedRunId, ...row }: Row,
  count: number,
  now: Date,
): { view: Omit<ScheduleView, 'last'>; times: Date[] } {
  if (row.state === 'paused') return { view: { ...row, problem: null }, times: [] };
  try {
    const times = cronTimes(row.cron, row.timeZone, count, now);
    const rests = pausedRunId ? ('run_paused' as const) : row.nextAt === null ? ('no_next' as const) : null;
    return { view: { ...row, problem: rests && { kind: rests, runId: pausedRunId } }, times };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const kind = error.code.replace('schedule.', '') as ScheduleProblem['kind'];
    return { view: { ...row, problem: { kind, runId: null } }, times: [] };
  }
}
