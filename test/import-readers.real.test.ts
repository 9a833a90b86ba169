import { detectLayout, readRecords } from '@qingnang/corpus';
import type { LayoutDetection, ReadRow } from '@qingnang/contracts';
import { identityHash, questionHash } from '@qingnang/text';
import iconv from 'iconv-lite';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

// Real files, which never enter this repository; the expected counts come from a second, whole-file reader below.
const DATA = new URL('../../shared/data/', import.meta.url);
const present = existsSync(DATA);
if (!present) console.warn('Skipped: the real sample files are not beside this checkout (../shared/data).');

interface Tally {
  plan: LayoutDetection;
  rows: ReadRow[];
  accepted: Extract<ReadRow, { kind: 'record' }>[];
  rejected: Record<string, number>;
  duplicates: number;
  repeatedQuestions: number;
}

async function read(path: string): Promise<Tally> {
  const file = new URL(path, DATA);
  const plan = detectLayout(readFileSync(file).subarray(0, 262_144));
  const rows: ReadRow[] = [];
  for await (const row of readRecords(createReadStream(file), plan)) rows.push(row);
  const accepted = rows.filter((row) => row.kind === 'record');
  const rejected: Record<string, number> = {};
  for (const row of rows) if (row.kind === 'rejected') rejected[row.reason] = (rejected[row.reason] ?? 0) + 1;
  return {
    plan,
    rows,
    accepted,
    rejected,
    duplicates: accepted.length - new Set(accepted.map((row) => identityHash(row.turns))).size,
    repeatedQuestions: accepted.length - new Set(accepted.map((row) => questionHash(row.turns))).size,
  };
}

/** A CSV reader of twenty lines over the whole text; knows nothing of chunks, lines or faults. */
function tableOf(text: string): string[][] {
  const rows: string[][] = [];
  let cells: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|((?!")[^,\n]*))(,|\n|$)/gy;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) throw new Error(`stuck at ${pattern.lastIndex}`);
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] !== ',') {
      rows.push(cells);
      cells = [];
    }
  }
  return rows;
}

const wholeText = (path: string): string => readFileSync(new URL(path, DATA), 'utf8');
const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length;

/** Rows beyond the first of each key: exact texts give the least number of duplicates, bare letters the most. */
function repeats(dialogues: readonly (readonly string[])[]): { exact: number; letters: number } {
  const beyond = (key: (text: string) => string): number =>
    dialogues.length - new Set(dialogues.map((texts) => JSON.stringify(texts.map(key)))).size;
  return {
    exact: beyond((text) => text.trim()),
    letters: beyond((text) =>
      text
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]/gu, ''),
    ),
  };
}

