import type { EntityManager } from 'typeorm';

/**
 * Gives the tasks that somebody holds, or that were returned to them, back to the queue, in one project or in all. What they
 * wrote stays as their draft; their next heartbeat or submit is told that the slot is no longer theirs.
 */
export async function releaseTasks(tx: EntityManager, personId: string, projectId: string | null): Promise<number> {
  const [released] = await tx.query<{ n: number }[]>(
    `with freed as (
       update slot set state = 'open', holder_id = null, lease_until = null
       where holder_id = $1 and state in ('leased', 'returned') and ($2::uuid is null or project_id = $2) returning id
     ), left_over as (
       update assignment set outcome = 'released', to_at = now()
       from freed where slot_id = freed.id and person_id = $1 and outcome = 'open'
     )
     select count(*)::int as n from freed`,
    [personId, projectId],
  );
  return released!.n;
}
