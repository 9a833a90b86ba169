import type { ColumnMapping, LayoutDetection, ReadPlan, RowLayout } from '@qingnang/contracts';

/** What a person may say about a file: what detection proposed, changed where it guessed wrong. */
export const layouts = ['qa_columns', 'huatuo', 'alpaca', 'sharegpt'] as const satisfies readonly RowLayout[];
export const encodings = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be'] as const;
export const mappingFields = ['title', 'ask', 'answer', 'department', 'id'] as const;
export type MappingField = (typeof mappingFields)[number];

/** Columns that make no sense of a layout are not asked for. */
export function fieldsOf(layout: RowLayout): readonly MappingField[] {
  return layout === 'qa_columns' ? mappingFields : ['department', 'id'];
}

export function planOf(detection: LayoutDetection | null): ReadPlan {
  if (!detection) return { container: 'json', layout: 'sharegpt', encoding: 'utf-8', mapping: {} };
  const { container, layout, encoding, delimiter, noHeader, mapping } = detection;
  const table = { ...(delimiter ? { delimiter } : {}), ...(noHeader ? { noHeader } : {}) };
  return { container, layout, encoding, mapping, ...table };
}

export function withColumn(plan: ReadPlan, field: MappingField, column: string): ReadPlan {
  const mapping: ColumnMapping = { ...plan.mapping };
  if (column === '') delete mapping[field];
  else mapping[field] = column;
  return { ...plan, mapping };
}

/** A change of layout drops columns that it has no use for. */
export function withLayout(plan: ReadPlan, layout: RowLayout): ReadPlan {
  const kept = fieldsOf(layout).filter((field) => plan.mapping[field] !== undefined);
  return { ...plan, layout, mapping: Object.fromEntries(kept.map((field) => [field, plan.mapping[field]])) };
}

/** What still has to be said before the file can be read; null when nothing is missing. */
export function missingInPlan(plan: ReadPlan): 'question_column' | 'same_column' | null {
  if (plan.layout !== 'qa_columns') return null;
  const { title, ask, answer } = plan.mapping;
  if (!title && !ask) return 'question_column';
  const used = [title, ask, answer].filter(Boolean);
  return new Set(used).size === used.length ? null : 'same_column';
}

/** Names of the columns of a sample row under a mapping, for the head of the table: `answer` above column 3. */
export function roleOfColumn(plan: ReadPlan, column: string): MappingField | null {
  return mappingFields.find((field) => plan.mapping[field] === column) ?? null;
}
