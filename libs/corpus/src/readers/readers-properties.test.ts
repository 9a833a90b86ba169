import type { ReadPlan, ReadRow } from '@qingnang/contracts';
import { parse as parseCsv } from 'csv-parse/sync';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { CsvSplitter } from './cutting/csv.js';
import { decodeStream } from './bytes/decode.js';
import { JsonSplitter } from './cutting/json-records.js';
import type { RawRow } from './cutting/raw-row.js';
import { readRecords } from './read.js';

const cell = fc.string({ unit: fc.constantFrom(...'头痛"，,;\t\n\r 休息㐂𠮷aB1\''), maxLength: 8 });
const table = fc
  .integer({ min: 1, max: 4 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }));
/** Bytes that start, go on and break characters, beside any. */
const anyBytes = fc
  .array(fc.oneof(fc.nat(255), fc.constantFrom(0x81, 0x30, 0xfe, 0xff, 0xd8, 0xdc, 0x22, 0x2c, 0x0a, 0x7b, 0x5b)), {
    maxLength: 120,
  })
  .map((list) => Uint8Array.from(list));
const cuts = fc.array(fc.nat(400), { maxLength: 6 });
const lineEnd = fc.constantFrom('\n', '\r\n', '\r');

/** Quotes what must be quoted, and the rest now and then, so that bare and quoted cells both occur. */
function writeCsv(rows: readonly string[][], delimiter: string, end: string): string {
  const quoted = (text: string): string =>
    text === '' || /["\n\r,;\t]/u.test(text) || text.length % 2 === 1 ? `"${text.replaceAll('"', '""')}"` : text;
  return rows.map((row) => row.map(quoted).join(delimiter) + end).join('');
}

async function* chunks(bytes: Uint8Array, at: readonly number[]): AsyncIterable<Uint8Array> {
  const places = [0, ...at.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < places.length; i++) yield bytes.subarray(places[i - 1], places[i]);
}

async function split<T>(
  splitter: { push(text: string): Iterable<RawRow<T>>; end(): Iterable<RawRow<T>> },
  bytes: Uint8Array,
  at: readonly number[],
  encoding: ReadPlan['encoding'],
): Promise<RawRow<T>[]> {
  const rows: RawRow<T>[] = [];
  for await (const text of decodeStream(chunks(bytes, at), encoding)) rows.push(...splitter.push(text));
  return [...rows, ...splitter.end()];
}

const values = <T>(rows: RawRow<T>[]) =>
  rows.map((row) => ('value' in row.content ? row.content.value : row.content.refusal.reason));

/** A row over several lines, each of which could be a row, may be refused; then it counts as what it is. */
const orSwallowed = (found: (string[] | string)[], rows: readonly string[][], delimiter: string) =>
  found.map((row, index) => {
    const cells = rows[index] ?? [];
    const couldBeSeveral = cells.some((text) => /[\r\n]/u.test(text)) && cells.join('').includes(delimiter);
    return row === 'bad_quoting' && couldBeSeveral ? cells : row;
  });

describe('any table', () => {
  it('reads back equal in both encodings, cut anywhere, with its physical lines', async () => {
    await fc.assert(
      fc.asyncProperty(table, lineEnd, fc.constantFrom(',', '\t', ';'), cuts, async (rows, end, delimiter, at) => {
        const text = writeCsv(rows, delimiter, end);
        let line = 1;
        const lines = rows.map((row) => {
          const start = line;
          line += (writeCsv([row], delimiter, end).match(/\r\n|\n|\r/gu) ?? []).length;
          return start;
        });
        for (const encoding of ['utf-8', 'gb18030', 'utf-16le'] as const) {
          const found = await split(new CsvSplitter(delimiter), iconv.encode(text, encoding), at, encoding);
          expect(orSwallowed(values(found), rows, delimiter)).toEqual(rows);
          expect(found.map((row) => row.line)).toEqual(lines);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('reads as csv-parse does', async () => {
    await fc.assert(
      fc.asyncProperty(table, cuts, async (rows, at) => {
        const text = writeCsv(rows, ',', '\n');
        const theirs: string[][] = parseCsv(text, { record_delimiter: '\n' });
        const found = values(await split(new CsvSplitter(','), Buffer.from(text), at, 'utf-8'));
        expect(orSwallowed(found, theirs, ',')).toEqual(theirs);
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same rows for any bytes, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyBytes,
        cuts,
        fc.constantFrom('utf-8' as const, 'gb18030' as const, 'utf-16le' as const),
        async (bytes, at, encoding) => {
          for (const make of [() => new CsvSplitter(','), () => new JsonSplitter()]) {
            const whole = await split<unknown>(make(), bytes, [], encoding);
            expect(await split<unknown>(make(), bytes, at, encoding)).toEqual(whole);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('any JSON', () => {
  const plan: ReadPlan = { container: 'json', layout: 'alpaca', encoding: 'utf-8', mapping: { id: 'id' } };
  const record = fc.record({
    id: fc.oneof(fc.nat(), fc.constant('')),
    instruction: fc.oneof(cell, fc.tuple(cell)),
    input: cell,
    output: cell,
    history: fc.array(fc.tuple(cell, cell), { maxLength: 2 }),
  });

  it('gives the same rows as an array, indented or not, and as lines', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 5 }), cuts, async (records, at) => {
        const forms = [
          JSON.stringify(records),
          JSON.stringify(records, null, 2),
          records.map((each) => JSON.stringify(each)).join('\n'),
        ];
        const [first, ...others] = await Promise.all(
          forms.map(async (form) => {
            const rows: Omit<ReadRow, 'line' | 'raw'>[] = [];
            for await (const { line: _line, ...row } of readRecords(chunks(Buffer.from(form), at), plan))
              rows.push({ ...row, raw: '' } as ReadRow);
            return rows;
          }),
        );
        expect(first).toHaveLength(records.length);
        for (const other of others) expect(other).toEqual(first);
      }),
      { numRuns: 200 },
    );
  });

  it('parses every element as JSON.parse does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 5 }), fc.nat(3), cuts, async (elements, indent, at) => {
        const bytes = Buffer.from(JSON.stringify(elements, null, indent));
        expect(values(await split(new JsonSplitter(), bytes, at, 'utf-8'))).toEqual(JSON.parse(bytes.toString()));
      }),
      { numRuns: 300 },
    );
  });
});
