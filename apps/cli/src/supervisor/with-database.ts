import type { Settings } from '@qingnang/config';
import { checkServer, runningEmbeddedUrl } from '@qingnang/database';
import { DatabaseProcess } from './database-process.js';
import { SupervisorLock } from './lock.js';
import { prepareDataDir } from './preflight.js';

/**
 * Runs `work` on the database of this installation: the one at DATABASE_URL, the built-in one if it runs, or else the
 * built-in one started for the purpose.
 */
export async function withDatabase<T>(settings: Settings, work: (url: string) => Promise<T>): Promise<T> {
  if (settings.databaseUrl) {
    await checkServer(settings.databaseUrl);
    return work(settings.databaseUrl);
  }
  await prepareDataDir(settings);
  const running = await runningEmbeddedUrl(settings.dataDir);
  if (running) return work(running);
  const lock = SupervisorLock.take(settings.dataDir, 'at work on the database');
  const database = new DatabaseProcess(settings, (line) => process.stdout.write(`${line}\n`));
  try {
    await database.start();
    await database.migrate();
    return await work(database.url);
  } finally {
    await database.stop();
    lock.release();
  }
}
