/**
 * Whether the text of a version may go to an outside provider (data-model.md, Egress), as SQL over `record` and a
 * version's id: it descends from a masked version, or every source it occurs in is declared de-identified.
 */
export function mayLeaveSql(record: string, versionId: string): string {
  return `(
    exists (
      with recursive line as (
        select v.id, v.parent_id, v.kind from version v where v.id = ${versionId}
        union all select p.id, p.parent_id, p.kind from version p join line on p.id = line.parent_id)
      select from line where kind = 'mask')
    or (
      (select s.deidentified from source s where s.id = ${record}.source_id)
      and not exists (select from occurrence o join source s on s.id = o.source_id
        where o.record_id = ${record}.id and not s.deidentified)))`;
}
