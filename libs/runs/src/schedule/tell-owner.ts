import type { Queryable } from '@qingnang/database';
import { uuidv7 } from '@qingnang/kernel';

/** What the owner of a schedule finds on the dashboard until they have looked at it. */
export const SCHEDULE_FAILED = 'schedule_failed';

/** Tells the owner of a schedule that it could start no run. One unread notice of a schedule is enough. */
export async function tellOwner(db: Queryable, scheduleId: string): Promise<void> {
  await db.query(
    `insert into notification (id, project_id, person_id, kind, subject_type, subject_id)
     select $1, s.project_id, s.created_by, $2, 'schedule', s.id from schedule s
     where s.id = $3 and s.created_by is not null and not exists (
       select from notification n where n.person_id = s.created_by and n.kind = $2 and n.subject_id = s.id
         and n.seen_at is null)`,
    [uuidv7(), SCHEDULE_FAILED, scheduleId],
  );
}

/** Tells the owner of the schedule that started this run, if one did, that the run failed. */
export async function tellOwnerOfRun(db: Queryable, runId: string): Promise<void> {
  const [tick] = await db.query<{ scheduleId: string }[]>(
    'select schedule_id as "scheduleId" from schedule_tick where run_id = $1',
    [runId],
  );
  if (tick) await tellOwner(db, tick.scheduleId);
}
