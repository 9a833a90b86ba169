/**
 * A recursive table expression `line (root, record_id)`: each record of `seed` (a query with a column `id`) with itself
 * and everything it descends from. Parents are looked up by key, in lateral queries that `offset 0` keeps whole: the
 * planner takes every line for a long one and would read the whole table.
 */
export function lineSql(seed: string): string {
  return `line (root, record_id) as (
    select seed.id, seed.id from (${seed}) seed
    union
    select l.root, p.parent_record_id from line l cross join lateral (
      select d.parent_record_id from record_parent d
      where d.record_id = l.record_id and d.parent_record_id is not null offset 0) p)`;
}

/** Roots of `line` that descend from a case of an evaluation suite, as a query with a column `root`. */
export const FROM_CASES = `select l.root from line l cross join lateral (
  select from record_parent d where d.record_id = l.record_id and d.parent_suite_item_id is not null offset 0) d`;
