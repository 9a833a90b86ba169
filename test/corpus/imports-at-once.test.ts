import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { corpusEntities } from '@qingnang/corpus';
import { tallyDifferences } from '@qingnang/database';
import { importContent, makeProject, makeSource } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
beforeAll(async () => {
  db = await createTestDataSource(corpusEntities);
});
afterAll(() => db.close());

const plan = { container: 'json', layout: 'alpaca', encoding: 'utf-8', mapping: {} } as const;
const row = (n: number): string =>
  `${JSON.stringify({ instruction: `第${n}例术后几天拆线`, output: `第${n}例七天。` })}\n`;
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const contentOf = (numbers: readonly number[]) => () => Readable.from(numbers.map((n) => Buffer.from(row(n))));

test('the first import has PostgreSQL look at its tables, so that no check of a key reads them whole', async () => {
  const source = await makeSource(db.dataSource, await makeProject(db.dataSource));
  await importContent(db.dataSource, source, contentOf(range(9_000, 9_501)), { plan });
  const known: { name: string; seen: boolean }[] = await db.dataSource.query(
    `select relname as name, reltuples >= 500 as seen from pg_class
     where oid = any(array['record', 'version', 'occurrence']::regclass[]) order by 1`,
  );
  expect(known).toEqual(['occurrence', 'record', 'version'].map((name) => ({ name, seen: true })));
});

test('files read at once that say the same in other orders lose nothing and double nothing', async () => {
  const projectId = await makeProject(db.dataSource);
  const sources = [
    await makeSource(db.dataSource, projectId),
    await makeSource(db.dataSource, projectId, { allowedUse: ['evaluate'] }),
    await makeSource(db.dataSource, projectId),
  ];
  const files = [range(0, 1800), range(900, 2700).reverse(), [...range(1200, 1500), ...range(1200, 1500), 2700]];
  const imports = await Promise.all(
    sources.map((source, i) => importContent(db.dataSource, source, contentOf(files[i]!), { plan })),
  );
  for (const [i, job] of imports.entries()) {
    expect(job).toMatchObject({ state: 'done', readCount: files[i]!.length, rejectedCount: 0, replacedCount: 0 });
    expect(job.acceptedCount + job.duplicateCount).toBe(files[i]!.length);
  }
  expect(imports.reduce((sum, job) => sum + job.acceptedCount, 0)).toBe(2701);

  // Each question is one record with one version, said by every file that has it, under all their sources.
  const rows: { n: number; records: number; versions: number; said: number; sources: string[] }[] =
    await db.dataSource.query(
      `select substring(v.turns -> 0 ->> 'text' from '\\d+')::int as n, count(distinct r.id)::int as records,
         count(distinct v.id)::int as versions, count(o.id)::int as said, min(w.sources::text)::uuid[] as sources
       from record r join version v on v.record_id = r.id join occurrence o on o.record_id = r.id
       join source_set w on w.id = r.source_set_id where r.project_id = $1 group by 1 order by 1`,
      [projectId],
    );
  expect(rows).toEqual(
    range(0, 2701).map((n) => ({
      ...{ n, records: 1, versions: 1, said: files.flat().filter((other) => other === n).length },
      sources: sources.filter((_, i) => files[i]!.includes(n)).map(({ id }) => id),
    })),
  );
  expect(await tallyDifferences(db.dataSource)).toEqual([]);
}, 300_000);
