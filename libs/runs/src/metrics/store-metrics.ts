import type { MetricPoint } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';

/**
 * Adds points to a run; those that are there already stay as they are, so a batch sent twice, late or out of order
 * changes nothing. @returns how many were new
 */
export async function storeMetrics(
  db: Queryable,
  run: { id: string; projectId: string },
  points: readonly MetricPoint[],
): Promise<number> {
  if (points.length === 0) return 0;
  const [row] = await db.query<{ n: number }[]>(
    `with added as (
       insert into run_metric (run_id, project_id, attempt, step, key, value, at)
       select $1, $2, p.attempt, p.step, p.key, p.value, p.at
       from unnest($3::int[], $4::int[], $5::text[], $6::double precision[], $7::timestamptz[])
         as p (attempt, step, key, value, at)
       on conflict do nothing returning 1)
     select count(*)::int as n from added`,
    [
      run.id,
      run.projectId,
      points.map((point) => point.attempt),
      points.map((point) => point.step),
      points.map((point) => point.key),
      points.map((point) => point.value),
      points.map((point) => point.time),
    ],
  );
  return row!.n;
}
