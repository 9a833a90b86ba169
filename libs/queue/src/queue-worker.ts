import { randomBytes } from 'node:crypto';
import { run, runMigrations, type TaskList, type WorkerEvents } from 'graphile-worker';
import { EventEmitter } from 'node:events';
import type { Pool } from 'pg';
import { DomainError } from '@qingnang/kernel';
import { Heartbeat } from './heartbeat.js';
import { handlersByName, type JobAttempt } from './job-handler.js';
import { JobHold, JobTakenError } from './job-hold.js';
import { queuePool, silentLogger } from './queue-pool.js';
import { Sweeper } from './sweeper.js';
import { whenThereIsRoom } from './wait-for-room.js';

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
  /** Whether there is room to write: without it jobs wait. */
  hasRoom?: () => Promise<boolean>;
  /** First pause of a job that waits for room. */
  roomPauseMs?: number;
  /** Pause between looks for work that the queue has lost. */
  sweepMs?: number;
  onError(jobName: string, error: unknown, willRetry: boolean): void;
  /** It takes no more jobs though nobody stopped it; whatever it held waits until this process is gone. */
  onBroken?(error: unknown): void;
}

export interface QueueWorker {
  readonly workerId: string;
  /** Takes no more jobs, aborts the signal of those at work, waits for them. */
  stop(): Promise<void>;
}

/**
 * Starts taking jobs. Its heartbeat frees what dead workers held, at start and every few seconds; its sweeper queues anew
 * what the queue has lost.
 */
export async function startQueueWorker(options: QueueWorkerOptions): Promise<QueueWorker> {
  const pool = queuePool(options.url, options.concurrency + 4);
  const workerId = `worker-${process.pid}-${randomBytes(4).toString('hex')}`;
  const names = new Set<string>([workerId]);
  const heartbeat = new Heartbeat(pool, names);
  const handlers = handlersByName(options.handlers);
  const sweeper = new Sweeper(
    pool,
    [...handlers.values()].map(({ job }) => job),
    options.sweepMs,
  );
  const stopping = new AbortController();
  await heartbeat.start();
  const runner = await run({
    pgPool: pool,
    concurrency: options.concurrency,
    pollInterval: options.pollMs ?? 2_000,
    noHandleSignals: true,
    logger: silentLogger,
    events: namesOfPools(names, heartbeat),
    taskList: taskList(options, { handlers, pool, workerId, signal: stopping.signal }),
  });
  runner.promise.catch((error: unknown) => {
    if (!stopping.signal.aborted) options.onBroken?.(error);
  });
  sweeper.start();
  return {
    workerId,
    async stop() {
      stopping.abort();
      await sweeper.stop();
      await runner.stop();
      await heartbeat.stop();
      await pool.end();
    },
  };
}

/** Jobs are locked in the name of the pool that took them, so the heartbeat has to speak in it. */
function namesOfPools(names: Set<string>, heartbeat: Heartbeat): WorkerEvents {
  const events = new EventEmitter() as WorkerEvents;
  events.on('pool:create', ({ workerPool }) => {
    names.add(workerPool.id);
    void heartbeat.beat();
  });
  return events;
}

interface TaskSetting {
  handlers: ReturnType<typeof handlersByName>;
  pool: Pool;
  workerId: string;
  signal: AbortSignal;
}

function taskList(options: QueueWorkerOptions, { handlers, pool, workerId, signal }: TaskSetting): TaskList {
  const tasks: TaskList = {};
  for (const [name, { job, handler }] of handlers) {
    tasks[name] = async (payload, helpers) => {
      const { attempts, max_attempts } = helpers.job;
      const fence = new JobHold(helpers.job);
      const hold: JobAttempt['hold'] = (tx) => fence.hold(tx);
      try {
        const input = job.schema.parse(payload);
        await whenThereIsRoom(() => handler.run(input, { signal, hold, workerId, attempt: attempts }), {
          hasRoom: options.hasRoom,
          firstPauseMs: options.roomPauseMs,
          signal,
        });
        await fence.end(pool);
      } catch (error) {
        // Whoever has the job now will see to it; the queue leaves alone what is no longer in our name.
        if (error instanceof JobTakenError) throw error;
        const final = error instanceof DomainError && !error.retryable;
        const willRetry = !final && attempts < max_attempts;
        options.onError(name, error, willRetry);
        // An expected failure that more tries won't mend has been written down by its handler.
        if (final) return fence.end(pool);
        if (!willRetry) {
          const { success, data } = job.schema.safeParse(payload);
          const gaveUp = success ? handler.gaveUp?.(data, { signal, hold }) : undefined;
          await gaveUp?.catch((second: unknown) => options.onError(name, second, false));
        }
        throw withoutText(error);
      }
    };
  }
  return tasks;
}

/** The queue keeps the message of what a job threw, and a message may quote text: only its kind is handed on. */
function withoutText(error: unknown): Error {
  if (error instanceof DomainError) return new Error(error.code);
  return new Error(error instanceof Error ? error.name : typeof error);
}
