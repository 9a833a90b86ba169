import type { ReadPlan, ReadRow } from '@qingnang/contracts';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { detectLayout } from './detection/detect.js';
import { MAX_ROW_CHARACTERS } from './cutting/raw-row.js';
import { readRecords } from './read.js';

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

async function read(content: string | Uint8Array, plan?: Partial<ReadPlan>): Promise<ReadRow[]> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const rows: ReadRow[] = [];
  for await (const row of readRecords(once(bytes), { ...detectLayout(bytes), ...plan })) rows.push(row);
  return rows;
}

const turnsOf = (rows: ReadRow[]) =>
  rows.map((row) => (row.kind === 'record' ? row.turns.map((turn) => turn.text) : row.reason));
const refusals = (rows: ReadRow[]) =>
  rows.flatMap((row) => (row.kind === 'rejected' ? [[row.line, row.rowNumber, row.reason]] : []));
const JSON_PLAN: ReadPlan = { container: 'json', layout: 'alpaca', encoding: 'utf-8', mapping: {} };

describe('tables', () => {
  const table =
    'department,title,ask,answer\r\n内科,头痛,"头痛三天，\r\n怎么办",休息\r\n内科,发热,无,"他说""多喝水"""\r\n';

  it('reads quoted line breaks, CRLF and doubled quotes, and names the physical line', async () => {
    const rows = await read(table);
    expect(turnsOf(rows)).toEqual([
      ['头痛三天，\n怎么办', '休息'],
      ['发热', '他说"多喝水"'],
    ]);
    expect(rows.map((row) => [row.line, row.rowNumber])).toEqual([
      [2, 1],
      [4, 2],
    ]);
    expect(rows[0]).toMatchObject({
      kind: 'record',
      department: '内科',
      outsideId: null,
      questionOnly: false,
      notes: [],
    });
  });

  it('reads the same from GB18030, UTF-8 with a mark, UTF-16 and with tabs', async () => {
    const expected = turnsOf(await read(table));
    for (const bytes of [
      iconv.encode(table, 'gb18030'),
      Buffer.from(`\ufeff${table}`),
      Buffer.from(`\ufeff${table}`, 'utf16le'),
      Buffer.from(table.replaceAll(',', '\t')),
    ]) {
      expect(turnsOf(await read(bytes))).toEqual(expected);
    }
  });

  it('proposes a mapping for Chinese headers and joins title and body', async () => {
    const text =
      '编号,科室,标题,病情描述,医生回复\n7,儿科,咳嗽,孩子咳嗽两天,多喝水\n8,,咳嗽,咳嗽两天,多喝水\n9,nan,,咳,\n10,儿科,,,无\n';
    const id = '编号';
    const { mapping, rowCounters } = detectLayout(Buffer.from(text));
    expect(rowCounters).toEqual([id]);
    expect(mapping).toEqual({
      department: '科室',
      title: '标题',
      ask: '病情描述',
      answer: '医生回复',
    });
    const rows = await read(text, { mapping: { ...mapping, id } });
    expect(turnsOf(rows)).toEqual([['咳嗽\n孩子咳嗽两天', '多喝水'], ['咳嗽两天', '多喝水'], ['咳'], 'empty_question']);
    expect(rows[2]).toMatchObject({
      questionOnly: true,
      department: null,
      outsideId: '9',
      notes: ['answer_missing', 'empty_turn_dropped'],
    });
  });

  it('refuses faulty rows one by one', async () => {
    const long = 'x'.repeat(MAX_ROW_CHARACTERS);
    const rows = await read(`ask,answer\n问一,答\n问二\n"问"三,答\n问四,${long}\n问五,\ufffd\n问六,"答\n\n`);
    expect(refusals(rows)).toEqual([
      [3, 2, 'wrong_column_count'],
      [4, 3, 'bad_quoting'],
      [5, 4, 'too_long'],
      [6, 5, 'undecodable'],
      [7, 6, 'truncated'],
    ]);
    expect(rows.every((row) => row.kind === 'record' || row.raw.length <= 4000)).toBe(true);
    expect(rows[1]).toMatchObject({ raw: '问二', detail: 'The row has 1 cells, the header 2.' });
  });

  it('refuses only the row that does not decode', async () => {
    const bytes = Buffer.concat([
      Buffer.from('ask,answer\n头痛怎么办,休息\n发热'),
      Buffer.from([0xff]),
      Buffer.from(',多喝水\n咳嗽,无碍\n'),
    ]);
    expect(turnsOf(await read(bytes))).toEqual([['头痛怎么办', '休息'], 'undecodable', ['咳嗽', '无碍']]);
  });
});

