import type { RecordFilter } from '@qingnang/contracts';
import { searchTerms } from '@qingnang/text';
import { IN_USE } from './holds.js';

/**
 * Conditions over `record r` for a filter, joined by "and" (`true` when it asks for nothing). Values are appended to
 * `params`; records held back or withdrawn never match unless asked for by state.
 */
export function recordFilterSql(filter: RecordFilter, params: unknown[]): string {
  const conditions: string[] = [];
  const bind = (value: unknown): string => `$${params.push(value)}`;
  const among = (column: string, type: string, values: readonly string[] | undefined): void => {
    if (values) conditions.push(`${column} = any(${bind(values)}::${type}[])`);
  };

  among('r.id', 'uuid', filter.ids);
  among('r.data_set', 'text', filter.dataSet);
  among('r.department', 'text', filter.department);
  const ofSets = (condition: string): void => {
    conditions.push(`r.source_set_id in (select w.id from source_set w where ${condition})`);
  };
  if (filter.sourceId) ofSets(`w.source_id = any(${bind(filter.sourceId)}::uuid[])`);
  if (filter.state) among('r.state', 'text', filter.state);
  else conditions.push(IN_USE);
  if (filter.language) conditions.push(`r.language = ${bind(filter.language)}`);
  if (filter.allowedUse) ofSets(`${bind(filter.allowedUse)}::text = any(w.allowed_use)`);
  if (filter.questionOnly !== undefined) conditions.push(`r.question_only = ${bind(filter.questionOnly)}`);
  if (filter.importId) {
    conditions.push(
      `exists (select from occurrence o where o.record_id = r.id and o.import_id = ${bind(filter.importId)})`,
    );
  }
  if (filter.polished !== undefined) {
    const some = `exists (select from version v where v.record_id = r.id and v.kind = 'polish')`;
    conditions.push(filter.polished ? some : `not ${some}`);
  }
  if (filter.rehearsal !== undefined) {
    conditions.push(
      `exists (select from version v where v.id = r.latest_version_id and v.rehearsal = ${bind(filter.rehearsal)})`,
    );
  }
  if (filter.text) conditions.push(...says(searchTerms(filter.text), bind));
  return conditions.join(' and ') || 'true';
}

/** Whether today's text says all of these words. */
function says(terms: readonly string[], bind: (value: unknown) => string): string[] {
  if (terms.length === 0) return [];
  const found = terms.map(
    (term) => `exists (select from jsonb_array_elements(v.turns) t where position(${bind(term)} in t ->> 'text') > 0)`,
  );
  return [`exists (select from version v where v.id = r.latest_version_id and ${found.join(' and ')})`];
}
