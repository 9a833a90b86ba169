import type { KeptReason } from '@qingnang/contracts';

/** A reason to keep a record though its import is taken back: true of `record r`, as SQL. */
export interface KeepRule {
  reason: KeptReason;
  sql: string;
}

/** What the corpus itself knows, in the order in which a person is told. `$1` is the import. */
export const CORPUS_RULES: readonly KeepRule[] = [
  {
    reason: 'replaced_earlier',
    sql: `exists (select from version v where v.record_id = r.id and v.kind = 'import' and v.made_by_id <> $1::uuid::text)
      and exists (select from occurrence o where o.record_id = r.id and o.import_id = $1 and o.outcome = 'replaced')`,
  },
  {
    reason: 'said_elsewhere',
    sql: `exists (select from occurrence o join import i on i.id = o.import_id
      where o.record_id = r.id and o.import_id <> $1 and i.state not in ('undoing', 'undone'))`,
  },
  { reason: 'approved', sql: 'exists (select from approval a where a.record_id = r.id)' },
  { reason: 'has_versions', sql: `exists (select from version v where v.record_id = r.id and v.kind <> 'import')` },
  { reason: 'held_back', sql: `r.state = 'held_back'` },
  {
    reason: 'made_into_others',
    sql: `exists (select from record_parent p where p.parent_record_id = r.id)
      or exists (select from record d where d.derived_from_record_id = r.id and d.state <> 'withdrawn')`,
  },
];
