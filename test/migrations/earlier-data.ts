import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { DataSource } from 'typeorm';
import { createDataSource, migrateDatabase } from '@qingnang/database';
import { migrations } from '../../migrations/index.js';
import { createTestDatabase } from '../support/postgres.js';

/** The last migration that the stored data knew. */
const LAST_KNOWN = 'CountArrivingFiles20261123110200';
const FILE = new URL('demo-before-versions-said.jsonl.gz', import.meta.url);

/** A row as PostgreSQL's `to_jsonb` wrote it. */
export type StoredRow = Record<string, unknown>;

export interface EarlierData {
  dataSource: DataSource;
  /** The rows of a table before the newer migrations ran. */
  before(table: string): StoredRow[];
  /** The rows a query finds now. */
  now<T = StoredRow>(sql: string, params?: unknown[]): Promise<T[]>;
  close(): Promise<void>;
}

/**
 * An installation as people have it: a trimmed demo (all synthetic) written by the version whose last migration is
 * `LAST_KNOWN`, one JSON row a line, brought up to today's schema. Beside the demo it holds what that version could do
 * wrong: a test question (source 考核题) whose record was rewritten when another source renumbered its rows.
 */
export async function migrateEarlierData(
  /** What else had happened in that version. */
  before: (dataSource: DataSource) => Promise<void> = async () => undefined,
): Promise<EarlierData> {
  const stored = readStored();
  const database = await createTestDatabase({ empty: true });
  const known = migrations.slice(0, migrations.findIndex((migration) => migration.name === LAST_KNOWN) + 1);
  await migrateDatabase(database.url, known);
  const dataSource = await createDataSource({ url: database.url, poolSize: 2 }).initialize();
  await insertStored(dataSource, stored);
  await before(dataSource);
  await migrateDatabase(database.url, migrations);
  return {
    dataSource,
    before: (table) => stored.get(table) ?? [],
    now: (sql, params) => dataSource.query(sql, params),
    close: async () => {
      await dataSource.destroy();
      await database.drop();
    },
  };
}

function readStored(): Map<string, StoredRow[]> {
  const tables = new Map<string, StoredRow[]>();
  for (const line of gunzipSync(readFileSync(FILE)).toString('utf8').trimEnd().split('\n')) {
    const { table, row } = JSON.parse(line) as { table: string; row: StoredRow };
    tables.set(table, [...(tables.get(table) ?? []), row]);
  }
  return tables;
}

/** Rows point at each other in every direction, so keys and triggers rest while they come in. */
async function insertStored(dataSource: DataSource, stored: ReadonlyMap<string, StoredRow[]>): Promise<void> {
  await dataSource.transaction(async (tx) => {
    await tx.query(`set local session_replication_role = 'replica'`);
    for (const [table, rows] of stored) {
      await tx.query(
        `insert into "${table}" select * from jsonb_populate_recordset(null::public."${table}", $1::jsonb)`,
        [JSON.stringify(rows)],
      );
    }
  });
}
