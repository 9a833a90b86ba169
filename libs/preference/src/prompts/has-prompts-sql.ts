/** Whether something is asked of doctors or models from a record's turns, as SQL over `record`. */
export function hasPromptsSql(record: string): string {
  return `exists (select from prompt x where x.record_id = ${record}.id)`;
}
