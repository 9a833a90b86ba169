import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { detectLayout } from './detect.js';
import { isDataRow } from './header-row.js';
import { namesRows, proposeMapping } from './propose-mapping.js';

const rows = (...cells: string[][]): string[][] => cells;

describe('the first row of a table', () => {
  it.each([
    [['头痛三天怎么办', '建议休息'], rows(['咳嗽怎么办', '多喝水']), true],
    [['内科', '1', '1001', '头痛怎么办', '休息'], rows(['外科', '0', '1002', '扭伤', '冷敷']), true],
    [['ask', 'answer'], rows(['头痛', '休息']), false],
    [['p', 'r'], rows(['头痛', '休息']), false],
    [['主要不适', '处理'], rows(['头痛三天，伴恶心，休息后不缓解', '建议先测血压，注意休息']), false],
    [['答', '答'], rows(['头痛', '休息']), false],
    [['同', '同'], rows(['头痛', '休息']), true],
  ])('%j is data: %j', (first, others, data) => expect(isDataRow(first, others)).toBe(data));
});

describe('an id', () => {
  it.each([
    [['1', '2', '3'], false],
    [['0'], false],
    [['5001', '5003', '5010'], false],
    [['62963', '33413', '47283'], true],
    [['1234567890123456789'], true],
    [['A1', 'A2'], true],
    [['7', '7', '8'], false],
    [['', ''], true],
  ])('of values %j is proposed: %j', (values, wanted) => expect(namesRows(values)).toBe(wanted));
});

describe('the column of answers', () => {
  it.each([
    [['input', 'target', 'answer_choice', 'type'], 'target'],
    [['question', 'model_output'], 'model_output'],
    [['query', 'response'], 'response'],
    [['question', 'answer_zh'], 'answer_zh'],
    [['question', 'answer_id', 'answer_text'], 'answer_text'],
    [['question', 'response_chosen', 'response_rejected'], undefined],
    [['question', 'score'], undefined],
  ])('of %j is %j', (header, wanted) => expect(proposeMapping('qa_columns', { header, rows: [] }).answer).toBe(wanted));
});

describe('what a person says of a file', () => {
  const table = Buffer.from('头痛;休息\n发热;喝水\n');

  it('is taken, and the rest proposed with it', () => {
    const named = detectLayout(table, { chosen: { noHeader: false, delimiter: ';' } });
    expect(named).toMatchObject({ header: ['头痛', '休息'], mapping: {} });
    const headless = detectLayout(table, { chosen: { noHeader: true } });
    expect(headless).toMatchObject({
      delimiter: ';',
      noHeader: true,
      header: ['column_1', 'column_2'],
      mapping: { ask: 'column_1', answer: 'column_2' },
      outlook: { read: 2, accepted: 2 },
    });
    const list = detectLayout(Buffer.from('头痛怎么办\n发热怎么办\n'), {
      chosen: { container: 'csv', noHeader: true },
    });
    expect(list).toMatchObject({ mapping: { ask: 'column_1' }, outlook: { questionOnly: 2 } });
    expect(
      detectLayout(iconv.encode('ask,answer\n头痛,休息\n', 'gb18030'), { chosen: { encoding: 'utf-8' } }),
    ).toMatchObject({
      encoding: 'utf-8',
      outlook: { reasons: { undecodable: 1 } },
    });
  });

  it('leaves how many rows there are to be counted, or estimated', () => {
    const text = Buffer.from(`ask,answer\n${'头痛怎么办,休息\n'.repeat(40_000)}`);
    expect(detectLayout(table, { bytes: table.length, chosen: { noHeader: true } }).rows).toEqual({
      count: 2,
      exact: true,
    });
    const { rows: estimated } = detectLayout(text.subarray(0, 262_144), { bytes: text.length });
    expect(estimated!.exact).toBe(false);
    expect(Math.abs(estimated!.count - 40_000)).toBeLessThan(400);
  });
});

describe('an encoding', () => {
  const chinese = 'ask,answer\n头痛三天怎么办,建议到医院检查，注意休息。\n';

  it.each([
    ['utf-8', Buffer.from(chinese)],
    ['gb18030', iconv.encode(chinese, 'gb18030')],
    ['utf-16be', iconv.encode(`\ufeff${chinese}`, 'utf-16be')],
    ['utf-16be', iconv.encode(chinese, 'utf-16be')],
    ['utf-16le', iconv.encode(chinese, 'utf-16le')],
  ])('%s is found', (encoding, bytes) => expect(detectLayout(bytes).encoding).toBe(encoding));

  it.each(['big5', 'shift_jis', 'euc-kr', 'latin1', 'windows-1251'])('%s is said to be unknown', (encoding) => {
    const text = {
      big5: '頭痛三天怎麼辦，建議到醫院檢查，注意休息。',
      shift_jis: '頭が痛いです。どうすればいいですか。',
      'euc-kr': '머리가 아픈데 어떻게 해야 하나요. 병원에 가세요.',
      latin1: 'Où avez-vous mal à la tête, élève très fatigué',
      'windows-1251': 'Болит голова, что делать? Сходите к врачу.',
    }[encoding]!;
    const bytes = iconv.encode(
      `ask,answer\n${`${text.replaceAll(',', ' ')},${text.replaceAll(',', ' ')}\n`.repeat(20)}`,
      encoding,
    );
    expect(() => detectLayout(bytes)).toThrow(expect.objectContaining({ code: 'import.encoding_unknown' }) as Error);
  });
});
