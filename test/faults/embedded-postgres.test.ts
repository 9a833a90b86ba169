import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@qingnang/database';

let folder: string;
const servers: EmbeddedPostgres[] = [];

async function start(dataDir: string, shelter?: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, logFile: join(folder, 'postgres.log'), shelter });
  servers.push(server);
  return server;
}

async function query(server: EmbeddedPostgres, statement: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: server.url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qingnang-embedded-'));
  chmodSync(folder, 0o711);
});

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

describe('the built-in PostgreSQL', () => {
  it('is adopted when it still runs, and started anew when it was killed, with all that was committed', async () => {
    const dataDir = join(folder, 'data');
    const first = await start(dataDir);
    await query(first, 'create table kept as select 1 as n');

    const adopted = await start(dataDir);
    expect([adopted.pid, adopted.url]).toEqual([first.pid, first.url]);

    process.kill(first.pid, 'SIGKILL');
    await Promise.all([first.ended, adopted.ended]);
    const second = await start(dataDir);
    expect(second.pid).not.toBe(first.pid);
    // The same port, so that whoever holds the address finds it again.
    expect(second.url).toBe(first.url);
    expect(await query(second, 'select n from kept')).toEqual([{ n: 1 }]);
  });

  it('listens on loopback only and asks for a password', async () => {
    const server = await start(join(folder, 'data'));
    const url = new URL(server.url);
    url.password = 'guess';
    await expect(new Client({ connectionString: url.href }).connect()).rejects.toThrow(
      /password authentication failed/,
    );
    expect(await query(server, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  });

  it.runIf(process.getuid?.() === 0)(
    'moves to a folder of its own where root keeps the clone closed to others',
    async () => {
      const home = join(folder, 'home');
      mkdirSync(home, { mode: 0o700 });
      const shelter = join(folder, 'shelter');
      const server = await start(join(home, 'clone', '.qingnang'), shelter);
      expect(server.folder.startsWith(shelter)).toBe(true);
      expect(await query(server, 'select 1 as n')).toEqual([{ n: 1 }]);
      expect(statSync(server.folder).mode & 0o077).toBe(0);
    },
  );
});
