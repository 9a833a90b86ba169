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
  among('r.source_id', 'uuid', filter.sourceId);
  if (filter.state) among('r.state', 'text', filter.state);
  else conditions.push(IN_USE);
  if (filter.language) conditions.push(`r.language = ${bind(filter.language)}`);
  if (filter.allowedUse) conditions.push(`r.allowed_use @> array[${bind(filter.allowedUse)}::text]`);
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
  const terms = filter.text ? searchTerms(filter.text) : [];
  if (terms.length > 0) {
    const found = terms.map(
      (term) =>
        `exists (select from jsonb_array_elements(v.turns) t where position(${bind(term)} in t ->> 'text') > 0)`,
    );
    conditions.push(`exists (select from version v where v.id = r.latest_version_id and ${found.join(' and ')})`);
  }
  return conditions.join(' and ') || 'true';
}
