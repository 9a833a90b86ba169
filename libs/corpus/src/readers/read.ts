import type { ReadPlan, ReadRow, RowLayout } from '@qingnang/contracts';
import { normaliseTurns } from '@qingnang/text';
import { CsvSplitter } from './csv.js';
import { boundedText, damagedCharacter, decodeStream } from './decode.js';
import { JsonSplitter } from './json-records.js';
import { readAlpaca } from './layouts/alpaca.js';
import { hasField, isFields, type Fields, type Layout, type Understood } from './layouts/fields.js';
import { readHuatuo } from './layouts/huatuo.js';
import { readQaColumns } from './layouts/qa-columns.js';
import { readSharegpt } from './layouts/sharegpt.js';
import { MAX_RAW_CHARACTERS, RowRefused, type RawRow, type Refusal } from './raw-row.js';
import { emptyFile, UnreadableFile } from './readers.errors.js';
import { columnNames } from './table-header.js';

const LAYOUTS: Record<RowLayout, Layout> = {
  qa_columns: readQaColumns,
  alpaca: readAlpaca,
  huatuo: readHuatuo,
  sharegpt: readSharegpt,
};

/**
 * Reads a file by a confirmed plan, holding one row at a time. Every row of the file gives exactly one `ReadRow`, in order:
 * a record with normalised turns, or a refusal with its reason. Throws `UnreadableFile` where the plan doesn't fit the file
 * or there is nothing in it.
 */
export async function* readRecords(bytes: AsyncIterable<Uint8Array>, plan: ReadPlan): AsyncGenerator<ReadRow> {
  checkMapping(plan);
  let rowNumber = 0;
  for await (const row of plan.container === 'csv' ? tableRows(bytes, plan) : jsonRows(bytes, plan)) {
    rowNumber++;
    yield understand(row, rowNumber, plan);
  }
  if (rowNumber === 0) throw new UnreadableFile('no_rows', 'The file holds no rows; there is nothing to import.');
}

function checkMapping({ layout, mapping }: ReadPlan): void {
  if (layout === 'qa_columns' && mapping.ask === undefined && mapping.title === undefined) {
    throw new UnreadableFile('mapping_incomplete', 'Say which column holds the question.', 'mapping/ask');
  }
}

async function* jsonRows(bytes: AsyncIterable<Uint8Array>, plan: ReadPlan): AsyncGenerator<RawRow<unknown>> {
  const splitter = new JsonSplitter();
  let empty = true;
  for await (const text of decodeStream(bytes, plan.encoding)) {
    empty &&= text.trim() === '';
    yield* splitter.push(text);
  }
  if (empty) throw emptyFile();
  yield* splitter.end();
}

async function* tableRows(bytes: AsyncIterable<Uint8Array>, plan: ReadPlan): AsyncGenerator<RawRow<Fields>> {
  const splitter = new CsvSplitter(plan.delimiter ?? ',');
  let header: string[] | undefined;
  const named = function* (rows: Iterable<RawRow<string[]>>): Generator<RawRow<Fields>> {
    for (const row of rows) {
      if (header === undefined) header = headerOf(row, plan);
      else yield { ...row, content: nameCells(row.content, header) };
    }
  };
  for await (const text of decodeStream(bytes, plan.encoding)) yield* named(splitter.push(text));
  yield* named(splitter.end());
  if (header === undefined) throw emptyFile();
}

function headerOf({ content }: RawRow<string[]>, { mapping }: ReadPlan): string[] {
  if (!('value' in content))
    throw new UnreadableFile('header_unreadable', `The header row is faulty. ${content.refusal.detail}`);
  const header = columnNames(content.value);
  for (const [role, name] of Object.entries(mapping)) {
    if (name !== undefined && !header.includes(name)) {
      throw new UnreadableFile(
        'mapping_unknown_column',
        `The file has no column of the name given for ${role}.`,
        `mapping/${role}`,
      );
    }
  }
  return header;
}

function nameCells(content: RawRow<string[]>['content'], header: readonly string[]): RawRow<Fields>['content'] {
  if (!('value' in content)) return content;
  const cells = content.value;
  if (cells.length !== header.length) {
    const detail = `The row has ${cells.length} cells, the header ${header.length}.`;
    return { refusal: { reason: 'wrong_column_count', field: null, detail } };
  }
  return { value: Object.fromEntries(header.map((name, index) => [name, cells[index]!])) };
}

function understand(row: RawRow<unknown>, rowNumber: number, plan: ReadPlan): ReadRow {
  const { line } = row;
  try {
    if ('refusal' in row.content) throw new RowRefused(row.content.refusal);
    const understood = LAYOUTS[plan.layout](consultationOf(row.content.value), plan.mapping);
    refuseDamaged(understood);
    const { turns, notes, questionOnly } = normaliseTurns(understood.turns);
    if (!turns.some((turn) => turn.role === 'patient')) {
      throw new RowRefused({
        reason: 'empty_question',
        field: plan.mapping.ask ?? null,
        detail: 'The patient says nothing in this row.',
      });
    }
    const { outsideId, department } = understood;
    return { kind: 'record', line, rowNumber, outsideId, department, turns, questionOnly, notes };
  } catch (error) {
    if (!(error instanceof RowRefused)) throw error;
    return { kind: 'rejected', line, rowNumber, ...error.refusal, raw: boundedText(row.raw, MAX_RAW_CHARACTERS) };
  }
}

function consultationOf(value: unknown): Fields {
  if (!isFields(value)) {
    throw new RowRefused({
      reason: 'not_an_object',
      field: null,
      detail: 'The record is no object with named fields.',
    });
  }
  if (['', 'response_'].some((prefix) => hasField(value, `${prefix}chosen`) && hasField(value, `${prefix}rejected`))) {
    const detail = 'This is a preference pair, no consultation; import it as preferences.';
    throw new RowRefused({ reason: 'preference_pair', field: 'rejected', detail });
  }
  return value;
}

function refuseDamaged({ turns, outsideId, department }: Understood): void {
  const damaged = damagedCharacter([outsideId, department, ...turns.map((turn) => turn.text)].join('\n'));
  if (damaged === null) return;
  const detail = `The row holds ${damaged}: text was lost in it, or the file is in another encoding.`;
  const refusal: Refusal = { reason: 'undecodable', field: null, detail };
  throw new RowRefused(refusal);
}
