import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyRows } from '@qingnang/database';
import { createTestDataSource } from '../support/postgres.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
beforeAll(async () => {
  db = await createTestDataSource();
  await db.dataSource.query(
    'create table copied (n integer primary key, word text, yes boolean, doc jsonb, made int default 7)',
  );
});
afterAll(() => db.close());

const columns = ['n', 'word', 'yes', 'doc'];

it('stores any text as it is, nulls as nulls, and leaves other columns to their defaults', async () => {
  // PostgreSQL's text holds no NUL, and no half characters.
  const unit = fc.oneof(
    fc.constantFrom('\\', '\t', '\n', '\r', '\\N', '\\.', '{', '"', '，', '😀'),
    fc.string({ unit: 'grapheme', maxLength: 3 }).map((text) => text.replaceAll('\0', '')),
  );
  const words = fc.array(unit, { maxLength: 8 }).map((parts) => parts.join(''));
  const rows = fc.array(fc.tuple(fc.option(words), fc.boolean()), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(rows, async (given) => {
      await db.dataSource.query('truncate copied');
      await db.dataSource.transaction((tx) =>
        copyRows(
          tx,
          'copied',
          columns,
          given.map(([word, yes], n) => [n, word, yes, JSON.stringify({ word })]),
        ),
      );
      expect(await db.dataSource.query('select * from copied order by n')).toEqual(
        given.map(([word, yes], n) => ({ n, word, yes, doc: { word }, made: 7 })),
      );
    }),
    { numRuns: 30 },
  );
});

it('fails with what PostgreSQL said, takes the transaction back, and leaves the connection usable', async () => {
  await db.dataSource.query('truncate copied');
  const twice = [1, 1].map((n) => [n, null, null, null]);
  const failing = db.dataSource.transaction(async (tx) => {
    await tx.query('insert into copied (n) values (5)');
    await copyRows(tx, 'copied', columns, twice);
  });
  await expect(failing).rejects.toMatchObject({ code: '23505', constraint: 'copied_pkey' });
  expect(await db.dataSource.query('select n from copied')).toEqual([]);
});
