import type { Fact } from './fact.js';

/** One unit a word group: the name it is compared by, then its other spellings. */
const UNIT_TABLE =
  'mmol|mmol/l 毫摩尔每升|mmhg 毫米汞柱|kpa|mg 毫克|g 克|kg 千克 公斤|斤|μg ug mcg 微克|ml 毫升|l 升|iu 单位|万iu 万单位|%|‰|' +
  '℃ °c 摄氏度 度|cm 厘米 公分|mm 毫米|m 米|次 回 times time|片 tablets tablet|粒|颗|丸|袋 包|支|滴|瓶|杯|勺|盒|贴|针|例|胎|倍|期|级|' +
  '岁 周岁|年 years year|月 个月 months month|周 星期 个星期 礼拜 个礼拜 weeks week|孕周|天 日 days day|' +
  '小时 个小时 钟头 个钟头 h hours hour|分钟 min minutes|秒|餐 顿|疗程 个疗程';
/** Spelling → the unit it stands for. */
const UNITS = new Map(
  UNIT_TABLE.split('|').flatMap((group) =>
    group.split(' ').map((word): [string, string] => [word, group.split(' ')[0]!]),
  ),
);

const UNIT = [...UNITS.keys()]
  .sort((a, b) => b.length - a.length)
  .map((unit) => (/^[a-z]+$/u.test(unit) ? `${unit}(?![a-z])` : unit.replace('/', '\\/')))
  .join('|');
const ARABIC = String.raw`\d+(?:\.\d+)?`;
const HAN = '[零〇一二两三四五六七八九十百千半]+';
const RANGE = String.raw`\s*(?:[-–—~～至到]|to)\s*`;

const NUMBER = new RegExp(`(?<![\\d.])(${ARABIC})(?:${RANGE}(${ARABIC}))?\\s*(${UNIT})?`, 'giu');
const HAN_NUMBER = new RegExp(`(百分之)?(${HAN})(?:${RANGE}(${HAN}))?(${UNIT})`, 'giu');
const HAN_PERCENT = new RegExp(`百分之(${HAN}|${ARABIC})`, 'gu');
const HAN_DIGITS: Record<string, number> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};
const HAN_SCALES: Record<string, number> = { 十: 10, 百: 100, 千: 1000 };

/** 三十五 → 35, 半 → 0.5, 两 → 2; digits in a row (一二三) are read one by one. */
export function hanToNumber(text: string): number {
  if (text === '半') return 0.5;
  let total = 0;
  let digit: number | null = null;
  for (const character of text) {
    const scale = HAN_SCALES[character];
    if (character === '半') total += 0.5;
    else if (scale !== undefined) {
      total += (digit ?? 1) * scale;
      digit = null;
    } else digit = (digit ?? 0) * 10 + (HAN_DIGITS[character] ?? 0);
  }
  return total + (digit ?? 0);
}

/**
 * Numbers with their units, Arabic and Chinese; Chinese ones only before a unit (or after 百分之), since 一 is in many words.
 * A range is one fact for each end. List numbers (`1.`, `2、`, `（3）`) are no facts.
 */
export function findNumbers(text: string): Fact[] {
  const facts: Fact[] = [];
  const add = (match: RegExpMatchArray, values: readonly number[], unit: string): void => {
    const start = match.index!;
    const words = match[0].trimEnd();
    for (const value of values)
      facts.push({ kind: 'number', key: `${value}${unit}`, text: words, start, end: start + words.length });
  };
  for (const match of text.matchAll(NUMBER)) {
    if (match[3] === undefined && isListNumber(text, match.index, match[0].trimEnd())) continue;
    if (/百分之$/u.test(text.slice(Math.max(0, match.index - 3), match.index))) continue;
    add(match, [match[1], match[2]].filter((part) => part !== undefined).map(Number), unitOf(match[3]));
  }
  for (const match of text.matchAll(HAN_NUMBER)) {
    if (match[1] !== undefined || text[match.index - 1] === '第') continue;
    // 三四天 and 七八九月 name each number.
    const each = /^[一二两三四五六七八九]{2,}$/u.test(match[2]!) ? [...match[2]!] : [match[2]];
    add(
      match,
      [...each, match[3]].flatMap((part) => (part === undefined ? [] : [hanToNumber(part)])),
      unitOf(match[4]),
    );
  }
  for (const match of text.matchAll(HAN_PERCENT)) {
    add(match, [/\d/u.test(match[1]!) ? Number(match[1]) : hanToNumber(match[1]!)], '%');
  }
  return facts;
}

function unitOf(spelling: string | undefined): string {
  return UNITS.get(spelling?.toLowerCase() ?? '') ?? '';
}

function isListNumber(text: string, index: number, words: string): boolean {
  if (!/^\d{1,2}$/u.test(words)) return false;
  const before = text.slice(Math.max(0, index - 1), index);
  const after = text.slice(index + words.length);
  if (/[（(]$/u.test(before)) return /^[）)]/u.test(after);
  return /(?:^|[\s。；;：:，,！!？?])$/u.test(before) && /^[.．、)）:：](?!\d)/u.test(after);
}
