import type { EntityManager } from 'typeorm';

/** All uses there are, in their order. */
const USES = `array['train', 'evaluate', 'reference', 'release']`;

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

/**
 * Works out anew what records may be used for, and whatever descends from them. Words may be trained on, shown as a
 * reference or released only if every source that said them allows it, and evaluated with if any does; made from other
 * texts, they take the narrowest use of all of these; made from a case of a suite, they can only be evaluated with.
 * An import that was taken back said nothing. `seed.sql` is a query with a column `id`.
 */
export async function refreshAllowedUse(tx: EntityManager, seed: { sql: string; params: unknown[] }): Promise<void> {
  await tx.query(
    `with recursive affected (id) as (
       ${seed.sql}
       union select p.record_id from record_parent p join affected a on p.parent_record_id = a.id),
     ${lineSql('select id from affected')},
     own (record_id, use, allowed) as (
       select said.record_id, use,
         case when use = 'evaluate' then bool_or(use = any(s.allowed_use)) else bool_and(use = any(s.allowed_use)) end
       from (
         select r.id as record_id, r.source_id from record r where r.id in (select record_id from line)
         union select o.record_id, o.source_id from occurrence o join import i on i.id = o.import_id
         where o.record_id in (select record_id from line) and i.state not in ('undoing', 'undone')) said
       join source s on s.id = said.source_id, unnest(${USES}) use
       group by said.record_id, use),
     narrowest (root, uses) as (
       select root, coalesce(array_agg(use order by array_position(${USES}, use)) filter (where allowed), '{}')
       from (select l.root, o.use, bool_and(o.allowed) as allowed from line l join own o using (record_id)
         group by l.root, o.use) each_use
       where use = 'evaluate' or root not in (${FROM_CASES})
       group by root)
     update record r set allowed_use = n.uses, updated_at = now()
     from narrowest n where r.id = n.root and r.allowed_use <> n.uses`,
    seed.params,
  );
}
