import { listPage, type ListPlan, type SortColumn } from '@qingnang/database';
import type { ListQuery } from '@qingnang/contracts';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createTestDataSource } from '../support/postgres.js';

let dataSource: DataSource;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ dataSource, close } = await createTestDataSource());
  await dataSource.query('create table thing (id integer primary key, at timestamptz not null, score integer)');
  // Microseconds, ties and nulls: where cursors go wrong.
  await dataSource.query(
    `insert into thing select n, timestamptz '2026-01-01' + (n / 3) * interval '1 microsecond', nullif(n % 5, 0)
     from generate_series(1, 12000) n`,
  );
  await dataSource.query('analyze thing');
});
afterAll(() => close?.());

const sortable: Record<string, SortColumn> = {
  at: { sql: 't.at', type: 'timestamptz' },
  score: { sql: 't.score', type: 'integer', nullable: true },
};
const page = (query: Partial<ListQuery>, where: string[] = [], more: Pick<ListPlan<never, never>, 'total'> = {}) =>
  listPage<{ id: number }, number>(dataSource, {
    select: 't.id',
    from: 'thing t',
    where,
    params: [],
    sortable,
    id: { sql: 't.id', type: 'integer' },
    query: { page: 1, perPage: 25, sort: 'at', order: 'desc', ...query },
    map: (row) => row.id,
    ...more,
  });

it.each([
  ['at', 'asc'],
  ['at', 'desc'],
  ['score', 'asc'],
  ['score', 'desc'],
] as const)('follows the cursor through every row once, by %s %s', async (sort, order) => {
  const where = ['t.id <= 60'];
  const seen: number[] = [];
  let reply = await page({ sort, order, perPage: 7 }, where);
  for (;;) {
    seen.push(...reply.items);
    expect(reply.total).toBe(60);
    if (reply.next === null) break;
    reply = await page({ sort, order, perPage: 7, after: reply.next }, where);
  }
  const expected = await dataSource.query<{ id: number }[]>(
    `select id from thing where id <= 60 order by ${sort} ${order} nulls last, id ${order}`,
  );
  expect(seen).toEqual(expected.map((row) => row.id));
});

it('agrees with itself by page and by cursor', async () => {
  const first = await page({ perPage: 10 });
  const byPage = await page({ perPage: 10, page: 2 });
  const byCursor = await page({ perPage: 10, after: first.next! });
  expect(byCursor.items).toEqual(byPage.items);
});

it('counts exactly up to ten thousand rows, and says that it is at least so many above', async () => {
  expect(await page({}, ['t.id <= 10000'])).toMatchObject({ total: 10_000, totalIs: 'exact' });
  expect(await page({})).toMatchObject({ total: 10_000, totalIs: 'at_least' });
});

it('takes a kept count for exact, and asks for none where the last page tells', async () => {
  const total = vi.fn(() => Promise.resolve(12_000));
  expect(await page({}, [], { total })).toMatchObject({ total: 12_000, totalIs: 'exact' });
  expect(await page({}, ['t.id <= 20'], { total })).toMatchObject({ total: 20, totalIs: 'exact' });
  expect(total).toHaveBeenCalledTimes(1);
});

it('answers a page behind the last one with no rows and the right total', async () => {
  expect(await page({ page: 9 }, ['t.id <= 30'])).toEqual({ items: [], total: 30, totalIs: 'exact', next: null });
});

it('refuses pages beyond row ten thousand, and cursors of another order', async () => {
  await expect(page({ page: 401 })).rejects.toMatchObject({ code: 'list.too_deep' });
  const { next } = await page({});
  await expect(page({ sort: 'score', after: next! })).rejects.toMatchObject({ code: 'list.bad_cursor' });
  await expect(page({ after: 'e30' })).rejects.toMatchObject({ code: 'list.bad_cursor' });
});
