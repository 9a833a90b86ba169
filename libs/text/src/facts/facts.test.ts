import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareFacts, compareFactsInSlices } from './compare-facts.js';
import type { FactKind } from '@qingnang/contracts';
import type { Finding } from './fact.js';
import { findingWords, needsConfirmation } from './finding-words.js';

interface Pair {
  original: string;
  changed: string;
  kind?: FactKind;
}

const pairs = (name: string): Pair[] =>
  readFileSync(join(import.meta.dirname, 'cases', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Pair);
const changed = pairs('changed.jsonl');
const clean = pairs('clean.jsonl');
const said = (findings: readonly Finding[]) =>
  findings.map(({ kind, change, was, is }) => `${kind} ${change}: ${was.text}→${is.text}`);
const found = (original: string, text: string) => said(compareFacts(original, text));

describe('pairs of a reply and what became of it', () => {
  it('are many, of every kind', () => {
    expect(changed.length).toBeGreaterThanOrEqual(150);
    expect(clean.length).toBeGreaterThanOrEqual(80);
    expect(new Set(changed.map(({ kind }) => kind)).size).toBe(12);
  });

  it('have their change found, in at least 97 of 100 by its kind', () => {
    const missed = changed.filter(
      ({ original, changed: text, kind }) => !compareFacts(original, text).some((finding) => finding.kind === kind),
    );
    expect({ missed: missed.length <= changed.length * 0.03, which: missed }).toMatchObject({ missed: true });
  });

  it('raise an alarm in at most 3 of 100 where only the wording changed', () => {
    const alarms = clean.flatMap(({ original, changed: text }) => {
      const findings = found(original, text);
      return findings.length > 0 ? [{ original, text, findings }] : [];
    });
    expect({ quiet: alarms.length <= clean.length * 0.03, alarms }).toMatchObject({ quiet: true });
  });
});

describe('what a change is named as', () => {
  it.each([
    [
      '阿莫西林0.5g，布洛芬0.3g。',
      '您好，阿莫西林0.3g，布洛芬0.5g。',
      ['dose changed: 0.5g→0.3g', 'dose changed: 0.3g→0.5g'],
    ],
    ['血压高于140就要吃药。', '您好，血压低于140时就需要服药。', ['direction changed: 高于140→低于140']],
    ['孕妇禁用。', '您好，孕妇可以使用。', ['negation lost: 孕妇禁用→']],
    ['孕妇禁用，哺乳期禁用。', '孕妇可以使用，哺乳期禁用。', ['negation lost: 孕妇禁用→']],
    ['不要吃生的，不舒服就来。', '可以吃生的，不舒服就来。', ['negation lost: 不要吃生的→']],
    ['多休息。', '请多休息，可服用阿司匹林100mg。', ['drug added: →阿司匹林', 'dose added: →100mg']],
    ['吃三天，不好再来。', '您好，建议服用十天，如无好转请复诊。', ['duration changed: 三天→十天']],
    [
      '一日三次，一次一片。',
      '您好，请每日一次，每次三片。',
      ['frequency changed: 一日三次→每日一次', 'dose changed: 一片→三片'],
    ],
    ['每次20mg。', '每次500mg，另加甲硝唑。', ['drug added: →甲硝唑', 'dose changed: 20mg→500mg']],
    ['Take ibuprofen before meals.', 'Please take ibuprofen after meals.', ['time changed: before meals→after meals']],
  ])('%s', (original, text, expected) => {
    expect(found(original, text).sort()).toEqual([...expected].sort());
  });

  it('is said in both languages', () => {
    const [finding] = compareFacts('布洛芬0.2g。', '布洛芬2g。');
    expect(findingWords(finding!, 'zh')).toBe('布洛芬的剂量变了：0.2g → 2g');
    expect(findingWords(finding!, 'en')).toBe('Changed dose of 布洛芬: 0.2g → 2g');
  });

  it('asks for a word only where being wrong does harm', () => {
    const asked = (original: string, text: string) => compareFacts(original, text).map(needsConfirmation);
    expect(asked('马上来医院。', '有空来医院。')).toEqual([true]);
    expect(asked('不能喝酒。', '可以喝酒。')).toEqual([true]);
    expect(asked('左侧卵巢囊肿。', '右侧卵巢囊肿。')).toEqual([false]);
  });
});

const anyPair = fc.constantFrom(...changed, ...clean);
/** What may change in a reply without changing what it says. */
const SAME_FORMS: readonly (readonly [string, string])[] = [
  ['。', '．'],
  ['，', ','],
  ['3', '３'],
  ['mg', ' mg'],
  ['天', ' 天'],
  ['。', '。\n\n'],
  ['：', ':'],
];

describe('comparing', () => {
  it('finds nothing in the same words, however they are laid out', () => {
    fc.assert(
      fc.property(anyPair, fc.subarray([...SAME_FORMS]), ({ changed: text }, forms) => {
        const other = forms.reduce((words, [from, to]) => words.replaceAll(from, to), text);
        expect(found(text, text)).toEqual([]);
        expect(found(text, other)).toEqual([]);
        expect(found(other, text)).toEqual([]);
      }),
    );
  });

  it('finds nothing in another form of a number', () => {
    const digits = '零一二三四五六七八九';
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.constantFrom('天', '片', '周', '小时', '袋'), (n, unit) => {
        expect(found(`吃${digits[n]}${unit}。`, `服用${n}${unit}。`)).toEqual([]);
        expect(found(`一天${digits[n]}次。`, `每日${n}次。`)).toEqual([]);
      }),
    );
  });

  it('finds another amount both ways round', () => {
    const amounts = fc.integer({ min: 1, max: 99 });
    fc.assert(
      fc.property(amounts, amounts, fc.constantFrom('mg', '片', '天', '℃', '岁'), (a, b, unit) => {
        fc.pre(a !== b);
        const there = compareFacts(`用${a}${unit}。`, `用${b}${unit}。`);
        const back = compareFacts(`用${b}${unit}。`, `用${a}${unit}。`);
        expect(there.map(({ kind, change }) => [kind, change])).toEqual(back.map(({ kind, change }) => [kind, change]));
        expect([there[0]!.was.text, there[0]!.is.text]).toEqual([back[0]!.is.text, back[0]!.was.text]);
      }),
    );
  });

  it('finds what came one way as gone the other way, for what is named', () => {
    const named = new Set<FactKind>(['drug', 'dose', 'number', 'frequency', 'duration']);
    const turned = { lost: 'added', added: 'lost', changed: 'changed' } as const;
    const kinds = (findings: readonly Finding[], turn: boolean) =>
      findings
        .filter(({ kind }) => named.has(kind))
        .map(({ kind, change }) => `${kind} ${turn ? turned[change] : change}`)
        .sort();
    fc.assert(
      fc.property(anyPair, ({ original, changed: text }) => {
        expect(kinds(compareFacts(original, text), false)).toEqual(kinds(compareFacts(text, original), true));
      }),
    );
  });

  it('points at the words in both texts, under ids of their own', () => {
    fc.assert(
      fc.property(anyPair, anyPair, ({ original }, { changed: text }) => {
        const findings = compareFacts(original, text);
        expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
        for (const { was, is, change } of findings) {
          expect(original.slice(was.start, was.end)).toBe(was.text);
          expect(text.slice(is.start, is.end)).toBe(is.text);
          expect([was.text === '', is.text === '']).toEqual([change === 'added', change === 'lost']);
        }
      }),
    );
  });

  it('keeps the id of a finding while something else is typed', () => {
    const ids = (text: string) => compareFacts('布洛芬0.2g，多喝水。', text).map(({ id }) => id);
    expect(ids('您好，布洛芬2g，请您多喝水，祝好。')).toEqual(ids('布洛芬2g，多喝水。'));
  });

  it('survives any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), async (one, two) => {
        const findings = compareFacts(one, two);
        expect(await compareFactsInSlices(one, two, () => Promise.resolve())).toEqual(findings);
      }),
    );
  });

  it('takes time that grows with the length, whatever was rewritten', () => {
    const long = (key: 'original' | 'changed', length: number) => {
      const words = changed.map((pair) => pair[key]).join('');
      return words.repeat(Math.ceil(length / words.length)).slice(0, length);
    };
    const seconds = (length: number) => {
      const from = process.cpuUsage();
      compareFacts(long('original', length), long('changed', length));
      const { user, system } = process.cpuUsage(from);
      return (user + system) / 1e6;
    };
    seconds(5_000);
    expect(seconds(20_000)).toBeLessThan(3);
  });
});
