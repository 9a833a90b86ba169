import type { EntityManager } from 'typeorm';
import type { z } from 'zod';

export interface JobOptions<Payload> {
  /** How often a failing job is tried, with growing pauses between; 25 spans three days. */
  maxAttempts: number;
  /** Jobs of one key wait as one: a second enqueue replaces the first that has not started. */
  keyOf?(payload: Payload): string;
  /**
   * For work that a row of the domain says is wanted or under way: SQL of the payloads of all such rows, as one jsonb
   * column `payload`. What stands there and not in the queue was lost, and is queued anew.
   */
  unfinished?: string;
}

/** A kind of work for the queue: its name, the shape of its payload (ids only, never text), how hard to try. */
export interface JobDefinition<Payload> {
  readonly name: string;
  readonly schema: z.ZodType<Payload>;
  readonly options: JobOptions<Payload>;
}

/** Declared by the domain library, so that the api enqueues with types and the worker handles with the same. */
export function defineJob<Payload>(
  name: string,
  schema: z.ZodType<Payload>,
  options: Partial<JobOptions<Payload>> = {},
): JobDefinition<Payload> {
  return { name, schema, options: { maxAttempts: 5, ...options } };
}

export interface EnqueueOptions {
  /** Instead of the job's own key. */
  key?: string;
  runAt?: Date;
}

/** Puts a job into the queue in the caller's transaction: it exists if and only if the caller's rows do. */
export async function enqueue<Payload>(
  tx: Pick<EntityManager, 'query'>,
  job: JobDefinition<Payload>,
  payload: Payload,
  options: EnqueueOptions = {},
): Promise<void> {
  const key = options.key ?? job.options.keyOf?.(payload) ?? null;
  await tx.query(
    `select graphile_worker.add_job($1, $2::json, run_at => $3::timestamptz, max_attempts => $4::int, job_key => $5)`,
    [
      job.name,
      JSON.stringify(job.schema.parse(payload)),
      options.runAt?.toISOString() ?? null,
      job.options.maxAttempts,
      key,
    ],
  );
}
