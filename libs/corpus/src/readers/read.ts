import { sayInEnglish, type ReadPlan, type ReadRow, type RowLayout, type TurnNote } from '@qingnang/contracts';
import { normaliseTurns } from '@qingnang/text';
import { boundedText, damagedCharacter, decodeStream, hasPrivateUse } from './bytes/decode.js';
import { CsvSplitter } from './cutting/csv.js';
import { JsonSplitter } from './cutting/json-records.js';
import { MAX_RAW_CHARACTERS, refusal, RowRefused, type RawRow } from './cutting/raw-row.js';
import { nameRows, withoutSeparatorLine } from './cutting/table-header.js';
import { readAlpaca } from './layouts/alpaca.js';
import { hasField, isFields, saysNothing, type Fields, type Layout, type Understood } from './layouts/fields.js';
import { readHuatuo } from './layouts/huatuo.js';
import { joinTitle, readQaColumns } from './layouts/qa-columns.js';
import { readSharegpt } from './layouts/sharegpt.js';
import { splitSpeakers } from './layouts/speakers.js';
import { emptyFile, UnreadableFile } from './readers.errors.js';

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
  checkPlan(plan);
  let rowNumber = 0;
  for await (const row of plan.container === 'csv' ? tableRows(bytes, plan) : jsonRows(bytes, plan)) {
    rowNumber++;
    yield understandRow(row, rowNumber, plan);
  }
  if (rowNumber === 0) throw new UnreadableFile('no_rows', 'no_rows');
}

/** The one check of a plan, for those who order an import and for those who read by it. */
export function checkPlan({ layout, mapping }: ReadPlan): void {
  if (layout !== 'qa_columns') return;
  const asked = [mapping.title, mapping.ask].filter((name) => name !== undefined);
  if (asked.length === 0) throw new UnreadableFile('mapping_incomplete', 'mapping_incomplete', {}, 'plan.mapping.ask');
  if (new Set([...asked, mapping.answer]).size < asked.length + 1)
    throw new UnreadableFile('mapping_incomplete', 'mapping_twice', {}, 'plan.mapping.answer');
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
  const named = nameRows(plan);
  let empty = true;
  for await (const text of withoutSeparatorLine(decodeStream(bytes, plan.encoding))) {
    empty &&= text.trim() === '';
    yield* named(splitter.push(text));
  }
  if (empty) throw emptyFile();
  yield* named(splitter.end());
}

/** What a row cut out of a file says, or why it is not taken. */
export function understandRow(row: RawRow<unknown>, rowNumber: number, plan: ReadPlan): ReadRow {
  const { line } = row;
  try {
    if ('refusal' in row.content) throw new RowRefused(row.content.refusal);
    const understood = LAYOUTS[plan.layout](consultationOf(row.content.value, plan), plan.mapping);
    const kept = refuseDamaged(understood);
    const apart = splitSpeakers(understood.turns);
    const said = withTitle(withoutWrittenNothing(apart ?? understood.turns), understood.title ?? '');
    const { turns, notes, questionOnly } = normaliseTurns(said);
    if (!turns.some((turn) => turn.role === 'patient'))
      throw new RowRefused(refusal('empty_question', 'empty_question', {}, plan.mapping.ask ?? null));
    if (apart !== null) notes.push('speakers_split');
    const { outsideId, department } = understood;
    const all = [...notes, ...kept].sort();
    return { kind: 'record', line, rowNumber, outsideId, department, turns, questionOnly, notes: all };
  } catch (error) {
    if (!(error instanceof RowRefused)) throw error;
    const { reason, field, say, facts } = error.refusal;
    const raw = boundedText(row.raw, MAX_RAW_CHARACTERS);
    const said = { say, facts };
    return { kind: 'rejected', line, rowNumber, reason, field, detail: sayInEnglish(say, facts), said, raw };
  }
}

function consultationOf(value: unknown, { mapping }: ReadPlan): Fields {
  // A dialogue may be the bare list of its texts.
  const fields = Array.isArray(value) && value.every((line) => typeof line === 'string') ? { data: value } : value;
  if (!isFields(fields)) throw new RowRefused(refusal('not_an_object', 'not_an_object'));
  const prefix = ['', 'response_'].find(
    (each) => hasField(fields, `${each}chosen`) && hasField(fields, `${each}rejected`),
  );
  if (prefix !== undefined && mapping.answer !== `${prefix}chosen`) {
    const facts = { column: `${prefix}chosen` };
    throw new RowRefused(refusal('preference_pair', 'preference_pair', facts, `${prefix}rejected`));
  }
  return fields;
}

/** `nan` or 无 alone is no answer, whatever wrote it there. */
function withoutWrittenNothing(turns: Understood['turns']): Understood['turns'] {
  return turns.map((turn) => (turn.role === 'doctor' && saysNothing(turn.text) ? { ...turn, text: '' } : turn));
}

function withTitle(turns: Understood['turns'], title: string): Understood['turns'] {
  const first = turns.findIndex((turn) => turn.role === 'patient');
  if (title === '' || first === -1) return turns;
  return turns.with(first, { role: 'patient', text: joinTitle(title, turns[first]!.text) });
}

/** @throws RowRefused for text that is lost; what one font alone can show is kept, and noted. */
function refuseDamaged({ turns, outsideId, department, title }: Understood): TurnNote[] {
  const text = [outsideId, department, title, ...turns.map((turn) => turn.text)].join('\n');
  const character = damagedCharacter(text);
  if (character !== null) throw new RowRefused(refusal('undecodable', 'undecodable', { character }));
  return hasPrivateUse(text) ? ['private_use_kept'] : [];
}
