import { randomBytes } from 'node:crypto';
import { run, runMigrations, type TaskList, type WorkerEvents } from 'graphile-worker';
import { EventEmitter } from 'node:events';
import { DomainError } from '@qingnang/kernel';
import { Heartbeat } from './heartbeat.js';
import { handlersByName } from './job-handler.js';
import { queuePool, silentLogger } from './queue-pool.js';
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
  const names = new Set<string>([workerId]);
  const heartbeat = new Heartbeat(pool, names);
  const stopping = new AbortController();
  const events = new EventEmitter() as WorkerEvents;
  events.on('worker:create', ({ worker }) => {
    names.add(worker.workerId);
    void heartbeat.beat();
  });
  await heartbeat.start();
  const runner = await run({
    pgPool: pool,
    concurrency: options.concurrency,
    pollInterval: options.pollMs ?? 2_000,
    noHandleSignals: true,
    logger: silentLogger,
    events,
    taskList: taskList(options, workerId, stopping.signal),
  });
  return {
    workerId,
    async stop() {
      stopping.abort();
      await runner.stop();
      await heartbeat.stop();
      await pool.end();
    },
  };
}

function taskList(options: QueueWorkerOptions, workerId: string, signal: AbortSignal): TaskList {
  const tasks: TaskList = {};
  for (const [name, { job, handler }] of handlersByName(options.handlers)) {
    tasks[name] = async (payload, helpers) => {
      const { attempts, max_attempts } = helpers.job;
      try {
        const input = job.schema.parse(payload);
        await whenThereIsRoom(() => handler.run(input, { signal, workerId, attempt: attempts }), {
          hasRoom: options.hasRoom,
          firstPauseMs: options.roomPauseMs,
          signal,
        });
      } catch (error) {
        const final = error instanceof DomainError && !error.retryable;
        const willRetry = !final && attempts < max_attempts;
        options.onError(name, error, willRetry);
        // An expected failure that more tries won't mend has been written down by its handler.
        if (final) return;
        if (!willRetry) {
          const { success, data } = job.schema.safeParse(payload);
          if (success) await handler.gaveUp?.(data).catch((second: unknown) => options.onError(name, second, false));
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
