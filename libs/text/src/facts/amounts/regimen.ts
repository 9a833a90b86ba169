import type { RawFinding, Span } from '../fact.js';
import { findFrequencies, type Frequency, sameFrequency } from './frequencies.js';
import { pairUp } from './pair-up.js';
import { findQuantities, type Quantity, sameQuantity } from './quantities.js';
import type { Reading } from '../reading.js';
import type { Term } from '../terms.js';

/** How much, how often and how long; a dose knows its drug. */
export interface Regimen {
  frequencies: Frequency[];
  quantities: (Quantity & { drug: Term | null })[];
  thresholds: Threshold[];
}

/** Above or below a number. */
export interface Threshold extends Span {
  quantity: Quantity;
  side: 'above' | 'below';
}

const FOOD = /[水盐糖油酒奶汤粥肉菜果蛋茶]/u;

export function findRegimen(reading: Reading, terms: readonly Term[]): Regimen {
  const { plain } = reading;
  const drugs = terms.filter(({ sort }) => sort === 'drug');
  const frequencies = findFrequencies(plain);
  const quantities = findQuantities(plain, [...terms, ...frequencies]).map((quantity) => {
    const drug = drugOf(reading, drugs, quantity);
    return { ...quantity, drug, sort: sortOf(reading, quantity, drug) };
  });
  return { frequencies, quantities, thresholds: findThresholds(plain, quantities) };
}

/** The medicine named last before a quantity in its sentence, else the first after it in its clause. */
function drugOf(reading: Reading, drugs: readonly Term[], { start, end }: Span): Term | null {
  const at = reading.clauseAt(start);
  const clause = reading.clauses[at];
  if (!clause) return null;
  const before = drugs.findLast((drug) => drug.end <= start);
  if (before && reading.clauses[reading.clauseAt(before.start)]!.sentence === clause.sentence) return before;
  return drugs.find((drug) => drug.start >= end && drug.start < clause.end) ?? null;
}

function sortOf(reading: Reading, quantity: Quantity, drug: Term | null): Quantity['sort'] {
  const { start, unit, sort } = quantity;
  // 二甲双胍 0.5 is a dose whose unit everybody knows.
  if (sort === 'number' && unit === '' && drug?.end === start) return 'dose';
  if (sort !== 'dose' || drug) return sort;
  const clause = reading.clauses[reading.clauseAt(start)];
  return clause && FOOD.test(reading.plain.slice(clause.start, clause.end)) && ['mg', 'ml', 'kg'].includes(unit)
    ? 'number'
    : sort;
}

const DENIED = '(?:不|别|不要|没有?|未|勿)?(?:要|能|可|宜|应)?';
const ABOVE_BEFORE = new RegExp(
  `(${DENIED})(?:高于|超过|大于|多于|超出|高过|高出|达到?|≥|>|\\babove|\\bover|\\bmore than)(?:了|或等于)?\\s?$`,
  'u',
);
const BELOW_BEFORE = new RegExp(
  `(${DENIED})(?:低于|小于|少于|不足|不到|不满|未满|未达|≤|<|\\bbelow|\\bunder|\\bless than)(?:了|或等于)?\\s?$`,
  'u',
);

function findThresholds(plain: string, quantities: readonly Quantity[]): Threshold[] {
  return quantities.flatMap((quantity): Threshold[] => {
    const before = plain.slice(Math.max(0, quantity.start - 10), quantity.start);
    for (const [pattern, side] of [
      [ABOVE_BEFORE, 'above'],
      [BELOW_BEFORE, 'below'],
    ] as const) {
      const match = pattern.exec(before);
      if (!match) continue;
      const other = side === 'above' ? 'below' : 'above';
      const start = quantity.start - (before.length - match.index);
      return [{ quantity, side: match[1] ? other : side, start, end: quantity.end }];
    }
    const after = /^(?:及|或|和)?(?:(以上|之上|往上|开外)|(以下|之下|以内|之内))/u.exec(
      plain.slice(quantity.end, quantity.end + 5),
    );
    if (!after || quantity.unit === 'h') return [];
    const end = quantity.end + after[0].length;
    return [{ quantity, side: after[1] ? 'above' : 'below', start: quantity.start, end }];
  });
}

