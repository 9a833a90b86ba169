import type { DataSource } from 'typeorm';

const TABLES = 'record, version, occurrence';
/** Below this a table is as good as empty to the planner. */
const FEWEST_ROWS = 1_000;

/**
 * Lets PostgreSQL look at the tables that an import fills, where it has not yet. It plans the check of a foreign key once a
 * connection; of a table that it takes for empty any index is as good as another, so it may take one that finds all records
 * of a project, and reads all of them for each row that is added. The server would look by itself a minute later.
 */
export async function ensureStatistics(dataSource: DataSource): Promise<void> {
  const [tables]: { unknown: boolean }[] = await dataSource.query(
    `select bool_or(reltuples < $1) as unknown from pg_class where oid = any(string_to_array($2, ', ')::regclass[])`,
    [FEWEST_ROWS, TABLES],
  );
  if (tables!.unknown) await dataSource.query(`analyze (skip_locked) ${TABLES}`);
}
