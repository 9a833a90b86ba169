import { Readable } from 'node:stream';
import type { DataSource } from 'typeorm';
import type { ListedOutcome } from '@qingnang/contracts';
import { rowSource } from './import.service.js';

const COLUMNS = [
  'line',
  'rowNumber',
  'outcome',
  'reason',
  'field',
  'detail',
  'recordId',
  'outsideId',
  'endedApproval',
  'raw',
] as const;
const PAGE = 1000;

type Row = Record<(typeof COLUMNS)[number], string | number | boolean | null>;

/**
 * The rows of an import that added nothing, with their line numbers, as CSV that a spreadsheet opens: UTF-8 with a byte
 * order mark, and no cell that would be read as a formula.
 */
export function rowsAsCsv(dataSource: DataSource, importId: string, outcome: ListedOutcome): Readable {
  return Readable.from(lines(dataSource, importId, outcome));
}

async function* lines(dataSource: DataSource, importId: string, outcome: ListedOutcome): AsyncGenerator<string> {
  yield `\uFEFF${COLUMNS.join(',')}\r\n`;
  const { select, from } = rowSource(outcome);
  const only = outcome === 'rejected' ? '' : `and x.outcome = '${outcome}'`;
  for (let after = -1; ;) {
    const rows: Row[] = await dataSource.query(
      `select ${select} from ${from} where x.import_id = $1 and x.row_number > $2 ${only} order by x.row_number limit ${PAGE}`,
      [importId, after],
    );
    for (const row of rows) yield `${COLUMNS.map((column) => csvCell(row[column])).join(',')}\r\n`;
    if (rows.length < PAGE) return;
    after = Number(rows.at(-1)!.rowNumber);
  }
}

/** RFC 4180 quoting; a leading apostrophe keeps `=`, `+`, `-` and `@` from starting a formula. */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
