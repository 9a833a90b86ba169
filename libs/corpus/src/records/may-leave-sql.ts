/** Whether a version descends from a masked one. */
const masked = (versionId: string): string => `exists (
  with recursive up as (
    select v.id, v.parent_id, v.kind from version v where v.id = ${versionId}
    union all select p.id, p.parent_id, p.kind from version p join up on p.id = up.parent_id)
  select from up where kind = 'mask')`;

/** Whether every source that said a record's words is declared de-identified. */
const deidentified = (record: string): string =>
  `(select w.deidentified from source_set w where w.id = ${record}.source_set_id)`;

/**
 * Whether the text of a version may go to an outside provider (data-model.md, Egress), as SQL over `record` and a
 * version's id: it descends from a masked version; or every source it occurs in is declared de-identified, and so is
 * every text it was made from, up to where that was masked.
 */
export function mayLeaveSql(record: string, versionId: string): string {
  return `(
    ${masked(versionId)}
    or (${deidentified(record)} and not exists (
      with recursive above (record_id, version_id) as (
        select p.parent_record_id, p.parent_version_id from record_parent p
        where p.record_id = ${record}.id and p.parent_record_id is not null
        union
        select p.parent_record_id, p.parent_version_id from record_parent p join above on p.record_id = above.record_id
        where p.parent_record_id is not null and not ${masked('above.version_id')})
      select from above join record origin on origin.id = above.record_id
      where not ${deidentified('origin')} and not ${masked('above.version_id')})))`;
}
