/** Whether people were asked to work on a record, as SQL over `record`. */
export function inTaskSetSql(record: string): string {
  return `exists (select from task x where x.record_id = ${record}.id)`;
}
