import type { Actor } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';

/** Whether this person has seen a model's reply on the record: a polish of it, or a candidate. */
export async function isExposed(db: Queryable, actor: Actor, recordId: string): Promise<boolean> {
  const seen = await db.query<unknown[]>(
    `select 1 from exposure where project_id = $1 and person_id = $2 and record_id = $3 and what in ('polish', 'candidate')`,
    [actor.projectId, actor.personId, recordId],
  );
  return seen.length > 0;
}

/** Notes that candidates of a record are shown to this person, before they are. */
export async function noteCandidatesSeen(db: Queryable, actor: Actor, recordId: string): Promise<void> {
  await db.query(
    `insert into exposure (id, project_id, person_id, record_id, what)
     values (gen_random_uuid(), $1, $2, $3, 'candidate') on conflict do nothing`,
    [actor.projectId, actor.personId, recordId],
  );
}
