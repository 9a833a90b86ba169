import type { Span } from '../fact.js';
import { readNumber } from './han-number.js';
import { DOSE_UNITS, OTHER_UNITS, TIME_HOURS, TIME_UNITS } from '../lexicon/units.js';

/** A number or a range with its unit, in base units; `unit` is empty where none is written, `h` for times. */
export interface Quantity extends Span {
  low: number;
  high: number;
  unit: string;
  sort: 'dose' | 'duration' | 'number';
  /** The unit as its group is called: 天 and 日 are one, 天 and 周 are not. */
  written: string;
}

const UNITS = [...new Set([...DOSE_UNITS.keys(), ...OTHER_UNITS.keys(), ...TIME_UNITS.keys()])]
  .sort((a, b) => b.length - a.length)
  .map((unit) => unit.replace('/', '\\/') + (/^[a-z]/u.test(unit) ? '(?![a-z])' : ''))
  .join('|');
const ARABIC = String.raw`\d+(?:\.\d+)?(?:\/\d+(?=[片粒袋包颗]))?`;
const HAN = '(?:[零〇一二两俩三四五六七八九十百千万]+半?|半)';
const RANGE = String.raw`(?:[-–—~～至到]|to)`;
const MORE = '(?:多|来|余|几)?个?';
const NUMBER = new RegExp(
  `(百分之)?(${ARABIC}|${HAN})(?:(${UNITS})?${RANGE}(${ARABIC}|${HAN}))?(?:${MORE}(半)?(${UNITS})(半(?!年|天|月|个|片|粒|袋|支|包|颗|小时|勺|瓶|杯|钟头))?)?(?:(?<=[度℃])(\\d)(?!\\d))?`,
  'gu',
);
/** Words that hold a Chinese numeral and count nothing. */
const IDIOMS = /百日咳|一日三餐|一天到晚|一年四季|三餐|千万不?|万一|十二指肠|二甲双胍|四环素|三甲|[进下]一步/gu;

/** Numbers in the order of the text. Chinese numerals count only before a unit; list numbers and ordinals never. */
export function findQuantities(plain: string, taken: readonly Span[]): Quantity[] {
  const used = new Uint8Array(plain.length);
  for (const { start, end } of taken) used.fill(1, start, end);
  for (const match of plain.matchAll(IDIOMS)) used.fill(1, match.index, match.index + match[0].length);
  return [...plain.matchAll(NUMBER)].flatMap((match) => {
    const span = { start: match.index, end: match.index + match[0].length };
    if (used.subarray(span.start, span.end).some((each) => each === 1)) return [];
    if (match[6] === undefined && match[1] === undefined && isNoQuantity(plain, span)) return [];
    if (/第/u.test(plain[span.start - 1] ?? '')) return [];
    return [toQuantity(match, span, plain)];
  });
}

function isNoQuantity(plain: string, { start, end }: Span): boolean {
  const words = plain.slice(start, end);
  if (!/^\d/u.test(words))
    return !/百|十/u.test(words) || words.length < 2 || !/[心率压糖]$/u.test(plain.slice(start - 3, start));
  if (/[a-z]-?$/u.test(plain.slice(Math.max(0, start - 2), start))) return true;
  if (/^[年月日号点]/u.test(plain.slice(end, end + 1))) return true;
  if (!/^\d{1,2}$/u.test(words))
    return /^120$/u.test(words) && /[打拨叫]$/u.test(plain.slice(Math.max(0, start - 1), start));
  const before = plain[start - 1] ?? '\n';
  const after = plain.slice(end, end + 2);
  if ('（('.includes(before)) return /^[）)]/u.test(after);
  return /[\n。；;：:，,！!？?、]/u.test(before) && /^(?:[、)）:：]|\.(?!\d))/u.test(after);
}

function toQuantity(match: RegExpMatchArray, span: Span, plain: string): Quantity {
  const [, percent, first, firstUnit, second, halfBefore, unit, halfAfter, tenths] = match;
  // 一个半月, 一片半, 38度5.
  const half = tenths !== undefined ? Number(tenths) / 10 : (halfBefore ?? halfAfter) === undefined ? 0 : 0.5;
  const [low, own] = readNumber(first!);
  const high = second === undefined ? own : readNumber(second)[1];
  const spelled = percent === undefined ? unit : '%';
  const [base, factor, sort] = unitOf(spelled, plain, span);
  const lowFactor = firstUnit === undefined ? factor : unitOf(firstUnit, plain, span)[1];
  return {
    ...span,
    low: round((low + half) * lowFactor),
    high: round((high + half) * factor),
    unit: base,
    sort,
    written: TIME_UNITS.get(spelled ?? '') ?? '',
  };
}

function unitOf(unit: string | undefined, plain: string, span: Span): [string, number, Quantity['sort']] {
  if (unit === undefined) return ['', 1, 'number'];
  const time = TIME_UNITS.get(unit);
  if (time !== undefined) {
    const age =
      /(?<!避)孕$|龄$/u.test(plain.slice(Math.max(0, span.start - 2), span.start)) ||
      /^(?:\d{4})年/u.test(plain.slice(span.start, span.end));
    return ['h', TIME_HOURS[time]!, age ? 'number' : 'duration'];
  }
  const dose = DOSE_UNITS.get(unit);
  if (dose) return [...dose, 'dose'];
  return [...(OTHER_UNITS.get(unit) ?? (['', 1] as const)), 'number'];
}

const round = (value: number): number => Number(value.toPrecision(8));

/** Whether two quantities say the same: 14 days and two weeks do, and so do 140 and 140 mmHg. */
export function sameQuantity(a: Quantity, b: Quantity): boolean {
  if (a.unit !== b.unit && a.unit !== '' && b.unit !== '') return false;
  // A month is 28 to 31 days, half of one 14 to 16.
  const slack = a.written !== b.written && Math.min(a.high, b.high) >= 14 * 24 ? 0.07 : 1e-6;
  const near = (x: number, y: number): boolean => Math.abs(x - y) <= slack * Math.max(Math.abs(x), Math.abs(y), 1e-9);
  return near(a.low, b.low) && near(a.high, b.high);
}
