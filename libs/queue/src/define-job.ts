import type { EntityManager } from 'typeorm';
import type { z } from 'zod';

export interface JobOptions {
  /** How often a failing job is tried, with growing pauses between; 25 spans three days. */
  maxAttempts: number;
}

/** A kind of work for the queue: its name, the shape of its payload (ids only, never text), how hard to try. */
export interface JobDefinition<Payload> {
  readonly name: string;
  readonly schema: z.ZodType<Payload>;
  readonly options: JobOptions;
}

/** Declared by the domain library, so that the api enqueues with types and the worker handles with the same. */
export function defineJob<Payload>(
  name: string,
  schema: z.ZodType<Payload>,
  options: Partial<JobOptions> = {},
): JobDefinition<Payload> {
  return { name, schema, options: { maxAttempts: 5, ...options } };
}

export interface EnqueueOptions {
  /** Jobs of one key wait as one: a second enqueue replaces the first that has not started. */
  key?: string;
  runAt?: Date;
}

/** Puts a job into the queue in the caller's transaction: it exists if and only if the caller's rows do. */
export async function enqueue<Payload>(
  tx: EntityManager,
  job: JobDefinition<Payload>,
  payload: Payload,
  options: EnqueueOptions = {},
): Promise<void> {
  await tx.query(
    `select graphile_worker.add_job($1, $2::json, run_at => $3::timestamptz, max_attempts => $4::int, job_key => $5)`,
    [
      job.name,
      JSON.stringify(job.schema.parse(payload)),
      options.runAt?.toISOString() ?? null,
      job.options.maxAttempts,
      options.key ?? null,
    ],
  );
}
