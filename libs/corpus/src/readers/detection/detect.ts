import type {
  ChosenLayout,
  FileDelimiter,
  ImportOutlook,
  LayoutDetection,
  ReadPlan,
  RowLayout,
} from '@qingnang/contracts';
import { boundedText, decodeWhole } from '../bytes/decode.js';
import { detectEncoding } from '../bytes/encoding.js';
import { CsvSplitter } from '../cutting/csv.js';
import { JsonSplitter } from '../cutting/json-records.js';
import { numberAsWritten } from '../cutting/json-value.js';
import type { RawRow, Splitter } from '../cutting/raw-row.js';
import { columnNames, nameRows, SEPARATOR_LINE } from '../cutting/table-header.js';
import { isFields, type Fields } from '../layouts/fields.js';
import { CONVERSATION_FIELDS } from '../layouts/sharegpt.js';
import { checkPlan, understandRow } from '../read.js';
import { emptyFile, UnreadableFile } from '../readers.errors.js';
import { isDataRow } from './header-row.js';
import { IDS, isKnownName, plainName } from './names.js';
import { namesRows, proposeByContent, proposeMapping, type Sample } from './propose-mapping.js';

/** How much of a file is worth handing to `detectLayout`, unless its first record is longer. */
export const DETECTION_BYTES = 262_144;

const SAMPLE_ROWS = 5;
const LOOKED_AT_ROWS = 100;
const MAX_CELL_CHARACTERS = 400;
const FIRST_LINE_CHARACTERS = 60;
const DELIMITERS: readonly FileDelimiter[] = [',', '\t', ';', '|'];
/** The least share of rows of one width that makes a table of text whose first row names nothing we know. */
const REGULAR = 0.8;

export interface DetectionOptions {
  /** What a person said about the file: taken as it is, the rest is guessed. */
  chosen?: ChosenLayout;
  /** Bytes of the whole file, where known: then its rows are counted, or estimated. */
  bytes?: number;
}

/** The rows at the start of a file, and whether they are all there are. */
interface Beginning<T> {
  rows: RawRow<T>[];
  complete: boolean;
}

/** A plan with what it was guessed from. */
interface Guess {
  plan: ReadPlan;
  sample: Sample;
  rows: RawRow<unknown>[];
}

/**
 * What a file seems to be, from its first bytes: a proposal for a person to confirm, with a few rows to look at and how
 * they will be read. Throws `UnreadableFile` where it is empty, no text, or of no layout that can be read.
 */
export function detectLayout(firstBytes: Uint8Array, { chosen = {}, bytes }: DetectionOptions = {}): LayoutDetection {
  const complete = bytes !== undefined && firstBytes.length >= bytes;
  const encoding = chosen.encoding ?? detectEncoding(firstBytes);
  const text = decodeWhole(firstBytes, encoding);
  const first = text.trimStart()[0];
  if (first === undefined) throw emptyFile();
  const container = chosen.container ?? (first === '{' || first === '[' ? 'json' : 'csv');
  const guess = container === 'json' ? guessJson(text, complete, chosen) : guessTable(text, complete, chosen);
  const plan = { ...guess.plan, encoding };
  const { header, rows } = guess.sample;
  const share = complete || bytes === undefined ? 1 : bytes / firstBytes.length;
  return {
    ...plan,
    header: [...header],
    sampleRows: rows.slice(0, SAMPLE_ROWS).map((row) => row.map((cell) => boundedText(cell, MAX_CELL_CHARACTERS))),
    rowCounters: header.filter((name, index) =>
      isRowCounter(
        name,
        rows.map((row) => row[index] ?? ''),
      ),
    ),
    ...(bytes === undefined ? {} : { rows: { count: Math.round(guess.rows.length * share), exact: complete } }),
    ...outlookOf(guess.rows, plan),
  };
}

function isRowCounter(name: string, values: readonly string[]): boolean {
  return IDS.includes(plainName(name)) && !namesRows(values);
}

function guessJson(text: string, complete: boolean, chosen: ChosenLayout): Guess {
  const { rows } = beginning(new JsonSplitter(), text, complete);
  const records = valuesOf(rows)
    .map((value) => (Array.isArray(value) && value.every((line) => typeof line === 'string') ? { data: value } : value))
    .filter(isFields)
    .slice(0, LOOKED_AT_ROWS);
  if (records.length === 0) throw new UnreadableFile('layout_unknown', 'json_no_record', { line: firstLine(text) });
  const layout = chosen.layout ?? mostlyOf(records);
  const header = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const sample = { header, rows: records.map((record) => header.map((name) => shown(record[name]))) };
  const mapping = proposeMapping(layout, sample);
  return { plan: { container: 'json', layout, encoding: 'utf-8', mapping }, sample, rows };
}

