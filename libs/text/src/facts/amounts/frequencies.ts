import type { Span } from '../fact.js';
import { readNumber } from './han-number.js';
import { LATIN_FREQUENCIES, TIME_HOURS, TIME_UNITS } from '../lexicon/units.js';

/** How often: so many times in so many hours. `times` is null where only the period is said (每天). */
export interface Frequency extends Span {
  times: readonly [number, number] | null;
  /** Both ends of the period: 每4-6小时. */
  hours: readonly [number, number];
}

const N = String.raw`(?:\d+(?:\.\d+)?|[一二两三四五六七八九十半]+)`;
const RANGE = `(${N})(?:[-–—~～至到](${N}))?`;
const PERIOD = '(?:个?小时|个?钟头|天|日|晚|早|周|个?星期|个?礼拜|个?月|年)';
const VERB = '(?:(?![后前内以之])[\\p{Script=Han}]){0,5}?';
const TIMES = `(?:各)?(${N})(?:[-–—~～至到](${N}))?(?:次|回)`;

/** In the order they are tried; what one has read, the next leaves alone. */
const PATTERNS: readonly [RegExp, (groups: readonly (string | undefined)[]) => Omit<Frequency, 'start' | 'end'>][] = [
  [/早中晚(?:各|饭|餐)?|一日三餐/gu, () => ({ times: [3, 3], hours: [24, 24] })],
  [/早晚各?(?:(?:一|1)次)?/gu, () => ({ times: [2, 2], hours: [24, 24] })],
  [/隔一?(?:日|天)(?:一次|1次)?|每隔一?(?:日|天)/gu, () => ({ times: [1, 1], hours: [48, 48] })],
  [/\bq(\d+)h\b/gu, ([hours]) => ({ times: [1, 1], hours: [Number(hours), Number(hours)] })],
  [/(?<![a-z])(?:qd|bid|tid|qid|qn|qod|qw|biw|tiw)(?![a-z])/gu, ([, , , , whole]) => latin(whole!)],
  [
    new RegExp(`(?:${TIMES})\\/?(?:每|一)?(天|日|周|月)`, 'gu'),
    ([times, to, unit]) => every(times, to, '1', undefined, unit!),
  ],
  [
    new RegExp(`(?:每隔?|间隔)${RANGE}(${PERIOD})(?:${VERB}(?:一|1)?次)?`, 'gu'),
    ([from, to, unit]) => every('1', undefined, from!, to, unit!),
  ],
  [
    new RegExp(`(?:每个?|一|1)(${PERIOD})${VERB}${TIMES}`, 'gu'),
    ([unit, times, to]) => every(times, to, '1', undefined, unit!),
  ],
  [
    new RegExp(`(?<![\\d一二三四五六七八九十两])日[服用]?(${N})次`, 'gu'),
    ([times]) => every(times, undefined, '1', undefined, '日'),
  ],
  [
    new RegExp(`(${N})(${PERIOD})${VERB}(?:一|1)次`, 'gu'),
    ([count, unit]) => every('1', undefined, count!, undefined, unit!),
  ],
  [
    new RegExp(
      `(?:每个?)(${PERIOD})|(天)天|(?:一|1)(天|日)(?=[\\p{Script=Han}]{0,3}?[\\d一二两三四五六七八九十半])(?![之内后前半])`,
      'gu',
    ),
    ([unit, day, one]) => ({
      ...every('1', undefined, '1', undefined, unit ?? day ?? one!),
      times: null,
    }),
  ],
];

function latin(word: string): Omit<Frequency, 'start' | 'end'> {
  const [times, hours] = LATIN_FREQUENCIES.get(word)!;
  return { times: [times, times], hours: [hours, hours] };
}

function every(
  times: string | undefined,
  timesTo: string | undefined,
  from: string,
  to: string | undefined,
  unit: string,
): Omit<Frequency, 'start' | 'end'> {
  const word = unit === '晚' || unit === '早' ? '天' : unit.replace(/^个/u, '');
  const hours = TIME_HOURS[TIME_UNITS.get(word) ?? TIME_UNITS.get(`个${word}`)!]!;
  const [low, high] = readNumber(times ?? '1');
  const [first, last] = readNumber(from);
  return {
    times: [low, timesTo === undefined ? high : readNumber(timesTo)[1]],
    hours: [first * hours, (to === undefined ? last : readNumber(to)[1]) * hours],
  };
}

/** All that say how often, in order. */
export function findFrequencies(plain: string): Frequency[] {
  const found: Frequency[] = [];
  const taken = new Uint8Array(plain.length);
  for (const [pattern, readGroups] of PATTERNS) {
    for (const match of plain.matchAll(pattern)) {
      const span = { start: match.index, end: match.index + match[0].length };
      if (taken.subarray(span.start, span.end).some((used) => used === 1)) continue;
      taken.fill(1, span.start, span.end);
      const groups = [match[1], match[2], match[3], match[4]] as const;
      found.push({ ...span, ...readGroups([...groups, match[0]]) });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Three times a day and every eight hours are the same; a bare "every day" goes with any number of times a day. */
export function sameFrequency(a: Frequency, b: Frequency): boolean {
  if (a.times === null || b.times === null) return a.hours[0] === b.hours[0] || fits(a, b) || fits(b, a);
  const near = (x: number, y: number): boolean => Math.abs(x - y) < 0.08 * Math.max(x, y);
  const [one, two] = [a, b].map(({ times, hours }) => [hours[0] / times![1], hours[1] / times![0]] as const) as [
    readonly [number, number],
    readonly [number, number],
  ];
  return near(one[0], two[0]) && near(one[1], two[1]);
}

function fits(open: Frequency, said: Frequency): boolean {
  return open.times === null && open.hours[0] === 24 && said.hours[0] < 24;
}
