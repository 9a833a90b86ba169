import { type ListQuery, type ListReply, PAGED_ROWS } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';

/** A DataSource or the EntityManager of a transaction. */
export interface Queryable {
  query<T = unknown>(sql: string, parameters?: unknown[]): Promise<T>;
}

/** A column a list may be sorted by. It should be indexed together with the id. */
export interface SortColumn {
  sql: string;
  /** PostgreSQL type, to read the cursor back. */
  type: 'text' | 'timestamptz' | 'integer' | 'bigint' | 'double precision' | 'numeric' | 'uuid' | 'boolean';
  nullable?: boolean;
}

export interface ListPlan<Row, Item> {
  /** Columns, e.g. `r.id, r.created_at as "createdAt"`. */
  select: string;
  /** Everything after FROM, e.g. `record r join source s on …`. */
  from: string;
  /** Conditions joined by AND; values stand in `params` as $1, $2 …. */
  where: readonly string[];
  params: readonly unknown[];
  sortable: Readonly<Record<string, SortColumn>>;
  /** A unique column that settles ties. */
  id: SortColumn;
  query: ListQuery;
  map(row: Row): Item;
  /** The kept count of exactly these rows, where the filter is one of its keys. */
  total?: (() => Promise<number>) | undefined;
}

type Cursor = [sort: string, order: string, value: string | null, id: string];

/**
 * One page of a list, by page number or after a cursor. The total is the kept count where there is one; else it is
 * counted up to {@link PAGED_ROWS}, and said to be at least that many above.
 * @throws DomainError `list.too_deep` (422) beyond row 10,000; `list.bad_cursor` (422).
 */
export async function listPage<Row extends object, Item>(
  db: Queryable,
  plan: ListPlan<Row, Item>,
): Promise<ListReply<Item>> {
  const { query } = plan;
  const column = plan.sortable[query.sort];
  if (!column) throw new RangeError(`no sort column ${query.sort}`);
  const params = [...plan.params];
  const where = [...plan.where];
  if (query.after !== undefined) where.push(afterCursor(plan, column, params));
  const offset = query.after === undefined ? pageOffset(query) : 0;
  const direction = query.order === 'asc' ? 'asc' : 'desc';
  const rows = await db.query<(Row & { cursor_value: string | null; cursor_id: string })[]>(
    `select ${plan.select}, (${column.sql})::text as cursor_value, (${plan.id.sql})::text as cursor_id
     from ${plan.from} ${whereClause(where)}
     order by ${column.sql} ${direction}${column.nullable ? ' nulls last' : ''}, ${plan.id.sql} ${direction}
     limit ${query.perPage + 1} offset ${offset}`,
    params,
  );
  const shown = rows.slice(0, query.perPage);
  const last = rows.length > query.perPage ? shown.at(-1) : undefined;
  // A last page has counted by itself.
  const isLast = query.after === undefined && rows.length <= query.perPage && (rows.length > 0 || offset === 0);
  const total = isLast ? exactly(offset + rows.length) : await totalOf(db, plan);
  return {
    items: shown.map((row) => plan.map(row)),
    ...total,
    next: last ? writeCursor([query.sort, query.order, last.cursor_value, last.cursor_id]) : null,
  };
}

function whereClause(where: readonly string[]): string {
  return where.length > 0 ? `where ${where.map((condition) => `(${condition})`).join(' and ')}` : '';
}

function pageOffset(query: ListQuery): number {
  if (query.page * query.perPage > PAGED_ROWS) {
    throw new DomainError({
      code: 'list.too_deep',
      status: 422,
      field: 'page',
      detail: `Pages go to row ${PAGED_ROWS}: go on with \`after\` (the \`next\` of the page before), or narrow the filter.`,
    });
  }
  return (query.page - 1) * query.perPage;
}

function afterCursor<Row, Item>(plan: ListPlan<Row, Item>, column: SortColumn, params: unknown[]): string {
  const [sort, order, value, id] = readCursor(plan.query.after ?? '');
  if (sort !== plan.query.sort || order !== plan.query.order) throw badCursor();
  const beyond = plan.query.order === 'asc' ? '>' : '<';
  const place = (parameter: unknown, type: string): string => `$${params.push(parameter)}::text::${type}`;
  const idPlace = place(id, plan.id.type);
  if (value === null) return `${column.sql} is null and ${plan.id.sql} ${beyond} ${idPlace}`;
  const row = `(${column.sql}, ${plan.id.sql}) ${beyond} (${place(value, column.type)}, ${idPlace})`;
  return column.nullable ? `${row} or ${column.sql} is null` : row;
}

type Total = Pick<ListReply<never>, 'total' | 'totalIs'>;

const exactly = (total: number): Total => ({ total, totalIs: 'exact' });

async function totalOf<Row, Item>(db: Queryable, plan: ListPlan<Row, Item>): Promise<Total> {
  if (plan.total) return exactly(await plan.total());
  const [counted] = await db.query<{ n: number }[]>(
    `select count(*)::int as n from (
       select 1 from ${plan.from} ${whereClause(plan.where)} limit ${PAGED_ROWS + 1}) counted`,
    [...plan.params],
  );
  const { n } = counted!;
  return n > PAGED_ROWS ? { total: PAGED_ROWS, totalIs: 'at_least' } : exactly(n);
}

function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function readCursor(text: string): Cursor {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed.length === 4 && typeof parsed[3] === 'string') return parsed as Cursor;
  } catch {
    // Said below.
  }
  throw badCursor();
}

function badCursor(): DomainError {
  return new DomainError({
    code: 'list.bad_cursor',
    status: 422,
    field: 'after',
    detail:
      'This `after` does not belong to a list sorted like this: hand back the `next` of the page before, unchanged.',
  });
}