const words = (quantity: Quantity): string =>
  `${quantity.low}${quantity.high === quantity.low ? '' : `-${quantity.high}`}${quantity.unit}`;

/** What changed in amounts, times and limits. */
export function compareRegimens(before: Regimen, after: Regimen): RawFinding[] {
  return [
    ...compareDoses(before.quantities, after.quantities),
    ...compareFrequencies(unspoken(before.frequencies, after), unspoken(after.frequencies, before)),
    ...compareNumbers(unspelled(before.quantities, after), unspelled(after.quantities, before)),
    ...compareThresholds(before.thresholds, after.thresholds),
  ];
}

/** 半年复查 and 每半年复查一次 are the same: a length of time here is how often there. */
const isLength = ({ times, hours }: Frequency, { unit, low, high }: Quantity): boolean =>
  unit === 'h' && (times === null || times[1] === 1) && hours[0] === low && hours[1] === high;
const unspoken = (own: readonly Frequency[], { quantities }: Regimen): Frequency[] =>
  own.filter((frequency) => !quantities.some((quantity) => isLength(frequency, quantity)));
const unspelled = (own: Regimen['quantities'], { frequencies }: Regimen): Regimen['quantities'] =>
  own.filter((quantity) => !frequencies.some((frequency) => isLength(frequency, quantity)));

type Bound = Regimen['quantities'][number];

function compareDoses(before: readonly Bound[], after: readonly Bound[]): RawFinding[] {
  const doses = (all: readonly Bound[]) => all.filter(({ sort }) => sort === 'dose');
  const [own, others] = [doses(before), doses(after)];
  const drugs = (all: readonly Bound[]) => new Set(all.map(({ drug }) => drug?.key));
  const [named, namedAfter] = [drugs(own), drugs(others)];
  const sameDrug = (a: Bound, b: Bound): boolean => a.drug?.key === b.drug?.key;
  // Where one text doesn't say whose dose it is, the value alone has to do.
  const mayBe = (a: Bound, b: Bound): boolean =>
    sameDrug(a, b) || !a.drug || !b.drug || (!namedAfter.has(a.drug.key) && !named.has(b.drug.key));
  return pairUp(own, others, {
    kind: () => 'dose',
    key: (dose) => `${dose.drug?.key ?? ''}:${words(dose)}`,
    same: (a, b) => sameQuantity(a, b) && mayBe(a, b),
    became: [
      (a, b) => sameDrug(a, b) && a.unit === b.unit,
      (a, b) => mayBe(a, b) && a.unit === b.unit,
      (a, b) => sameDrug(a, b),
    ],
    of: (dose) => dose.drug?.key,
  });
}

function compareFrequencies(before: readonly Frequency[], after: readonly Frequency[]): RawFinding[] {
  return pairUp(before, after, {
    kind: () => 'frequency',
    key: ({ times, hours }) => `${times?.join('-') ?? ''}/${hours.join('-')}h`,
    same: sameFrequency,
    became: [(a, b) => a.times !== null && b.times !== null, () => true],
    alone: ({ times }) => times !== null,
  });
}

function compareNumbers(before: readonly Quantity[], after: readonly Quantity[]): RawFinding[] {
  const rest = (all: readonly Quantity[]) =>
    all.filter(({ sort, unit, low }) => sort !== 'dose' && !(unit === '次' && low === 1));
  // 两次用药之间: a count of times is rarely told for its own sake.
  const alone = ({ unit }: Quantity): boolean => unit !== '次';
  return pairUp(rest(before), rest(after), {
    kind: ({ sort }) => sort,
    key: words,
    same: sameQuantity,
    alone,
    became: [(a, b) => a.unit === b.unit, (a, b) => a.sort === b.sort && (a.unit === '' || b.unit === '')],
  });
}

function compareThresholds(before: readonly Threshold[], after: readonly Threshold[]): RawFinding[] {
  return before.flatMap((own) => {
    const there = after.filter((other) => sameQuantity(own.quantity, other.quantity));
    const turned = there.find((other) => other.side !== own.side);
    if (!turned || there.some((other) => other.side === own.side)) return [];
    return [
      { kind: 'direction' as const, key: `${own.side}→${turned.side}:${words(own.quantity)}`, was: own, is: turned },
    ];
  });
}
