import type { ReadPlan, ReadRow } from '@qingnang/contracts';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { jsonFiles, tables } from '../../../../test/support/import-cases.js';
import { detectLayout } from './detection/detect.js';
import { readRecords } from './read.js';
import { UnreadableFile } from './readers.errors.js';

async function read(bytes: Uint8Array, plan: ReadPlan, cut = bytes.length): Promise<ReadRow[]> {
  const pieces = async function* () {
    yield bytes.subarray(0, cut);
    if (cut < bytes.length) yield bytes.subarray(cut);
  };
  const rows: ReadRow[] = [];
  for await (const row of readRecords(pieces(), plan)) rows.push(row);
  return rows;
}

const texts = (rows: readonly ReadRow[]): string[] =>
  rows.flatMap((row) => (row.kind === 'record' ? [row.turns.map((turn) => turn.text).join('|')] : []));
const TABLE: ReadPlan = {
  container: 'csv',
  layout: 'qa_columns',
  encoding: 'utf-8',
  delimiter: ',',
  mapping: { ask: 'ask', answer: 'answer' },
};
const JSON_LINES: ReadPlan = { ...TABLE, container: 'json', delimiter: undefined };

/** Rows that cannot be taken for each other. */
const good = (n: number): { ask: string; answer: string } => ({ ask: `问${n}怎么办`, answer: `答${n}，多休息` });
const size = fc.integer({ min: 1, max: 40 });

describe('one faulty row', () => {
  const fault = fc.constantFrom(
    '"坏问,坏答',
    '坏问,"坏答',
    '"坏"问,坏答',
    '坏问,"坏"答',
    '坏问',
    '坏问,坏答,坏',
    '"坏问","坏答',
  );

  it('costs that row in a table, and nothing of the others', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), fault, fc.nat(), fc.boolean(), async (count, place, faulty, cut, quoted) => {
        const rows = Array.from({ length: count }, (_, n) => good(n));
        const lines = rows.map(({ ask, answer }) => (quoted ? `"${ask}","${answer}"` : `${ask},${answer}`));
        const at = place % (count + 1);
        const text = ['ask,answer', ...lines.slice(0, at), faulty, ...lines.slice(at), ''].join('\n');
        const bytes = Buffer.from(text);
        const found = await read(bytes, TABLE, cut % bytes.length);
        expect(texts(found)).toEqual(rows.map(({ ask, answer }) => `${ask}|${answer}`));
        expect(found).toHaveLength(count + 1);
        expect(found[at]).toMatchObject({ kind: 'rejected', line: at + 2 });
      }),
      { numRuns: 300 },
    );
  });

  it('costs that record in JSON, and nothing of the others', async () => {
    const broken = fc.constantFrom(
      '{"ask":"坏"问","answer":"坏答"}',
      '{"ask":"坏问","answer":"坏答"',
      '{"ask":"坏\n问","answer":"坏答"}',
      '{"ask":"坏问","answer":"坏答"}}',
      '{"ask":"坏问,"answer":"坏答"}',
      '{"ask":坏问,"answer":"坏答"}',
      '{"ask":"坏问","answer":"坏答',
      `{"ask":${'['.repeat(3_000)}${']'.repeat(3_000)}}`,
    );
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), broken, fc.nat(), fc.nat(2), async (count, place, faulty, cut, form) => {
        const rows = Array.from({ length: count + 1 }, (_, n) => good(n));
        const at = 1 + (place % count);
        const lines = rows.map((row) => JSON.stringify(row));
        const all = [...lines.slice(0, at), faulty, ...lines.slice(at)];
        const text = [all.join('\n'), all.join(',\n'), `[\n${all.join(',\n')}\n]\n`][form]!;
        const bytes = Buffer.from(text);
        const found = await read(bytes, JSON_LINES, cut % bytes.length);
        expect(texts(found)).toEqual(rows.map(({ ask, answer }) => `${ask}|${answer}`));
        expect(found.filter((row) => row.kind === 'rejected').map((row) => row.line)).toEqual([
          at + (form === 2 ? 2 : 1),
        ]);
      }),
      { numRuns: 300 },
    );
  });
});

it('no two rows become one, however many marks are stray', async () => {
  const row = fc.tuple(fc.nat(99), fc.constantFrom('', '', '', 'a', 'b', 'c', 'd'));
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (drawn) => {
      const lines = drawn.map(([n, stray], index) => {
        const { ask, answer } = good(index * 100 + n);
        if (stray === 'a') return `"${ask},${answer}`;
        if (stray === 'b') return `${ask},"${answer}`;
        if (stray === 'c') return `${ask},${answer}"`;
        return stray === 'd' ? `${ask}",${answer}` : `${ask},${answer}`;
      });
      const found = await read(Buffer.from(['ask,answer', ...lines].join('\n')), TABLE);
      for (const text of texts(found)) expect(text.match(/怎么办/gu)).toHaveLength(1);
    }),
    { numRuns: 300 },
  );
});

it('rows of two encodings are read right or refused, never as other words', async () => {
  const line = fc.tuple(fc.constantFrom('头痛三天怎么办', '咳嗽', '高血压，头晕', '3天'), fc.boolean());
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 20 }), fc.nat(), async (drawn, cut) => {
      const bytes = Buffer.concat([
        Buffer.from('ask,answer\n'),
        ...drawn.map(([text, gb], n) => iconv.encode(`${text}${n},多休息${n}\n`, gb ? 'gb18030' : 'utf-8')),
      ]);
      const { encoding } = detectLayout(bytes);
      const found = await read(bytes, { ...TABLE, encoding }, cut % bytes.length);
      const written = new Set(drawn.map(([text], n) => `${text}${n}|多休息${n}`));
      expect(found).toHaveLength(drawn.length);
      for (const text of texts(found)) expect(written).toContain(text);
      for (const each of found) if (each.kind === 'rejected') expect(each.reason).toBe('undecodable');
    }),
    { numRuns: 200 },
  );
});

it('any file near the known kinds ends in rows taken or refused, without lost characters, wherever it is cut', async () => {
  const corpus = [...tables, ...jsonFiles]
    .map(({ content }) => Buffer.from(content))
    .filter((bytes) => bytes.length < 4_000);
  const change = fc.record({
    at: fc.nat(),
    drop: fc.nat(4),
    put: fc.constantFrom('', '"', '\n', '\r', ',', '{', ']', '\\', '答：', '\ue000', '\xff'),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...corpus),
      fc.array(change, { maxLength: 4 }),
      fc.nat(),
      async (base, changes, cut) => {
        let bytes = base;
        for (const { at, drop, put } of changes) {
          const place = at % (bytes.length + 1);
          bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from(put), bytes.subarray(place + drop)]);
        }
        try {
          const plan = detectLayout(bytes);
          const whole = await read(bytes, plan);
          expect(await read(bytes, plan, cut % (bytes.length + 1))).toEqual(whole);
          expect(whole.map((row) => row.rowNumber)).toEqual(whole.map((_, index) => index + 1));
          expect(texts(whole).join('')).not.toMatch(/[\0\uFFFD]/u);
        } catch (error) {
          if (!(error instanceof UnreadableFile)) throw error;
        }
      },
    ),
    { numRuns: 600 },
  );
});
