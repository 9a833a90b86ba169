import { around, type Gist, gistOf, shared, windowOf } from './closeness.js';
import type { RawFinding, Span } from './fact.js';
import { AXES, type Axis } from './lexicon/bearings.js';
import { DENIAL_BEFORE } from './lexicon/denials.js';
import type { Reading } from './reading.js';

/** A word on an axis, with what it is about. */
export interface Bearing extends Span {
  axis: Axis;
  pole: string;
  about: Gist;
  clause: number;
  /** The denial that turned it round. */
  denial: Span | null;
}

const PATTERNS = AXES.map((axis) => ({
  axis,
  poles: Object.keys(axis.poles),
  pattern: new RegExp(
    Object.values(axis.poles)
      .map((words) => `(${words})`)
      .join('|'),
    'gu',
  ),
}));

/** Sides, times of day, directions and the like. `taken`: names that hold such words by chance (左氧氟沙星). */
export function findBearings(reading: Reading, taken: readonly Span[]): Bearing[] {
  const { plain } = reading;
  const used = new Uint8Array(plain.length);
  for (const { start, end } of taken) used.fill(1, start, end);
  return PATTERNS.flatMap(({ axis, poles, pattern }) =>
    [...plain.matchAll(pattern)].flatMap((match) => {
      const span = { start: match.index, end: match.index + match[0].length };
      if (used.subarray(span.start, span.end).some((each) => each === 1)) return [];
      used.fill(1, span.start, span.end);
      const said = poles[match.slice(1).findIndex((group) => group !== undefined)]!;
      const denial = axis.denied ? denialBefore(reading, span) : null;
      const pole = denial ? poles.find((other) => other !== said)! : said;
      const about = gistOf(around(reading, span, ...axis.around));
      return [{ ...span, axis, pole, denial, about, clause: reading.clauseAt(span.start) }];
    }),
  );
}

function denialBefore(reading: Reading, span: Span): Span | null {
  const clause = reading.clauses[reading.clauseAt(span.start)];
  const from = Math.max(clause?.start ?? 0, span.start - 8);
  const match = DENIAL_BEFORE.exec(reading.plain.slice(from, span.start));
  return match ? { start: from + match.index, end: span.start } : null;
}

/** What turned round, and for some kinds what came or went. */
export function compareBearings(
  before: readonly Bearing[],
  after: readonly Bearing[],
  aligned: readonly (readonly number[])[],
): RawFinding[] {
  return AXES.flatMap((axis) => {
    const own = before.filter((bearing) => bearing.axis === axis);
    const others = after.filter((bearing) => bearing.axis === axis);
    return own.length + others.length === 0 ? [] : compareAxis(axis, own, others, aligned);
  });
}

function compareAxis(
  axis: Axis,
  before: readonly Bearing[],
  after: readonly Bearing[],
  aligned: readonly (readonly number[])[],
): RawFinding[] {
  const findings: RawFinding[] = [];
  const answered = new Set<Bearing>();
  const akin = (a: string, b: string): boolean =>
    a === b || (axis.akin ?? []).some((pair) => pair.includes(a) && pair.includes(b));
  const poles = new Set(before.map(({ pole }) => pole));
  const isNew = (each: Bearing): boolean => !answered.has(each) && ![...poles].some((pole) => akin(pole, each.pole));
  before.forEach((own, index) => {
    const reach = after.slice(...windowOf(index, before.length, after.length));
    const { same, other } = bestOf(own, reach, akin, aligned[own.clause] ?? []);
    if (same && same.score >= (other?.score ?? 0)) answered.add(same.bearing);
    else if (other && other.score > Math.max(1, same?.score ?? 0)) turned(own, other.bearing);
    else if (!same && (axis.kind === 'side' || axis.kind === 'time')) {
      const free = reach.find(isNew);
      if (free) turned(own, free);
      else if (axis.alone) findings.push({ kind: axis.kind, key: `${axis.name}:${own.pole}→`, was: own, is: null });
    }
  });
  function turned(own: Bearing, other: Bearing): void {
    answered.add(other);
    // 未见异常 → 可见异常: what turned it round is the denial that went.
    const denied = (own.denial === null) !== (other.denial === null);
    const key = `${axis.name}:${own.pole}→${other.pole}`;
    findings.push({ kind: denied ? 'negation' : axis.kind, key, was: whole(own), is: whole(other) });
  }
  if (!axis.alone) return findings;
  const fresh = after.filter(isNew);
  return [
    ...findings,
    ...fresh.map((each) => ({ kind: axis.kind, key: `${axis.name}:→${each.pole}`, was: null, is: each })),
  ];
}

const whole = (bearing: Bearing): Span => ({ start: bearing.denial?.start ?? bearing.start, end: bearing.end });

/** The one most alike of each sort; standing in the clause that says the same counts as well. */
function bestOf(
  own: Bearing,
  others: readonly Bearing[],
  akin: (a: string, b: string) => boolean,
  there: readonly number[],
): { same?: Scored; other?: Scored } {
  const best: { same?: Scored; other?: Scored } = {};
  for (const bearing of others) {
    const slot = akin(own.pole, bearing.pole) ? 'same' : 'other';
    const near = there.indexOf(bearing.clause);
    const score = shared(own.about, bearing.about) + (near < 0 ? 0 : near === 0 ? 2 : 1);
    if (!best[slot] || score > best[slot].score) best[slot] = { bearing, score };
  }
  return best;
}

interface Scored {
  bearing: Bearing;
  score: number;
}
