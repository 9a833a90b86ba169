import { runOnce, type TaskList } from 'graphile-worker';
import { handlersByName } from './job-handler.js';
import { JobHold } from './job-hold.js';
import { queuePool, silentLogger } from './queue-pool.js';

/** For tests: runs every job that is due, those they enqueue included, in this process, and rethrows what failed. */
export async function runJobsUntilEmpty(url: string, handlers: readonly object[]): Promise<void> {
  const pool = queuePool(url, 3);
  const failures: unknown[] = [];
  const tasks: TaskList = {};
  for (const [name, { job, handler }] of handlersByName(handlers)) {
    tasks[name] = async (payload, helpers) => {
      try {
        const fence = new JobHold(helpers.job);
        const { signal } = new AbortController();
        const context = { signal, workerId: 'inline', attempt: helpers.job.attempts };
        await handler.run(job.schema.parse(payload), { ...context, hold: (tx) => fence.hold(tx) });
      } catch (error) {
        failures.push(error);
      }
    };
  }
  try {
    await runOnce({ pgPool: pool, taskList: tasks, noHandleSignals: true, logger: silentLogger });
  } finally {
    await pool.end();
  }
  if (failures.length > 0) throw failures[0];
}
