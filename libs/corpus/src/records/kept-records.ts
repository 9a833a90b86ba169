import type { RecordFacets, RecordFilter } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';

/** What records are counted by, and how a filter asks for it. */
const KEYS = ['dataSet', 'department', 'language', 'questionOnly', 'state'] as const;
/** Of a list's query: how it is shown, not what it holds. */
const SHOWING = ['page', 'perPage', 'sort', 'order', 'after'];

const COUNTED = `tally_total k where k.project_id = $1 and k.topic = 'record'`;
const IN_USE = `k.key ->> 'state' not in ('held_back', 'withdrawn')`;

/** The kept count of the records that a filter selects; undefined where it asks for what nobody counts by. */
export function keptRecords(
  db: Queryable,
  projectId: string,
  filter: RecordFilter,
): (() => Promise<number>) | undefined {
  const asked = Object.entries(filter).filter(([name, value]) => value !== undefined && !SHOWING.includes(name));
  if (asked.some(([name]) => !(KEYS as readonly string[]).includes(name))) return undefined;
  const params: unknown[] = [projectId];
  const conditions = asked.map(
    ([name, value]) => `k.key ->> '${name}' = any ($${params.push([value].flat().map(String))}::text[])`,
  );
  if (filter.state === undefined) conditions.push(IN_USE);
  return async () => {
    const where = conditions.map((condition) => ` and ${condition}`).join('');
    const [row] = await db.query<{ n: number }[]>(
      `select coalesce(sum(k.n), 0)::int as n from ${COUNTED}${where}`,
      params,
    );
    return row!.n;
  };
}

/** What there is to choose from, and how much of each: data sets and departments in use, states of all. */
export async function recordFacets(db: Queryable, projectId: string): Promise<RecordFacets> {
  const by = (key: (typeof KEYS)[number], where: string): Promise<{ value: never; count: number }[]> =>
    db.query(
      `select k.key ->> '${key}' as value, sum(k.n)::int as count from ${COUNTED} and ${where}
       group by 1 having sum(k.n) > 0 order by 2 desc, 1 limit 200`,
      [projectId],
    );
  const [dataSets, departments, states] = await Promise.all([
    by('dataSet', IN_USE),
    by('department', IN_USE),
    by('state', 'true'),
  ]);
  return { dataSets, departments, states };
}
