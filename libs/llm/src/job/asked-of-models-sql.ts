/** Whether a model was asked about a record, or is to be, as SQL over `record`. */
export function askedOfModelsSql(record: string): string {
  return `exists (select from llm_item a where a.project_id = ${record}.project_id and a.subject_id = ${record}.id)`;
}
