import { afterAll, beforeAll, expect, it } from 'vitest';
import { corpusEntities } from '@qingnang/corpus';
import { consultationLines } from '../support/consultations.js';
import { importContent, makeProject, makeSource } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';

// `npm run bench -- record-size`
const ROWS = 200_000;
const TABLES = ['record', 'version', 'occurrence'];
/** Kilobytes of 1,000 bytes a record, indexes and occurrence included. */
const ALLOWED_BYTES = 1600;

let db: Awaited<ReturnType<typeof createTestDataSource>>;
beforeAll(async () => {
  db = await createTestDataSource(corpusEntities);
});
afterAll(() => db.close());

const plan = { container: 'json', layout: 'alpaca', encoding: 'utf-8', mapping: { id: 'id' } } as const;

/** Bytes a record of tables and their indexes. */
async function bytesOf(tables: readonly string[]): Promise<Record<string, number>> {
  await db.dataSource.query(`vacuum analyze ${tables.join(', ')}`);
  const rows: { name: string; bytes: string }[] = await db.dataSource.query(
    `select c.relname as name, pg_table_size(c.oid) as bytes from pg_class c where c.oid = any($1::text[]::regclass[])
     union all select i.indexrelid::regclass::text, pg_relation_size(i.indexrelid) from pg_index i
       where i.indrelid = any($1::text[]::regclass[])`,
    [tables],
  );
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, Math.round((Number(bytes) / ROWS) * 10) / 10]));
}

const sum = (bytes: Record<string, number>): number => Math.round(Object.values(bytes).reduce((a, b) => a + b, 0));

it('bytes a record at the mean length of Huatuo-26M', async () => {
  const projectId = await makeProject(db.dataSource);
  const source = await makeSource(db.dataSource, projectId);
  const job = await importContent(db.dataSource, source, () => consultationLines(ROWS), { plan });
  expect(job).toMatchObject({ readCount: ROWS, acceptedCount: ROWS });
  const [text] = await db.dataSource.query(
    `select round(avg(character_count), 1)::float as characters,
       (select round(avg(octet_length(v.turns::text)))::int from version v) as turns from record`,
  );
  const bytes = await bytesOf(TABLES);
  await db.dataSource.query(
    `insert into record_signal (record_id, project_id, group_id)
     select id, project_id, substr(identity_hash, 1, 16) from record`,
  );
  const signals = await bytesOf(['record_signal']);
  console.log(JSON.stringify({ rows: ROWS, ...text, total: sum(bytes), bytes, signals: sum(signals) }, null, 2));
  expect(sum(bytes)).toBeLessThanOrEqual(ALLOWED_BYTES);
});
