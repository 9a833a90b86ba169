import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings, repositoryRoot, type Settings } from '@qingnang/config';
import { DomainError } from '@qingnang/kernel';
import { checkServer, createDataSource, readMigrationState, runningEmbeddedUrl } from '@qingnang/database';
import { diskFullSentence, freeBytes, readDiskRoom } from '@qingnang/storage';
import { migrations } from '../../../../migrations/index.js';
import { MEND, checkCounts } from './doctor-counts.js';
import { lockHolder } from '../supervisor/lock.js';

type Check = (settings: Settings, args: readonly string[]) => Promise<string>;

/** Each returns what is well, or throws what is not. */
const checks: Record<string, Check> = {
  programs: async () => {
    const missing = [
      'dist/apps/api/src/main.js',
      'dist/apps/worker/src/main.js',
      'dist/apps/rehearsal/src/main.js',
      'apps/console/dist/index.html',
    ].filter((path) => !existsSync(join(repositoryRoot(), path)));
    if (missing.length > 0) throw new Error(`not built: ${missing.join(', ')}; run npm run build`);
    return `built, on Node ${process.versions.node}`;
  },
  disk: async ({ dataDir, leastFreeMb }) => {
    const folder = existsSync(dataDir) ? dataDir : repositoryRoot();
    const free = await freeBytes(folder);
    if (free < leastFreeMb * 2 ** 20) throw new Error(diskFullSentence({ free, full: 'folder' }));
    return `${(free / 2 ** 30).toFixed(1)} GB free at ${folder}`;
  },
  supervisor: async ({ dataDir }) => {
    const holder = lockHolder(dataDir);
    return holder ? `runs as process ${holder.pid}, ${holder.address}` : 'does not run';
  },
  database: async (settings) => {
    const { databaseUrl, dataDir } = settings;
    const url = databaseUrl ?? (existsSync(dataDir) ? await runningEmbeddedUrl(dataDir) : null);
    if (!url) return 'built-in, does not run';
    await checkServer(url);
    const { applied, pending } = await readMigrationState(url, migrations);
    await checkRoom(url, settings);
    return `${applied.length} migrations applied, ${pending.length} to come`;
  },
  counts: async ({ databaseUrl, dataDir }, args) => {
    const url = databaseUrl ?? (existsSync(dataDir) ? await runningEmbeddedUrl(dataDir) : null);
    return url ? checkCounts(url, { mend: args.includes(MEND) }) : 'built-in database, does not run';
  },
  api: async ({ dataDir }) => {
    const holder = lockHolder(dataDir);
    if (!holder) return 'does not run';
    const response = await fetch(`${holder.address}/api/v1/health/ready`, { signal: AbortSignal.timeout(5_000) });
    if (!response.ok) {
      const problem = (await response.json().catch(() => null)) as { detail?: string } | null;
      throw new Error(problem?.detail ?? `answers ${response.status} at ${response.url}`);
    }
    return 'ready';
  },
};

/** A database that may lie on another machine is asked to write a little. */
async function checkRoom(url: string, settings: Settings): Promise<void> {
  const source = await createDataSource({ url, poolSize: 1 }).initialize();
  try {
    const room = await readDiskRoom({ ...settings, leastFreeMb: 0 }, source);
    if (room.full !== null) throw new Error(diskFullSentence(room));
  } finally {
    await source.destroy();
  }
}

/** Prints one line a check; exit code 1 if one of them fails. `--mend-counts` sets kept counts right that are wrong. */
export async function run(args: string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== MEND);
  if (unknown !== undefined)
    throw new DomainError({
      code: 'cli.unknown_option',
      status: 400,
      detail: `There is no ${unknown}; doctor takes ${MEND} only.`,
    });
  const settings = loadSettings();
  let faults = 0;
  for (const [name, check] of Object.entries(checks)) {
    try {
      process.stdout.write(`ok    ${name}: ${await check(settings, args)}\n`);
    } catch (error) {
      faults += 1;
      process.stdout.write(`FAULT ${name}: ${(error as Error).message}\n`);
    }
  }
  return faults === 0 ? 0 : 1;
}
