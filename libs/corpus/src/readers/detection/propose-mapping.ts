import type { ColumnMapping, RowLayout } from '@qingnang/contracts';
import { ANSWERS, BODIES, DEPARTMENTS, IDS, isAnswerName, plainName, QUESTIONS, TITLES } from './names.js';

/** Longest number that rows are counted by. */
const COUNTER = /^\d{1,9}$/u;

/** What the first rows of a file hold, by column. */
export interface Sample {
  header: readonly string[];
  /** Cells of the first rows, in the order of the header. */
  rows: readonly (readonly string[])[];
}

/** A first guess at which column holds what; the person confirms or changes it. */
export function proposeMapping(layout: RowLayout, sample: Sample): ColumnMapping {
  const plain = new Map(sample.header.map((name) => [plainName(name), name]));
  const find = (names: readonly string[]): string | undefined => {
    const name = names.find((candidate) => plain.has(candidate));
    return name === undefined ? undefined : plain.get(name);
  };
  const ids = IDS.filter((name) => plain.has(name)).map((name) => plain.get(name)!);
  const proposal: ColumnMapping = {
    department: find(DEPARTMENTS),
    id: ids.find((name) => namesRows(valuesOf(sample, name))),
  };
  if (layout === 'qa_columns') {
    const body = find(BODIES);
    const question = find(QUESTIONS);
    const title = find(TITLES);
    proposal.title = title ?? (body === undefined ? undefined : question);
    proposal.ask = body ?? question;
    proposal.answer = find(ANSWERS) ?? sample.header.find((name) => isAnswerName(plainName(name)));
  }
  return given(proposal);
}

/** Without names there are only the texts to go by: the two columns of longest texts, the question first. */
export function proposeByContent(sample: Sample): ColumnMapping {
  const texts = sample.header
    .map((name, index) => ({ name, index, length: meanLength(sample.rows.map((row) => row[index] ?? '')) }))
    .filter(({ name }) => valuesOf(sample, name).some((value) => !/^[\d.\s-]*$/u.test(value)))
    .sort((a, b) => b.length - a.length)
    .slice(0, 2)
    .sort((a, b) => a.index - b.index);
  return given({ ask: texts[0]?.name, answer: texts[1]?.name });
}

/**
 * Whether a column names rows for good. One that may count the rows of its file names another row in the next file;
 * one that repeats itself names none. An empty one does no harm.
 */
export function namesRows(values: readonly string[]): boolean {
  const said = values.map((value) => value.trim()).filter((value) => value !== '');
  if (new Set(said).size < said.length) return false;
  const counts = said.every(
    (value, index) => COUNTER.test(value) && (index === 0 || Number(value) > Number(said[index - 1])),
  );
  return said.length === 0 || !counts;
}

function valuesOf({ header, rows }: Sample, name: string): string[] {
  const index = header.indexOf(name);
  return rows.map((row) => row[index] ?? '');
}

function meanLength(values: readonly string[]): number {
  return values.reduce((sum, value) => sum + value.trim().length, 0) / Math.max(values.length, 1);
}

function given(proposal: ColumnMapping): ColumnMapping {
  return Object.fromEntries(Object.entries(proposal).filter(([, name]) => name !== undefined));
}
