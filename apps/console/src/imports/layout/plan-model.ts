import type { ChosenLayout, ColumnMapping, LayoutDetection, ReadPlan, RowLayout } from '@qingnang/contracts';

/** What a person may say about a file: what detection proposed, changed where it guessed wrong. */
export const layouts = ['qa_columns', 'huatuo', 'alpaca', 'sharegpt'] as const satisfies readonly RowLayout[];
export const encodings = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be'] as const;
export const containers = ['csv', 'json'] as const;
export const delimiters = [',', '\t', ';', '|'] as const;
export const mappingFields = ['title', 'ask', 'answer', 'department', 'id'] as const;
export type MappingField = (typeof mappingFields)[number];

/** Fields under which a preference pair has its better answer, to be taken as the doctor's where a person says so. */
const BETTER_ANSWERS = ['chosen', 'response_chosen'];

/** Columns that make no sense of a layout are not asked for. */
export function fieldsOf(layout: RowLayout, header: readonly string[] = []): readonly MappingField[] {
  if (layout === 'qa_columns') return mappingFields;
  const isPair = BETTER_ANSWERS.some((name) => header.includes(name));
  return isPair ? ['answer', 'department', 'id'] : ['department', 'id'];
}

/** Null while nobody has said how to read a file that was not recognised. */
export function planOf(detection: LayoutDetection | null): ReadPlan | null {
  if (!detection) return null;
  const { container, layout, encoding, delimiter, noHeader, mapping } = detection;
  const table = { ...(delimiter ? { delimiter } : {}), ...(noHeader ? { noHeader } : {}) };
  return { container, layout, encoding, mapping, ...table };
}

/** The proposal for a file looked at anew; columns named before stay where they are still there. */
export function planAgain(before: ReadPlan | null, detection: LayoutDetection | null): ReadPlan | null {
  const plan = planOf(detection);
  if (!plan || !before || !detection) return plan;
  const fields = fieldsOf(plan.layout, detection.header);
  const kept = fields.filter((field) => detection.header.includes(before.mapping[field] ?? ''));
  if (kept.length === 0) return plan;
  return { ...plan, mapping: Object.fromEntries(kept.map((field) => [field, before.mapping[field]])) };
}

/** Parts of an address that say what was chosen. */
export function viewQuery(chosen: ChosenLayout): Record<string, string> {
  const said = Object.entries(chosen).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said.map(([name, value]) => [name, String(value)]));
}

/** What has to be forgotten with a change: a table's delimiter says nothing of JSON. */
export function chooseAgain(chosen: ChosenLayout, change: ChosenLayout): ChosenLayout {
  const next = { ...chosen, ...change };
  if (change.container === 'json') {
    delete next.delimiter;
    delete next.noHeader;
  }
  if (change.container !== undefined && change.container !== chosen.container) delete next.layout;
  return next;
}

export function withColumn(plan: ReadPlan, field: MappingField, column: string): ReadPlan {
  const mapping: ColumnMapping = { ...plan.mapping };
  if (column === '') delete mapping[field];
  else mapping[field] = column;
  return { ...plan, mapping };
}

/** What still has to be said before the file can be read; null when nothing is missing. */
export function missingInPlan(plan: ReadPlan | null): 'layout' | 'question_column' | 'same_column' | null {
  if (!plan) return 'layout';
  if (plan.layout !== 'qa_columns') return null;
  const { title, ask, answer } = plan.mapping;
  if (!title && !ask) return 'question_column';
  const used = [title, ask, answer].filter(Boolean);
  return new Set(used).size === used.length ? null : 'same_column';
}

/** Every row would be a question without an answer: wanted now and then, and to be said before. */
export function isQuestionsOnly(plan: ReadPlan): boolean {
  return plan.layout === 'qa_columns' && !plan.mapping.answer;
}

/** Names of the columns of a sample row under a mapping, for the head of the table: `answer` above column 3. */
export function roleOfColumn(plan: ReadPlan, column: string): MappingField | null {
  return mappingFields.find((field) => plan.mapping[field] === column) ?? null;
}
