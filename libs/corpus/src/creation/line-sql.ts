/**
 * A recursive table expression `line (root, record_id)`: each record of `seed` (a query with a column `id`) with itself
 * and everything it descends from.
 */
export function lineSql(seed: string): string {
  return `line (root, record_id) as (
    select seed.id, seed.id from (${seed}) seed
    union
    select l.root, p.parent_record_id from line l join record_parent p on p.record_id = l.record_id
    where p.parent_record_id is not null)`;
}

/** Roots of `line` that descend from a case of an evaluation suite, as a query with a column `root`. */
export const FROM_CASES = `select l.root from line l join record_parent p on p.record_id = l.record_id
  where p.parent_suite_item_id is not null`;
