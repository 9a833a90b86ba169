import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterPath } from './cluster.js';
import type { Place } from './place.js';
import { runAs } from './system-user.js';

/** A path longer than this does not fit into a socket address. */
const SOCKET_PATH_LIMIT = 90;

const FAST_AND_UNSAFE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_wal_size=4GB'];

export interface ServerOptions {
  port: number;
  logFile: string;
  /** For tests only: nothing is forced to disk, so a power cut may lose the cluster. */
  unsafe: boolean;
}

/** Starts `postgres` as a process of its own session: a Ctrl-C in the terminal must reach the supervisor alone. */
export function spawnPostmaster(place: Place, options: ServerOptions): ChildProcess {
  const socket = place.folder.length < SOCKET_PATH_LIMIT ? place.folder : '';
  const settings = [
    `port=${options.port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${socket}`,
    'unix_socket_permissions=0700',
    'jit=off',
    'log_timezone=UTC',
    'timezone=UTC',
    'logging_collector=off',
    // Statements carry medical text, and this log is read by whoever runs the machine.
    'log_min_error_statement=panic',
    'log_error_verbosity=terse',
    'log_parameter_max_length_on_error=0',
    ...(options.unsafe ? FAST_AND_UNSAFE : []),
  ];
  const log = openSync(options.logFile, 'a', 0o600);
  return spawn(
    join(place.binaries.bin, 'postgres'),
    ['-D', clusterPath(place), ...settings.flatMap((setting) => ['-c', setting])],
    {
      ...runAs(place.user),
      cwd: place.folder,
      detached: true,
      stdio: ['ignore', log, log],
      env: { PATH: '/usr/bin:/bin', TZ: 'UTC' },
    },
  );
}

/**
 * Ends the server when this process dies, however it dies: a shell waits at a pipe that only we hold open.
 * SIGINT is PostgreSQL's fast shutdown.
 */
export function spawnKeeper(place: Place, pid: number): ChildProcess {
  return spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1" 2>/dev/null', 'sh', String(pid)], {
    ...runAs(place.user),
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}

/** The process the cluster's lock file names, if it is alive and a PostgreSQL; a stale lock file is removed. */
export async function livePostmaster(place: Place): Promise<{ pid: number; port: number } | null> {
  const lockFile = join(clusterPath(place), 'postmaster.pid');
  if (!existsSync(lockFile)) return null;
  const lines = (await readFile(lockFile, 'utf8')).split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (Number.isInteger(pid) && pid > 0 && isAlive(pid) && isPostgres(pid)) return { pid, port };
  // Its number may by now belong to a stranger of the same account, at which PostgreSQL would refuse to start.
  await rm(lockFile, { force: true });
  return null;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isPostgres(pid: number): boolean {
  const commandLine = `/proc/${pid}/cmdline`;
  return (
    !existsSync('/proc/self') || (existsSync(commandLine) && readFileSync(commandLine, 'utf8').includes('postgres'))
  );
}
