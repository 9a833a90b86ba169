import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource, EntityMetadata } from 'typeorm';
import { createDataSource, migrateDatabase, readMigrationState } from '@qingnang/database';
import { entities } from '../../apps/api/src/entities.js';
import { migrations } from '../../migrations/index.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { readColumns, readForeignKeys, readShape } from './catalog.js';

/** People and what belongs to them, and the settings of the installation, stand above projects. */
const WITHOUT_PROJECT = [
  'attempt_delay',
  'installation_setting',
  'known_device',
  'person',
  'project',
  'rate_counter',
  'reset_token',
  'session',
  'worker_heartbeat',
];

/** Rows that exist with and without a project: acts of the installation, invitations of people, keys of requests. */
const PROJECT_MAY_BE_EMPTY = ['audit_entry', 'idempotency_key', 'invite'];

let database: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  source = await createDataSource({ url: database.url, entities, migrations, poolSize: 2 }).initialize();
});

afterAll(async () => {
  await source?.destroy();
  await database?.drop();
});

describe('the migrations', () => {
  it('go all up, all down and all up again to the same schema', async () => {
    const before = await readShape(source);
    for (let n = 0; n < migrations.length; n++) await source.undoLastMigration({ transaction: 'each' });
    expect(await readShape(source)).toEqual([]);
    const again = await migrateDatabase(database.url, migrations);
    expect(again).toHaveLength(migrations.length);
    expect(await readShape(source)).toEqual(before);
  });

  it('apply nothing the second time', async () => {
    expect(await migrateDatabase(database.url, migrations)).toEqual([]);
  });

  it('refuse data of a newer version in one sentence', async () => {
    const older = migrations.slice(0, -1);
    await expect(readMigrationState(database.url, older)).rejects.toMatchObject({ code: 'database.newer_data' });
    await expect(migrateDatabase(database.url, older)).rejects.toThrow(
      /^The data was written by a newer version [^\n]*$/,
    );
  });
});

describe('the tables', () => {
  it('all carry their project, but those of people and of the installation', async () => {
    const columns = await readColumns(source);
    const tables = [...new Set(columns.map((column) => column.table))];
    const project = new Map(columns.filter((c) => c.column === 'project_id').map((c) => [c.table, c.nullable]));
    expect(tables.filter((table) => !project.has(table)).sort()).toEqual(WITHOUT_PROJECT);
    const nullable = [...project].filter(([, mayBeEmpty]) => mayBeEmpty).map(([table]) => table);
    expect(nullable.filter((table) => !PROJECT_MAY_BE_EMPTY.includes(table))).toEqual([]);
  });

  it('point at rows of their own project only', async () => {
    const scoped = new Set(
      (await readColumns(source)).filter((c) => c.column === 'project_id').map((column) => column.table),
    );
    const keys = (await readForeignKeys(source)).filter((key) => scoped.has(key.table) && scoped.has(key.target));
    const across = keys.filter((key) => {
      const at = key.columns.indexOf('project_id');
      return at < 0 || key.target_columns[at] !== 'project_id';
    });
    expect(keys.length).toBeGreaterThan(20);
    expect(across.map((key) => key.name)).toEqual([]);
  });
});

describe('the page on the architecture', () => {
  it('names every table, each with one library', async () => {
    const page = await readFile('docs/architecture.md', 'utf8');
    const rows = page
      .split('\n## ')
      .find((part) => part.startsWith('Libraries and their tables'))!
      .split('\n');
    const named = rows.flatMap((row) => row.split('|')[3]?.match(/(?<=`)[a-z_]+(?=`)/g) ?? []);
    const tables = new Set((await readColumns(source)).map((column) => column.table));
    expect(named.sort()).toEqual([...tables].sort());
  });
});

describe('the entities', () => {
  it('have the columns of their tables, no more and no fewer', async () => {
    const catalog = await readColumns(source);
    const faults = source.entityMetadatas.flatMap((metadata) => {
      const actual = catalog.filter((column) => column.table === metadata.tableName).map(describeColumn);
      const expected = metadata.columns.map((column) => entityColumn(metadata, column.propertyPath));
      return [
        ...expected.filter((line) => !actual.includes(line)).map((line) => `only the entity has ${line}`),
        ...actual.filter((line) => !expected.includes(line)).map((line) => `only the table has ${line}`),
      ];
    });
    expect(faults).toEqual([]);
    expect(source.entityMetadatas.length).toBeGreaterThan(20);
  });

  it('have no relations, so that a library never loads another one behind its back', () => {
    expect(source.entityMetadatas.flatMap((metadata) => metadata.relations.map((r) => r.propertyPath))).toEqual([]);
  });
});

function describeColumn(c: {
  table: string;
  column: string;
  type: string;
  nullable: boolean;
  primary: boolean;
}): string {
  return `${c.table}.${c.column} ${c.type}${c.nullable ? ' null' : ''}${c.primary ? ' primary' : ''}`;
}

/** The names TypeORM and PostgreSQL use for the same type. */
const TYPE_NAMES: Record<string, string> = { int: 'integer', float: 'double precision', bool: 'boolean' };

function entityColumn(metadata: EntityMetadata, path: string): string {
  const column = metadata.findColumnWithPropertyPath(path)!;
  const type = source.driver.normalizeType(column);
  const sized = column.precision !== undefined && column.precision !== null && type === 'numeric';
  const name = (TYPE_NAMES[type] ?? type) + (sized ? `(${column.precision},${column.scale ?? 0})` : '');
  return describeColumn({
    table: metadata.tableName,
    column: column.databaseName,
    type: name + (column.isArray ? '[]' : ''),
    nullable: column.isNullable,
    primary: column.isPrimary,
  });
}
