import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { childEnvironment, repositoryRoot } from '@qingnang/config';

const WORKER = join(repositoryRoot(), 'dist/apps/worker/src/main.js');

/** The built worker, as the supervisor starts it; settles when it takes jobs. */
export async function startWorkerProcess(settings: Parameters<typeof childEnvironment>[0]): Promise<ChildProcess> {
  if (!existsSync(WORKER)) throw new Error('This needs the built worker: npm run build');
  const env = childEnvironment({ port: 0, logLevel: 'error', ...settings });
  const worker = fork(WORKER, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(worker, 'exit').then(() => Promise.reject(new Error('the worker ended while starting')));
  await Promise.race([once(worker, 'message'), ended]);
  ended.catch(() => undefined);
  return worker;
}

/** The queue notices a silent worker after twenty seconds: lets that time pass at once for every worker that is quiet now. */
export async function letSilencePass(dataSource: DataSource): Promise<void> {
  await dataSource.query(`update worker_heartbeat set seen_at = seen_at - interval '1 hour'`);
  await dataSource.query(
    `update graphile_worker._private_jobs set locked_at = locked_at - interval '1 hour' where locked_at is not null`,
  );
}
