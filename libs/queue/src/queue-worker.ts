import { randomBytes } from 'node:crypto';
import { run, runMigrations, type Runner, type TaskList, type WorkerEvents } from 'graphile-worker';
import { EventEmitter } from 'node:events';
import type { Pool } from 'pg';
import { DomainError } from '@qingnang/kernel';
import { handlersByName } from './job-handler.js';
import { queuePool, silentLogger } from './queue-pool.js';

/** A worker whose heartbeat is older than this is dead: its jobs are given to others. */
const SILENT_SECONDS = 20;
const HEARTBEAT_MS = 5_000;

/** Creates or updates the queue's own schema (`graphile_worker`). */
export async function migrateQueue(url: string): Promise<void> {
  await runMigrations({ connectionString: url, logger: silentLogger });
}

export interface QueueWorkerOptions {
  url: string;
  handlers: readonly object[];
  /** Jobs at once in this process. */
  concurrency: number;
  /** Pause between looks for jobs that are due later; new ones wake the worker at once. */
  pollMs?: number;
  onError(jobName: string, error: unknown, willRetry: boolean): void;
}

export interface QueueWorker {
  readonly workerId: string;
  /** Takes no more jobs, aborts the signal of those at work, waits for them. */
  stop(): Promise<void>;
}

/** Starts taking jobs. Its heartbeat frees what dead workers held, at start and every few seconds. */
export async function startQueueWorker(options: QueueWorkerOptions): Promise<QueueWorker> {
  const pool = queuePool(options.url, options.concurrency + 3);
  const workerId = `worker-${process.pid}-${randomBytes(4).toString('hex')}`;
  const lockNames = new Set<string>([workerId]);
  const stopping = new AbortController();
  const events = new EventEmitter() as WorkerEvents;
  events.on('worker:create', ({ worker }) => {
    lockNames.add(worker.workerId);
    void beat();
  });

  let runner: Runner | undefined;
  const beat = async (): Promise<void> => {
    try {
      await pool.query(
        `insert into worker_heartbeat (worker_id) select unnest($1::text[])
         on conflict (worker_id) do update set seen_at = now()`,
        [[...lockNames]],
      );
      await freeJobsOfSilentWorkers(pool);
    } catch {
      // The database is away; the next beat tries again, and our own jobs fail with a clear error meanwhile.
    }
  };

  await beat();
  runner = await run({
    pgPool: pool,
    concurrency: options.concurrency,
    pollInterval: options.pollMs ?? 2_000,
    noHandleSignals: true,
    logger: silentLogger,
    events,
    taskList: taskList(options, workerId, stopping.signal),
  });
  const timer = setInterval(() => void beat(), HEARTBEAT_MS);

  return {
    workerId,
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await runner?.stop();
      await pool.query('delete from worker_heartbeat where worker_id = any($1::text[])', [[...lockNames]]);
      await pool.end();
    },
  };
}

function taskList(options: QueueWorkerOptions, workerId: string, signal: AbortSignal): TaskList {
  const tasks: TaskList = {};
  for (const [name, { job, handler }] of handlersByName(options.handlers)) {
    tasks[name] = async (payload, helpers) => {
      try {
        await handler.run(job.schema.parse(payload), { signal, workerId, attempt: helpers.job.attempts });
      } catch (error) {
        const final = error instanceof DomainError && !error.retryable;
        options.onError(name, error, !final && helpers.job.attempts < helpers.job.max_attempts);
        // An expected failure that more tries won't mend has been written down by its handler.
        if (!final) throw error;
      }
    };
  }
  return tasks;
}

/** The queue itself keeps a killed worker's jobs for four hours; the heartbeat knows sooner. */
async function freeJobsOfSilentWorkers(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ locked_by: string }>(
    `select distinct locked_by from graphile_worker._private_jobs
     where locked_by is not null and not exists (
       select from worker_heartbeat where worker_id = locked_by and seen_at > now() - make_interval(secs => $1))`,
    [SILENT_SECONDS],
  );
  if (rows.length === 0) return;
  await pool.query('select graphile_worker.force_unlock_workers($1::text[])', [rows.map((row) => row.locked_by)]);
  await pool.query('delete from worker_heartbeat where seen_at < now() - make_interval(secs => $1)', [
    SILENT_SECONDS * 3,
  ]);
}
