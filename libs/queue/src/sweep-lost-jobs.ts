import type { EntityManager } from 'typeorm';
import { enqueue, type JobDefinition } from './define-job.js';

type Db = Pick<EntityManager, 'query'>;

/** Of one job in one look; the next look takes the rest. */
const MOST = 200;

/**
 * Queues anew what says of itself that it is wanted or under way while the queue knows nothing of it, or has given it up:
 * its row was lost, or its last failure could not be written down because the database was full. Workers that sweep at the
 * same time do so once.
 * @returns how many were queued, by job
 */
export async function sweepLostJobs(tx: Db, jobs: Iterable<JobDefinition<unknown>>): Promise<Record<string, number>> {
  const [turn] = await tx.query<{ mine: boolean }[]>(
    `select pg_try_advisory_xact_lock(hashtextextended('sweep_lost_jobs', 0)) as mine`,
  );
  const queued: Record<string, number> = {};
  if (!turn?.mine) return queued;
  for (const job of jobs) {
    if (job.options.unfinished === undefined) continue;
    const lost = await lostPayloads(tx, job.name, job.options.unfinished);
    for (const payload of lost) await enqueue(tx, job, payload);
    if (lost.length > 0) queued[job.name] = lost.length;
  }
  return queued;
}

async function lostPayloads(tx: Db, name: string, unfinished: string): Promise<unknown[]> {
  const rows = await tx.query<{ payload: unknown }[]>(
    `select wanted.payload from (${unfinished}) wanted (payload)
     where not exists (
       select from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
       where t.identifier = $1 and j.payload::jsonb @> wanted.payload
         and (j.locked_by is not null or j.attempts < j.max_attempts))
     limit ${MOST}`,
    [name],
  );
  return rows.map((row) => row.payload);
}
