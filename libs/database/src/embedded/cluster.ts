import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseError } from '../database.errors.js';
import type { Place } from './place.js';
import { runAs } from './system-user.js';

export const SUPERUSER = 'qingnang';
export const DATABASE = 'qingnang';

/** What both apps and the next start need to find the server; kept beside the cluster, mode 600. */
export interface ServerRecord {
  port: number;
  password: string;
}

const recordPath = (place: Place): string => join(place.folder, 'server.json');
export const clusterPath = (place: Place): string => join(place.folder, 'cluster');

export async function readRecord(place: Place): Promise<ServerRecord> {
  return JSON.parse(await readFile(recordPath(place), 'utf8')) as ServerRecord;
}

/** Written whole or not at all: a torn password would lock everybody out. */
export async function writeRecord(place: Place, record: ServerRecord): Promise<void> {
  const part = `${recordPath(place)}.part`;
  await writeFile(part, JSON.stringify(record), { mode: 0o600 });
  await rename(part, recordPath(place));
}

/** Makes the cluster where there is none. Killed half way, the next start begins anew. */
export async function ensureCluster(place: Place, options: { sync: boolean }): Promise<void> {
  if (existsSync(join(clusterPath(place), 'PG_VERSION'))) return;
  const password = randomBytes(24).toString('base64url');
  await writeRecord(place, { port: 0, password });
  const part = `${clusterPath(place)}.part`;
  const passwordFile = join(place.folder, 'password');
  await rm(part, { recursive: true, force: true });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (place.user) await chown(passwordFile, place.user.uid, place.user.gid);
  try {
    await initdb(place, [
      ...['-D', part, '-U', SUPERUSER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8'],
      // A fixed locale: the machine's own would decide how Chinese text sorts and whether it can be indexed.
      `--locale=${process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'}`,
      ...(options.sync ? [] : ['--no-sync']),
    ]);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(part, clusterPath(place));
}

function initdb(place: Place, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(place.binaries.bin, 'initdb'), args, {
      ...runAs(place.user),
      cwd: place.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: '/usr/bin:/bin', TZ: 'UTC' },
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(serverFault(errors, `initdb ended with ${code}`))));
  });
}

/** One sentence from what the server wrote before it gave up. */
export function serverFault(log: string, otherwise: string): DatabaseError {
  if (/No space left on device/.test(log)) {
    return new DatabaseError('disk_full', 'The disk is full: free some space for the data folder and start again.');
  }
  const major = /initialized by PostgreSQL version (\d+)/.exec(log)?.[1];
  if (major) {
    return new DatabaseError(
      'cluster_version',
      `The data folder belongs to PostgreSQL ${major}; this server is another.`,
    );
  }
  const line = log.split('\n').findLast((text) => /FATAL|PANIC|error:|ERROR/.test(text));
  return new DatabaseError('start_failed', `PostgreSQL did not start: ${line?.trim() ?? otherwise}.`);
}
