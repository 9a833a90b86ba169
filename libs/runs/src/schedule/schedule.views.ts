import type { ListReply, ScheduleDetail, ScheduleQuery, ScheduleTick, ScheduleView } from '@qingnang/contracts';
import { listPage, type Queryable } from '@qingnang/database';
import { notFound } from '@qingnang/kernel';
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
    where t.schedule_id = s.id and t.outcome <> 'skipped' order by t.due_at desc limit 1), false) as failing`;
const FROM = 'schedule s left join person p on p.id = s.created_by';

type Row = Omit<ScheduleView, 'last'>;

export async function listSchedules(
  db: Queryable,
  projectId: string,
  query: ScheduleQuery,
): Promise<ListReply<ScheduleView>> {
  const page = await listPage<Row, Row>(db, {
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
    map: (row) => row,
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
  const upcoming = row.state === 'active' ? cronTimes(row.cron, row.timeZone, UPCOMING, now) : [];
  return {
    ...row,
    last: history[0] ?? null,
    history,
    upcoming: upcoming.map((time) => time.toISOString()),
  };
}