function mostlyOf(records: readonly Fields[]): RowLayout {
  const votes = new Map<RowLayout, number>();
  for (const record of records) votes.set(layoutOf(record), (votes.get(layoutOf(record)) ?? 0) + 1);
  return [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0];
}

function layoutOf(record: Fields): RowLayout {
  if (Array.isArray(record['data']) || typeof record['json_dialogue'] === 'string') return 'huatuo';
  if (CONVERSATION_FIELDS.some((name) => Array.isArray(record[name]))) return 'sharegpt';
  return 'instruction' in record && ('output' in record || 'chosen' in record) ? 'alpaca' : 'qa_columns';
}

function guessTable(given: string, complete: boolean, chosen: ChosenLayout): Guess {
  const told = DELIMITERS.find((delimiter) => delimiter === SEPARATOR_LINE.exec(given)?.[1]);
  const text = given.replace(SEPARATOR_LINE, '');
  const delimiter = chosen.delimiter ?? told ?? delimiterOf(text, complete, chosen);
  const { rows } = beginning(new CsvSplitter(delimiter), text, complete);
  const cells = valuesOf(rows).slice(0, 1 + LOOKED_AT_ROWS);
  const noHeader = chosen.noHeader ?? isDataRow(cells[0] ?? [], cells.slice(1));
  const header = columnNames(noHeader ? (cells[0] ?? []).map(() => '') : (cells[0] ?? []));
  const sample = { header, rows: noHeader ? cells : cells.slice(1) };
  const layout = chosen.layout ?? 'qa_columns';
  const mapping = noHeader && layout === 'qa_columns' ? proposeByContent(sample) : proposeMapping(layout, sample);
  const plan: ReadPlan = { container: 'csv', layout, encoding: 'utf-8', delimiter, mapping };
  if (noHeader) plan.noHeader = true;
  return { plan, sample, rows: [...nameRows({ ...plan, mapping: {} })(rows)] };
}

/** @throws UnreadableFile for text that is cut into equal rows by none of them, and is no list with a name above it. */
function delimiterOf(text: string, complete: boolean, chosen: ChosenLayout): FileDelimiter {
  const isMarkup = /<\|\w+\|>/u.test(text);
  const tables = DELIMITERS.filter((delimiter) => delimiter !== '|' || !isMarkup).map((delimiter) => {
    const rows = valuesOf(beginning(new CsvSplitter(delimiter), text, complete).rows).slice(0, LOOKED_AT_ROWS);
    const first = rows[0] ?? [];
    const known = first.filter(isKnownName).length;
    const regular = rows.filter((row) => row.length === first.length).length / Math.max(rows.length, 1);
    const isTable = first.length > 1 && (known > 0 || (rows.length > 1 && regular >= REGULAR));
    return { delimiter, known, isTable, score: isTable ? known * 10 + regular + first.length / 1000 : 0 };
  });
  const best = tables.reduce((one, other) => (other.score > one.score ? other : one));
  const isList = tables.some((table) => table.known > 0);
  if (!best.isTable && !isList && chosen.container !== 'csv')
    throw new UnreadableFile('layout_unknown', 'layout_unknown', { line: firstLine(text) });
  return best.delimiter;
}

/** The rows at the start; the last one, which the sample may have cut, only when there is hardly another. */
function beginning<T>(splitter: Splitter<T>, text: string, complete: boolean): Beginning<T> {
  const rows = [...splitter.push(text)];
  if (complete || valuesOf(rows).length < 2) rows.push(...splitter.end());
  return { rows, complete };
}

function valuesOf<T>(rows: readonly RawRow<T>[]): T[] {
  return rows.flatMap((row) => ('value' in row.content ? [row.content.value] : []));
}

/** What the import will make of the first rows, by the same reading. */
function outlookOf(rows: readonly RawRow<unknown>[], plan: ReadPlan): { outlook?: ImportOutlook } {
  try {
    checkPlan(plan);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return {};
  }
  const read = rows.slice(0, LOOKED_AT_ROWS).map((row, index) => understandRow(row, index + 1, plan));
  const outlook: ImportOutlook = { read: read.length, accepted: 0, questionOnly: 0, reasons: {}, notes: {} };
  for (const row of read) {
    if (row.kind === 'rejected') outlook.reasons[row.reason] = (outlook.reasons[row.reason] ?? 0) + 1;
    else {
      outlook.accepted++;
      outlook.questionOnly += row.questionOnly ? 1 : 0;
      for (const note of row.notes) outlook.notes[note] = (outlook.notes[note] ?? 0) + 1;
    }
  }
  return { outlook };
}

function firstLine(text: string): string {
  const line = text.trim().split(/[\r\n]/u, 1)[0]!;
  return boundedText(line.length > FIRST_LINE_CHARACTERS ? `${line.slice(0, FIRST_LINE_CHARACTERS)}…` : line, 100);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  return numberAsWritten(value) ?? JSON.stringify(value) ?? '';
}
