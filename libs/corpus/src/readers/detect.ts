import type { FileDelimiter, FileEncoding, LayoutDetection, RowLayout } from '@qingnang/contracts';
import { CsvSplitter } from './csv.js';
import { boundedText } from './decode.js';
import { detectEncoding } from './encoding.js';
import { JsonSplitter } from './json-records.js';
import { isFields, type Fields } from './layouts/fields.js';
import { CONVERSATION_FIELDS } from './layouts/sharegpt.js';
import { proposeMapping } from './propose-mapping.js';
import type { RawRow } from './raw-row.js';
import { emptyFile, UnreadableFile } from './readers.errors.js';
import { columnNames } from './table-header.js';

/** How much of a file is worth handing to `detectLayout`. */
export const DETECTION_BYTES = 262_144;

const SAMPLE_ROWS = 5;
const LOOKED_AT_ROWS = 100;
const MAX_CELL_CHARACTERS = 400;
const DELIMITERS: readonly FileDelimiter[] = [',', '\t', ';', '|'];

/**
 * What a file seems to be, from its first bytes: a proposal for a person to confirm, with a few rows to look at.
 * Throws `UnreadableFile` where it is empty, no text, or of no layout that can be read.
 */
export function detectLayout(firstBytes: Uint8Array): LayoutDetection {
  const encoding = detectEncoding(firstBytes);
  const text = new TextDecoder(encoding).decode(firstBytes, { stream: true });
  const first = text.trimStart()[0];
  if (first === undefined) throw emptyFile();
  return first === '{' || first === '[' ? detectJson(text, encoding) : detectTable(text, encoding);
}

function detectJson(text: string, encoding: FileEncoding): LayoutDetection {
  const records = sample(new JsonSplitter(), text).filter(isFields);
  if (records.length === 0) {
    const detail =
      'No record could be read from the start of this JSON file; it must be a list of objects or one object a line.';
    throw new UnreadableFile('layout_unknown', detail);
  }
  const votes = new Map<RowLayout, number>();
  for (const record of records) votes.set(layoutOf(record), (votes.get(layoutOf(record)) ?? 0) + 1);
  const layout = [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0];
  const header = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const sampleRows = records.slice(0, SAMPLE_ROWS).map((record) => header.map((name) => shown(record[name])));
  return { container: 'json', layout, encoding, mapping: proposeMapping(layout, header), header, sampleRows };
}

function layoutOf(record: Fields): RowLayout {
  if (Array.isArray(record['data']) || typeof record['json_dialogue'] === 'string') return 'huatuo';
  if (CONVERSATION_FIELDS.some((name) => Array.isArray(record[name]))) return 'sharegpt';
  return 'instruction' in record && 'output' in record ? 'alpaca' : 'qa_columns';
}

function detectTable(text: string, encoding: FileEncoding): LayoutDetection {
  const tables = DELIMITERS.map((delimiter) => {
    const rows = sample(new CsvSplitter(delimiter), text);
    const width = rows[0]?.length ?? 0;
    const regular = rows.filter((row) => row.length === width).length / Math.max(rows.length, 1);
    return { delimiter, rows, score: width > 1 ? regular + width / 1000 : 0 };
  });
  const { delimiter, rows } = tables.reduce((best, table) => (table.score > best.score ? table : best));
  const header = columnNames(rows[0] ?? []);
  const sampleRows = rows.slice(1, 1 + SAMPLE_ROWS).map((row) => row.map(shown));
  const mapping = proposeMapping('qa_columns', header);
  return { container: 'csv', layout: 'qa_columns', encoding, delimiter, mapping, header, sampleRows };
}

/** The readable rows at the start; the last one, which the sample may have cut, only when there is no other. */
function sample<T>(
  splitter: { push(text: string): Iterable<RawRow<T>>; end(): Iterable<RawRow<T>> },
  text: string,
): T[] {
  const values: T[] = [];
  const take = (rows: Iterable<RawRow<T>>, enough: number): void => {
    for (const { content } of rows) {
      if ('value' in content) values.push(content.value);
      if (values.length >= enough) return;
    }
  };
  take(splitter.push(text), LOOKED_AT_ROWS);
  if (values.length < 2) take(splitter.end(), LOOKED_AT_ROWS);
  return values;
}

function shown(value: unknown): string {
  return boundedText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), MAX_CELL_CHARACTERS);
}
