import { loadSettings } from '@qingnang/config';
import { DatabaseProcess } from '../supervisor/database-process.js';
import { SupervisorLock } from '../supervisor/lock.js';
import { prepareDataDir } from '../supervisor/preflight.js';

/** The step of `up` that changes the schema, alone: for images that migrate before they roll out. */
export async function run(): Promise<void> {
  const settings = loadSettings();
  await prepareDataDir(settings);
  // An external database may serve other machines meanwhile; the built-in one belongs to one supervisor.
  const lock = settings.databaseUrl ? undefined : SupervisorLock.take(settings.dataDir, 'qingnang migrate');
  const database = new DatabaseProcess(settings, (line) => process.stdout.write(`${line}\n`));
  try {
    await database.start();
    await database.migrate();
    process.stdout.write('the schema is up to date\n');
  } finally {
    await database.stop();
    lock?.release();
  }
}
