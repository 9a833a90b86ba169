import type { DataSource } from 'typeorm';
import { Client } from 'pg';
import { createDataSource, type MigrationClass } from './data-source.js';
import { DatabaseError, describeDatabaseUrl } from './database.errors.js';

/** Any number will do, as long as every process of this installation uses the same. */
const MIGRATION_LOCK = 7_161_977;
const OLDEST_SERVER = 15;

export interface MigrationState {
  applied: string[];
  pending: string[];
}

/** Fails in one sentence if the address is wrong, nobody answers, or the server is older than 15. */
export async function checkServer(url: string): Promise<void> {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new DatabaseError(
      'url',
      'DATABASE_URL is no address of PostgreSQL: write postgres://user:password@host:5432/database.',
    );
  }
  const where = describeDatabaseUrl(url);
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    const version = rows[0]?.server_version ?? '0';
    if (Number.parseInt(version, 10) < OLDEST_SERVER) {
      throw new DatabaseError('too_old', `The server at ${where} is ${version}; ${OLDEST_SERVER} or newer is needed.`);
    }
  } catch (error) {
    if (error instanceof DatabaseError) throw error;
    throw new DatabaseError('unreachable', `The database at ${where} cannot be used: ${reason(error)}.`, error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return 'nobody listens there';
  if (code === 'ENOTFOUND') return 'there is no such host';
  return message.replace(/\s+/g, ' ').replace(/\.$/, '') || code || 'no answer';
}

/** What is applied and what is not; throws in one sentence if the data is newer than this code. */
export async function migrationState(source: DataSource): Promise<MigrationState> {
  const known = source.migrations.map((migration) => migration.name ?? migration.constructor.name);
  const exists = await source.query<{ found: boolean }[]>(
    `select to_regclass('schema_migration') is not null as found`,
  );
  const rows = exists[0]?.found
    ? await source.query<{ name: string }[]>('select name from schema_migration order by id')
    : [];
  const applied = rows.map((row) => row.name);
  const foreign = applied.filter((name) => !known.includes(name));
  if (foreign.length > 0) {
    throw new DatabaseError(
      'newer_data',
      `The data was written by a newer version (${foreign.at(-1)} is unknown here): update the program, or restore a backup.`,
    );
  }
  return { applied, pending: known.filter((name) => !applied.includes(name)) };
}

/** {@link migrationState} of the database at that address. */
export async function readMigrationState(url: string, migrations: readonly MigrationClass[]): Promise<MigrationState> {
  const source = await createDataSource({ url, migrations, poolSize: 1 }).initialize();
  try {
    return await migrationState(source);
  } finally {
    await source.destroy();
  }
}

/**
 * Brings the schema up to this code; returns the names of what was applied.
 * Safe when several processes start at once: one migrates, the others wait.
 */
export async function migrateDatabase(url: string, migrations: readonly MigrationClass[]): Promise<string[]> {
  const source = await createDataSource({
    url,
    migrations,
    poolSize: 2,
    applicationName: 'qingnang-migrate',
  }).initialize();
  const guard = new Client({ connectionString: url });
  guard.on('error', () => undefined);
  try {
    await guard.connect();
    await guard.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await migrationState(source);
    const done = await source.runMigrations({ transaction: 'each' });
    return done.map((migration) => migration.name);
  } finally {
    await guard.end().catch(() => undefined);
    await source.destroy();
  }
}
