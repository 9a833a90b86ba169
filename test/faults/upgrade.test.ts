import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSettings } from '@qingnang/config';
import { createDataSource, readMigrationState } from '@qingnang/database';
import { DatabaseProcess } from '../../apps/cli/src/supervisor/database-process.js';
import { migrations } from '../../migrations/index.js';

let dataDir: string;
let database: DatabaseProcess;
const said: string[] = [];

async function withSource(work: (source: ReturnType<typeof createDataSource>) => Promise<unknown>): Promise<void> {
  const source = await createDataSource({ url: database.url, migrations }).initialize();
  await work(source);
  await source.destroy();
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'qingnang-upgrade-'));
  chmodSync(dataDir, 0o711);
  mkdirSync(join(dataDir, 'logs'));
  database = new DatabaseProcess(parseSettings({ QINGNANG_DATA_DIR: dataDir }), (line) => said.push(line));
  await database.start();
  await database.migrate();
});

afterAll(async () => {
  await database.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('data of another version', () => {
  it('is copied before it is migrated, if it is older', async () => {
    await withSource((source) => source.undoLastMigration());
    await database.migrate();
    const [backup, ...others] = readdirSync(join(dataDir, 'postgres', 'backups'));
    expect(others).toEqual([]);
    expect(backup).toMatch(/before-.*\d{13,14}$/);
    expect(readdirSync(join(dataDir, 'postgres', 'backups', backup!))).toContain('PG_VERSION');
    expect((await readMigrationState(database.url, migrations)).pending).toEqual([]);
    expect(said.some((line) => line.startsWith('backup before the change of schema'))).toBe(true);
  });

  it('is left alone and refused in one sentence, if it is newer', async () => {
    await withSource((source) =>
      source.query(
        `insert into schema_migration (timestamp, name) values (20991231000000, 'FromTheFuture20991231000000')`,
      ),
    );
    await expect(database.migrate()).rejects.toThrow(
      'The data was written by a newer version (FromTheFuture20991231000000 is unknown here): update the program, or restore a backup.',
    );
  });
});
