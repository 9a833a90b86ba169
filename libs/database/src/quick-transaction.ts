import type { PoolClient } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

/** Names of statements by their text; what was met after so many is planned each time. */
const names = new Map<string, string>();
const MOST_NAMES = 200;

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MOST_NAMES) return known;
  const name = `quick_${names.size + 1}`;
  names.set(text, name);
  return name;
}

/** While `work` runs, what is asked over this line is planned the first time and then only executed. */
async function planOnce<T>(runner: QueryRunner, work: () => Promise<T>): Promise<T> {
  const client = (await runner.connect()) as PoolClient;
  const query = client.query.bind(client) as (statement: unknown, values?: unknown[]) => Promise<unknown>;
  const named = (text: string, values?: unknown[]): Promise<unknown> => {
    const name = values && values.length > 0 ? nameOf(text) : undefined;
    return name === undefined ? query(text, values) : query({ name, text, values });
  };
  Object.assign(client, { query: named });
  try {
    return await work();
  } finally {
    // The class's own method again.
    delete (client as { query?: unknown }).query;
  }
}

/** The planner is to take the index a statement was written for, whatever it believes, and to keep the plan. */
const SETTINGS = 'set local enable_seqscan = off; set local plan_cache_mode = force_generic_plan';

/**
 * A transaction for what people do all day: its statements find their rows by key, and each is planned once a connection
 * instead of every time. Not for statements whose text is made up anew, nor for those that read much.
 */
export function quickTransaction<T>(dataSource: DataSource, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  return dataSource.transaction((tx) =>
    planOnce(tx.queryRunner!, async () => {
      await tx.query(SETTINGS);
      return work(tx);
    }),
  );
}

/** One statement of every request, by keys of small tables: planned once a connection, too. */
export async function quickQuery<T>(dataSource: DataSource, text: string, values: unknown[]): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    return await planOnce(runner, () => runner.query(text, values) as Promise<T>);
  } finally {
    await runner.release();
  }
}
