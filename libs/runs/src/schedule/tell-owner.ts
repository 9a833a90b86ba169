import type { Queryable } from '@qingnang/database';
import { uuidv7 } from '@qingnang/kernel';

/** What people find on the dashboard until they have looked at the schedule. */
export const SCHEDULE_FAILED = 'schedule_failed';

/**
 * Tells whoever made a schedule that it failed, or waits for somebody; once they have left the project or the house, those
 * who lead its data. One unread notice of a schedule is enough.
 */
export async function tellOwner(db: Queryable, scheduleId: string): Promise<void> {
  const people = await db.query<{ id: string; projectId: string }[]>(
    `with maker as (
       select p.id, s.project_id from schedule s join person p on p.id = s.created_by
       where s.id = $1 and p.state = 'active' and (p.installation_admin
         or exists (select from membership m where m.project_id = s.project_id and m.person_id = p.id))),
     told as (
       select id, project_id from maker
       union all
       select p.id, s.project_id from schedule s join membership m on m.project_id = s.project_id
         join person p on p.id = m.person_id and p.state = 'active'
       where s.id = $1 and 'data_lead' = any(m.roles) and not exists (select from maker))
     select id, project_id as "projectId" from told where not exists (
       select from notification n where n.person_id = told.id and n.kind = $2 and n.subject_id = $1
         and n.seen_at is null)`,
    [scheduleId, SCHEDULE_FAILED],
  );
  for (const { id, projectId } of people) {
    await db.query(
      `insert into notification (id, project_id, person_id, kind, subject_type, subject_id)
       values ($1, $2, $3, $4, 'schedule', $5)`,
      [uuidv7(), projectId, id, SCHEDULE_FAILED, scheduleId],
    );
  }
}

/** Tells the owner of the schedule that started this run, if one did, that the run failed. */
export async function tellOwnerOfRun(db: Queryable, runId: string): Promise<void> {
  const [tick] = await db.query<{ scheduleId: string }[]>(
    'select schedule_id as "scheduleId" from schedule_tick where run_id = $1',
    [runId],
  );
  if (tick) await tellOwner(db, tick.scheduleId);
}
