import { compareFacts } from '@qingnang/text';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { polishTurns } from './polish-rule.js';

const polish = (text: string, seed = 1): string => polishTurns([{ n: 1, role: 'doctor', text }], seed)[0]!.text;
const plain = (text: string): string =>
  text
    .replaceAll('你', '您')
    .replace(/[\s\p{P}]+/gu, '')
    .toLowerCase();

const clause = fc.constantFrom(
  '考虑慢性胃炎',
  '口服奥美拉唑20mg，一天两次',
  '不要吃辛辣食物',
  '可能是病毒感染',
  '体温超过38.5℃再吃布洛芬',
  '多喝水',
  '你没有糖尿病',
  '不建议你停药',
  '血压140/90mmHg偏高',
  '发烧几天了？',
  '三天后复查血常规',
  '不排除阑尾炎',
  '注意休息',
  '以上意见仅供参考',
);
const reply = fc
  .array(fc.tuple(clause, fc.constantFrom('。', '，', '；', '！', '\n', '')), { minLength: 1, maxLength: 7 })
  .map((parts) => parts.map(([words, mark]) => words + mark).join(''));

const SAMPLE = '../shared/data/toyhom-chinese-medical-dialogue/sample_internal_medicine_5000-6000.csv';

describe('the polish of a reply', () => {
  it('keeps every clause and adds no fact, whatever the clauses', () => {
    fc.assert(
      fc.property(reply, fc.integer(), (text, seed) => {
        const polished = polish(text, seed);
        for (const part of text.split(/[。，；！？\n]+/u)) expect(plain(polished)).toContain(plain(part));
        expect(compareFacts(text, polished)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it.skipIf(!existsSync(SAMPLE))(
    'keeps the facts of real replies (needs the sample files beside the repository)',
    () => {
      const text = new TextDecoder('gb18030').decode(readFileSync(SAMPLE));
      const rows: string[][] = parse(text, { from_line: 2, relax_quotes: true, relax_column_count: true });
      const replies = rows.map((row) => row[3] ?? '').filter((_reply, i) => i % 10 === 0);
      const changed = replies.filter((original) => compareFacts(original, polish(original)).length > 0);
      expect(replies.length).toBeGreaterThan(700);
      expect(changed).toEqual([]);
    },
  );

  it.each([
    ['多喝水，注意休息', /^您好，建议您多喝水，注意休息。祝您.*。$/u],
    ['你好，不用担心', /^您好，不用担心。/u],
    ['你好', /^您好$/u],
    ['疼几天了？', /^您好，疼几天了？$/u],
    ['休息。喝水。三天后复查。', /^您好，首先，休息。其次，喝水。最后，三天后复查。/u],
    ['cool it and rest', /^Hello\. Cool it and rest\. /u],
    ['Hi, take 200 mg twice a day', /^Hi, take 200 mg twice a day\. /u],
    ['。', /^。$/u],
    ['', /^$/u],
  ])('turns %j into the house style', (text, expected) => {
    expect(polish(text)).toMatch(expected);
  });

  it('answers for doctors only, greets once and closes once', () => {
    const turns = [
      { n: 0, role: 'patient', text: '头疼' },
      { n: 1, role: 'doctor', text: '几天了？' },
      { n: 2, role: 'patient', text: '三天' },
      { n: 4, role: 'doctor', text: '少熬夜' },
    ];
    const [first, last] = polishTurns(turns, 3);
    expect([first!.n, last!.n]).toEqual([1, 4]);
    expect(first!.text).toBe('您好，几天了？');
    expect(last!.text).toMatch(/^少熬夜。祝您/u);
  });
});
