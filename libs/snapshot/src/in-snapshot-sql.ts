/** Whether a record stands in a snapshot, as SQL over `record`. */
export function inSnapshotSql(record: string): string {
  return `exists (select from snapshot_item x where x.record_id = ${record}.id)`;
}
