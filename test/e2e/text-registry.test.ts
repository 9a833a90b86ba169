import { textExempt, textRegistry } from '@qingnang/contracts';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDataSource } from '../support/postgres.js';

let dataSource: DataSource;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ dataSource, close } = await createTestDataSource());
});
afterAll(() => close?.());

/** Written by the migration runner, not by us. */
const foreign = new Set(['schema_migration']);

async function textColumns(): Promise<string[]> {
  const rows = await dataSource.query<{ table: string; column: string }[]>(
    `select table_name as "table", column_name as "column" from information_schema.columns
     where table_schema = 'public' and (data_type in ('text', 'jsonb', 'json', 'character varying', 'bytea')
       or (data_type = 'ARRAY' and udt_name in ('_text', '_varchar', '_jsonb')))
     order by 1, 2`,
  );
  return rows.filter(({ table }) => !foreign.has(table)).map(({ table, column }) => `${table}.${column}`);
}

const registered = textRegistry.map(({ table, column }) => `${table}.${column}`);
const exempt = textExempt.flatMap(({ columns }) => columns);

it('knows every column that could hold text, either as registered or as exempt', async () => {
  const known = new Set([...registered, ...exempt]);
  expect((await textColumns()).filter((column) => !known.has(column))).toEqual([]);
});

it('names no column that is not there, and none twice', async () => {
  const there = new Set(await textColumns());
  const named = [...registered, ...exempt];
  expect(named.filter((column) => !there.has(column))).toEqual([]);
  expect(named.filter((column, index) => named.indexOf(column) !== index)).toEqual([]);
});

it.each(textRegistry)('leads from $table.$column to its record', async ({ table, column, join, record }) => {
  const statement = `select t.${column} from ${table} t ${join} where ${record} = $1::uuid`;
  await expect(dataSource.query(statement, ['00000000-0000-7000-8000-000000000000'])).resolves.toEqual([]);
});

it.each(textRegistry.filter(({ erase }) => erase === 'null'))('can empty $table.$column', async ({ table, column }) => {
  const [row] = await dataSource.query<{ nullable: string }[]>(
    `select is_nullable as nullable from information_schema.columns
     where table_schema = 'public' and table_name = $1 and column_name = $2`,
    [table, column],
  );
  expect(row?.nullable).toBe('YES');
});