describe.skipIf(!present)('real files', () => {
  it('Toyhom: 7,644 rows of GB18030 with quoted line breaks', async () => {
    const path = 'toyhom-chinese-medical-dialogue/sample_internal_medicine_5000-6000.csv';
    const text = iconv.decode(readFileSync(new URL(path, DATA)), 'gb18030');
    const [header, ...table] = tableOf(text);
    const tally = await read(path);

    expect(tally.plan).toMatchObject({ encoding: 'gb18030', delimiter: ',', header });
    expect(tally.plan.mapping).toEqual({ department: 'department', title: 'title', ask: 'ask', answer: 'answer' });
    expect(tally.rows).toHaveLength(table.length);
    expect(table).toHaveLength(7_644);
    expect(tally.rejected).toEqual({});

    const expected = table.map(([department, title, ask, answer]) => {
      const body = ask!.trim() === '无' ? '' : ask!.trim();
      const question =
        body === '' ? title!.trim() : body.startsWith(title!.trim()) ? body : `${title!.trim()}\n${body}`;
      return [department!, question, answer!.trim()];
    });
    expect(tally.accepted.map((row) => [row.department, ...row.turns.map((turn) => turn.text)])).toEqual(expected);
    expect(tally.accepted.filter((row) => row.questionOnly)).toHaveLength(0);
    expect(new Set(tally.accepted.map((row) => row.department)).size).toBe(11);
    expect(tally.rows.at(-1)!.line).toBe(text.trimEnd().split('\n').length);
    const withBreaks = tally.rows.filter((row, index) => (tally.rows[index + 1]?.line ?? row.line + 1) > row.line + 1);
    expect(withBreaks.length).toBe(table.filter((cells) => cells.join('').includes('\n')).length);
    expect(repeats(expected.map((cells) => cells.slice(1)))).toEqual({ exact: 378, letters: 378 });
    expect([tally.duplicates, tally.repeatedQuestions]).toEqual([378, 378]);
    expect(withBreaks).toHaveLength(7);
  });

  it('CMtMedQA: 1,000 dialogues, and 144 safety prompts set aside', async () => {
    const path = 'cmtmedqa-test/CMtMedQA_test.json';
    const text = wholeText(path);
    const records = JSON.parse(text) as Record<string, unknown>[];
    const dialogues = records.filter((record) => 'instruction' in record);
    const tally = await read(path);

    expect(tally.plan).toMatchObject({
      container: 'json',
      layout: 'alpaca',
      encoding: 'utf-8',
      mapping: { id: 'id', department: 'cate1' },
    });
    expect(tally.rows).toHaveLength(records.length);
    expect([records.length, dialogues.length]).toEqual([1_144, 1_000]);
    expect(tally.rejected).toEqual({ second_shape: records.length - dialogues.length });
    expect(tally.accepted.map((row) => row.outsideId)).toEqual(dialogues.map((record) => record['id']));
    const texts = dialogues.map(
      (record) => [...(record['history'] as string[][]).flat(), record['instruction'], record['output']] as string[],
    );
    expect(tally.accepted.map((row) => row.turns.map((turn) => turn.text))).toEqual(
      texts.map((turns) => turns.map((turn) => turn.trim())),
    );
    expect(tally.accepted.filter((row) => row.department === null)).toHaveLength(
      dialogues.filter((record) => record['cate1'] === 'nan').length,
    );
    const starts = [...text.matchAll(/^ +\{/gmu)].map((match) => lineOf(text, match.index));
    expect(tally.rows.map((row) => row.line)).toEqual(starts);
    expect(repeats(texts)).toEqual({ exact: 0, letters: 0 });
    expect([tally.duplicates, tally.repeatedQuestions]).toEqual([0, 0]);
  });

  it('Huatuo-26M: 6,000 questions and answers in lists of one', async () => {
    const path = 'huatuo26m-test/huatuo26M_test.json';
    const records = JSON.parse(wholeText(path)) as { instruction: string[]; output: string[] }[];
    const tally = await read(path);
    expect(tally.plan).toMatchObject({ layout: 'alpaca', mapping: { id: 'id' } });
    expect([tally.rows.length, records.length]).toEqual([6_000, 6_000]);
    expect(tally.rejected).toEqual({});
    const texts = records.map((record) => [...record.instruction, ...record.output].map((each) => each.trim()));
    expect(tally.accepted.every((row) => row.outsideId === null)).toBe(true);
    expect(repeats(texts)).toEqual({ exact: 0, letters: 0 });
    expect([tally.duplicates, tally.repeatedQuestions]).toEqual([0, 4]);
  });

  it('BenTsao: 8,658 instructions, JSON Lines under another name', async () => {
    const path = 'bentsao-distilled/llama_data.json';
    const records = wholeText(path)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { instruction: string; output: string });
    const tally = await read(path);
    expect(tally.plan).toMatchObject({ container: 'json', layout: 'alpaca', encoding: 'utf-8' });
    expect([tally.rows.length, records.length]).toEqual([8_658, 8_658]);
    expect(tally.rejected).toEqual({});
    expect(tally.rows.map((row) => row.line)).toEqual(records.map((_, index) => index + 1));
    const texts = records.map((record) => [record.instruction.trim(), record.output.trim()]);
    // One answer is 无, which is none.
    expect(tally.accepted.filter((row) => row.questionOnly)).toHaveLength(1);
    expect(tally.accepted.map((row) => row.turns.map((turn) => turn.text))).toEqual(
      texts.map((turns) => turns.filter((text) => text !== '无')),
    );
    expect(repeats(texts)).toEqual({ exact: 0, letters: 0 });
    expect([tally.duplicates, tally.repeatedQuestions]).toEqual([0, 7]);
  });

  it('MedicalGPT: 1,000 ShareGPT dialogues, and its preference pairs refused as such', async () => {
    const path = 'medicalgpt-samples/medical_sft_1K_format.jsonl';
    const records = wholeText(path)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { conversations: { value: string }[] });
    const tally = await read(path);
    expect(tally.plan).toMatchObject({ layout: 'sharegpt', mapping: {} });
    expect([tally.rows.length, records.length]).toEqual([1_000, 1_000]);
    const texts = records.map((record) => record.conversations.map((turn) => turn.value));
    expect(repeats(texts)).toEqual({ exact: 0, letters: 0 });
    expect([tally.duplicates, tally.repeatedQuestions]).toEqual([0, 0]);
    const pairs = await read('medicalgpt-samples/dpo_zh_99.jsonl');
    expect([pairs.rows.length, pairs.rejected]).toEqual([99, { preference_pair: 99 }]);
    expect(tally.rejected).toEqual({});
  });
});
