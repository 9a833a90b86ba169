import type { DataSource, EntityManager } from 'typeorm';

/** Any number will do: whoever folds or mends counts holds it. */
const TALLY_LOCK = 7_161_978;
/** Differences folded at once. */
const BATCH = 50_000;

/**
 * Adds the differences that writers left to the kept counts, and removes them: nothing that is read changes. One process
 * folds at a time; another finds the lock taken and leaves it at that. @returns how many differences were folded
 */
export async function foldTally(dataSource: DataSource): Promise<number> {
  let all = 0;
  for (;;) {
    const folded = await dataSource.transaction(foldOnce);
    all += folded;
    if (folded < BATCH) return all;
  }
}

async function foldOnce(tx: EntityManager): Promise<number> {
  const [lock] = await tx.query<{ mine: boolean }[]>('select pg_try_advisory_xact_lock($1) as mine', [TALLY_LOCK]);
  if (!lock!.mine) return 0;
  const [row] = await tx.query<{ n: number }[]>(
    `with folded as (
       delete from tally_delta where ctid = any (array(select ctid from tally_delta limit ${BATCH}))
       returning project_id, topic, scope, key, hour, n
     ), counted as (
       select project_id, topic, scope, key, null::timestamptz as hour, n from folded
       union all select project_id, topic, scope, key, hour, n from folded where hour is not null
     ), kept as (${addRows('select project_id, topic, scope, key, hour, sum(n)::bigint from counted group by 1, 2, 3, 4, 5')})
     select count(*)::int as n from folded`,
  );
  return row!.n;
}

/** SQL that adds rows of (project_id, topic, scope, key, hour, n) to the kept counts. */
function addRows(rows: string): string {
  return `insert into tally (project_id, topic, scope, key, hour, n) ${rows}
    on conflict (project_id, topic, scope, key, hour) do update set n = tally.n + excluded.n`;
}

export interface TallyDifference {
  projectId: string;
  topic: string;
  scope: string;
  key: Record<string, unknown>;
  /** Null: of the count of all times. */
  hour: Date | null;
  /** What is kept, and what there is. */
  kept: string;
  counted: string;
}

/** Both sides in one statement, so of one moment, whoever writes meanwhile. */
const DIFFERENCES = `
  select project_id, topic, scope, key, hour, sum(kept)::bigint as kept, sum(counted)::bigint as counted from (
    select project_id, topic, scope, key, hour, n as kept, 0 as counted from tally
    union all select project_id, topic, scope, key, null, n, 0 from tally_delta
    union all select project_id, topic, scope, key, hour, n, 0 from tally_delta where hour is not null
    union all select project_id, topic, scope, key, hour, 0, n from tally_counted()
  ) both_sides group by 1, 2, 3, 4, 5 having sum(kept) <> sum(counted)`;

/** Counts everything anew and says where the kept counts differ. */
export function tallyDifferences(db: Pick<EntityManager, 'query'>): Promise<TallyDifference[]> {
  return db.query(
    `select project_id as "projectId", topic, scope, key, hour, kept, counted from (${DIFFERENCES}) d
     order by topic, project_id, scope, key, hour nulls first`,
  );
}

/** Sets the kept counts right, while others may go on writing. @returns how many were wrong */
export function mendTally(dataSource: DataSource): Promise<number> {
  return dataSource.transaction(async (tx) => {
    // No fold meanwhile: it moves differences from one side to the other.
    await tx.query('select pg_advisory_xact_lock($1)', [TALLY_LOCK]);
    const mended: unknown[] = await tx.query(
      `with mended as (${addRows(`select project_id, topic, scope, key, hour, counted - kept from (${DIFFERENCES}) d`)} returning 1)
       select * from mended`,
    );
    return mended.length;
  });
}
