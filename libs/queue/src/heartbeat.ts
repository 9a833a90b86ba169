import type { Pool } from 'pg';

/** A worker whose heartbeat is older than this is dead: its jobs are given to others. */
const SILENT_SECONDS = 20;
const HEARTBEAT_MS = 5_000;

/** Says that this process lives, under every name its jobs may be locked by, and frees what dead ones hold. */
export class Heartbeat {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly names: Set<string>,
  ) {}

  async start(): Promise<void> {
    await this.beat();
    this.timer = setInterval(() => void this.beat(), HEARTBEAT_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.pool.query('delete from worker_heartbeat where worker_id = any($1::text[])', [[...this.names]]);
  }

  async beat(): Promise<void> {
    try {
      await this.pool.query(
        `insert into worker_heartbeat (worker_id) select unnest($1::text[])
         on conflict (worker_id) do update set seen_at = now()`,
        [[...this.names]],
      );
      await freeJobsOfSilentWorkers(this.pool);
    } catch {
      // The database is away; the next beat tries again, and our own jobs fail with a clear error meanwhile.
    }
  }
}

/**
 * The queue itself keeps a killed worker's jobs for four hours; the heartbeat knows sooner. A job locked just now is left
 * alone: its worker's first heartbeat may still be on its way. So is one whose holder is in the middle of a transaction,
 * which holds the row until PostgreSQL ends it.
 */
async function freeJobsOfSilentWorkers(pool: Pool): Promise<void> {
  const { rowCount } = await pool.query(
    `with silent as (
       select id from graphile_worker._private_jobs
       where locked_by is not null and locked_at < now() - make_interval(secs => $1) and not exists (
         select from worker_heartbeat where worker_id = locked_by and seen_at > now() - make_interval(secs => $1))
       for update skip locked)
     update graphile_worker._private_jobs j set locked_by = null, locked_at = null from silent where j.id = silent.id`,
    [SILENT_SECONDS],
  );
  if (!rowCount) return;
  await pool.query('delete from worker_heartbeat where seen_at < now() - make_interval(secs => $1)', [
    SILENT_SECONDS * 3,
  ]);
}