describe('JSON', () => {
  it('reads an array and JSON Lines alike, whatever the file is called', async () => {
    const records = [
      { instruction: '头痛', input: '三天', output: '休息' },
      { instruction: ['发热'], input: '', output: ['多喝水'] },
    ];
    const expected = [
      ['头痛\n三天', '休息'],
      ['发热', '多喝水'],
    ];
    expect(turnsOf(await read(JSON.stringify(records, null, 2)))).toEqual(expected);
    expect(turnsOf(await read(records.map((record) => JSON.stringify(record)).join('\r\n')))).toEqual(expected);
  });

  it('puts history before the question, and sets a second shape aside', async () => {
    const rows = await read(
      JSON.stringify([
        {
          id: 'j1',
          cate1: '儿科',
          instruction: '好的',
          input: '',
          output: '不客气',
          history: [
            ['咳嗽', '多久了？'],
            ['两天', '多喝水'],
          ],
        },
        { instruct: '危险的问题', output: '不' },
        { instruction: '头痛', input: '', output: '休息', history: [['只有一个']] },
      ]),
    );
    expect(turnsOf(rows)).toEqual([
      ['咳嗽', '多久了？', '两天', '多喝水', '好的', '不客气'],
      'second_shape',
      'bad_field',
    ]);
    expect(rows[0]).toMatchObject({ outsideId: 'j1', department: '儿科' });
  });

  it('reads the lists of HuatuoGPT', async () => {
    const rows = await read(
      '{"data":["问：头痛","答：休息"]}\n{"data":["问:咳","问：嗽","答:水","问：谢谢"]}\n{"data":["头痛","答：休息"]}\n{"data":["答：休息"]}\n',
    );
    expect(turnsOf(rows)).toEqual([['头痛', '休息'], ['咳\n嗽', '水'], 'no_speaker', 'empty_question']);
    expect(rows[1]).toMatchObject({ notes: ['trailing_turn_cut', 'turns_merged'] });
  });

  it('reads conversations of both kinds', async () => {
    const rows = await read(
      [
        {
          conversations: [
            { from: 'system', value: '你是医生' },
            { from: 'human', value: '头痛' },
            { from: 'gpt', value: '休息' },
          ],
        },
        {
          messages: [
            { role: 'user', content: '头痛' },
            { role: 'assistant', content: [{ type: 'text', text: '休息' }] },
          ],
        },
        { conversations: [{ from: 'tool', value: '{}' }] },
        { conversations: [{ from: 'human' }] },
        { conversations: [{ from: 'human', value: '头痛' }], chosen: {}, rejected: {} },
      ]
        .map((record) => JSON.stringify(record))
        .join('\n'),
    );
    expect(turnsOf(rows)).toEqual([
      ['你是医生', '头痛', '休息'],
      ['头痛', '休息'],
      'unknown_role',
      'missing_field',
      'preference_pair',
    ]);
  });

  it('refuses faulty records one by one and finds the next', async () => {
    const good = '{"instruction":"头痛","output":"休息"}';
    const broken = '{"instruction":"头"痛","output":"休息"}';
    const oversize = `{"instruction":"${'x'.repeat(MAX_ROW_CHARACTERS)}","output":"y"}`;
    const array = await read(
      `[\n${good},\n${broken},\n${good},\n3,\n${oversize},\n${good.replace('休息', '\\u0000')}\n]\n`,
      JSON_PLAN,
    );
    expect(refusals(array)).toEqual([
      [3, 2, 'not_json'],
      [5, 4, 'not_an_object'],
      [6, 5, 'too_long'],
      [7, 6, 'undecodable'],
    ]);
    const lines = await read(`${good}\n\n${broken}\n${oversize}\n${good}`, JSON_PLAN);
    expect(refusals(lines)).toEqual([
      [3, 2, 'not_json'],
      [4, 3, 'too_long'],
    ]);
    expect(lines.at(-1)).toMatchObject({ kind: 'record', line: 5, rowNumber: 4 });
  });

  it('says where a file was cut off or goes on after its end', async () => {
    const good = '{"instruction":"头痛","output":"休息"}';
    expect(refusals(await read(`[${good},\n{"instruction":"发`))).toEqual([[2, 2, 'truncated']]);
    expect(refusals(await read(`[${good},\n`))).toEqual([[2, 2, 'truncated']]);
    expect(refusals(await read(`[${good}]\n\n<html>`))).toEqual([[3, 2, 'trailing_garbage']]);
    expect(refusals(await read(`${good}\n{"instruction":"发`))).toEqual([[2, 2, 'not_json']]);
  });
});

describe('files that cannot be read at all', () => {
  const csv: Partial<ReadPlan> = { mapping: { ask: 'ask' } };

  it('are refused with a code and what to do', async () => {
    const plan = { ...JSON_PLAN, container: 'csv', layout: 'qa_columns', mapping: { ask: 'ask' } } as const;
    const codes: [string | Uint8Array, Partial<ReadPlan>, string][] = [
      ['', csv, 'import.file_empty'],
      [' \n\n', csv, 'import.file_empty'],
      ['ask,answer\n', csv, 'import.no_rows'],
      ['[ ]', JSON_PLAN, 'import.no_rows'],
      [Buffer.from('PK\x03\x04xlsx'), csv, 'import.not_text'],
      ['ask,answer\n头痛,休息\n', { mapping: { ask: '问题' } }, 'import.mapping_unknown_column'],
      ['ask,answer\n头痛,休息\n', { mapping: {} }, 'import.mapping_incomplete'],
      ['ask,"ans\n头痛,休息\n', csv, 'import.header_unreadable'],
      ['[1,2,3]', {}, 'import.layout_unknown'],
    ];
    for (const [content, given, code] of codes) {
      const bytes = Buffer.from(content as string);
      const attempt = async () => {
        const detected = code === 'import.no_rows' || code === 'import.header_unreadable' ? plan : detectLayout(bytes);
        for await (const row of readRecords(once(bytes), { ...detected, ...given })) void row;
      };
      await expect(attempt(), code).rejects.toMatchObject({ code, status: 422 });
    }
  });
});
