import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { DatabaseError } from '../database.errors.js';
import { clusterPath, DATABASE, ensureCluster, readRecord, serverFault, SUPERUSER, writeRecord } from './cluster.js';
import { choosePlace, type Place } from './place.js';
import { isAlive, livePostmaster, spawnKeeper, spawnPostmaster } from './postmaster.js';

export interface EmbeddedOptions {
  /** The folder of the installation; the cluster lies in `postgres/` below it. */
  dataDir: string;
  logFile: string;
  /** For tests: no flush to disk. */
  unsafe?: boolean;
  /** For tests: where to go instead of /var/lib/qingnang. */
  shelter?: string | undefined;
}

export interface EmbeddedPostgres {
  url: string;
  pid: number;
  /** The folder that holds the cluster, for copies while the server is stopped. */
  folder: string;
  /** Settles when the server has ended, by `stop` or by itself. */
  ended: Promise<void>;
  /** Fast shutdown: open statements are rolled back, committed data is on disk. */
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;

/** Starts the built-in server, or adopts the one an earlier, killed process left running. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const place = await choosePlace(options.dataDir, options.shelter);
  await ensureCluster(place, { sync: !options.unsafe });
  const { password } = await readRecord(place);
  const server = (await adopt(place, password)) ?? (await launch(place, password, options));
  const keeper = spawnKeeper(place, server.pid);
  void server.ended.then(() => keeper.kill('SIGKILL'));
  await ensureDatabase(address(server.port, password, 'postgres'));
  return {
    url: address(server.port, password, DATABASE),
    pid: server.pid,
    folder: place.folder,
    ended: server.ended,
    stop: async () => {
      if (isAlive(server.pid)) process.kill(server.pid, 'SIGINT');
      await server.ended;
    },
  };
}

/** The address of the server that another process keeps running on this data folder, if there is one. */
export async function runningEmbeddedUrl(dataDir: string, shelter?: string): Promise<string | null> {
  const place = await choosePlace(dataDir, shelter);
  const live = await livePostmaster(place);
  if (!live) return null;
  const { password } = await readRecord(place);
  const answering = await answers(address(live.port, password, DATABASE), clusterPath(place));
  return answering ? address(live.port, password, DATABASE) : null;
}

interface Server {
  pid: number;
  port: number;
  ended: Promise<void>;
}

async function adopt(place: Place, password: string): Promise<Server | null> {
  const limit = Date.now() + START_LIMIT_MS;
  for (let live = await livePostmaster(place); live; live = await livePostmaster(place)) {
    if (await answers(address(live.port, password, 'postgres'), clusterPath(place))) {
      return { ...live, ended: endOf(live.pid) };
    }
    // Alive and silent: it is starting, recovering, or on its way out since its supervisor died.
    if (Date.now() > limit) {
      throw new DatabaseError(
        'silent',
        `PostgreSQL (process ${live.pid}) holds the data folder but does not answer: end it.`,
      );
    }
    await delay(50);
  }
  return null;
}

async function launch(place: Place, password: string, options: EmbeddedOptions): Promise<Server> {
  const port = await freePort((await readRecord(place)).port);
  const child = spawnPostmaster(place, { port, logFile: options.logFile, unsafe: options.unsafe ?? false });
  const ended = once(child, 'exit').then(() => undefined);
  const gone = ended.then(() => true);
  const limit = Date.now() + START_LIMIT_MS;
  while (!(await answers(address(port, password, 'postgres'), clusterPath(place)))) {
    const fell = await Promise.race([gone, delay(30, false)]);
    if (!fell && Date.now() < limit) continue;
    const log = await readFile(options.logFile, 'utf8');
    if (!fell) child.kill('SIGKILL');
    throw serverFault(log.slice(-4000), `it ended; see ${options.logFile}`);
  }
  await writeRecord(place, { port, password });
  return { pid: child.pid!, port, ended };
}

/** An adopted server is not our child: its end can only be looked for. */
async function endOf(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(100, undefined, { ref: false });
}

async function answers(url: string, dataDirectory: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return rows[0]?.data_directory === dataDirectory;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${DATABASE} template template0`);
  } finally {
    await client.end();
  }
}

const address = (port: number, password: string, database: string): string =>
  `postgres://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;

/** The same port as last time where it is free: processes that hold the address then find the server again. */
async function freePort(wanted: number): Promise<number> {
  const server = createServer();
  try {
    await once(server.listen(wanted, '127.0.0.1'), 'listening');
  } catch {
    return freePort(0);
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
