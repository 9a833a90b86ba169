import { type Gist, gistOf, shared, windowOf } from './closeness.js';
import type { RawFinding, Span } from './fact.js';
import { DENIAL, FILLERS, NO_BETTER, SAID_WITHOUT, SET_PHRASE } from './lexicon/denials.js';
import type { Reading } from './reading.js';

/** A denial with what it is about. */
export interface Negation extends Span {
  clause: number;
  /** Up to eight characters of what is denied, or of what stands before where nothing follows (孕妇禁用). */
  about: string;
  gist: Gist;
  /** The words in which it would be lost: the denial and what it is about. */
  whole: Span;
}

/** `used`: denials that belong to something else, such as 不低于 to its number. */
export function findNegations(reading: Reading, used: readonly Span[]): Negation[] {
  const { plain } = reading;
  const taken = new Uint8Array(plain.length + 1);
  for (const { start, end } of used) taken.fill(1, start, end);
  for (const pattern of [SET_PHRASE, NO_BETTER]) {
    for (const match of plain.matchAll(pattern)) taken.fill(1, match.index, match.index + match[0].length);
  }
  return [...plain.matchAll(DENIAL)].flatMap((match) => {
    const span = { start: match.index, end: match.index + match[0].length };
    if (taken[span.start] === 1 || asks(plain, span.start)) return [];
    return [negationOf(reading, span)];
  });
}

/** 有没有, 烧不烧 ask; they deny nothing. */
function asks(plain: string, at: number): boolean {
  const [before, after] = [plain[at - 1], plain[at + 1]];
  return before !== undefined && before === after && /\p{Script=Han}/u.test(before);
}

function negationOf(reading: Reading, { start, end }: Span): Negation {
  const { plain } = reading;
  const clause = reading.clauseAt(start);
  const { start: from, end: to } = reading.clauses[clause]!;
  const rest = plain.slice(end, to);
  const fillers = FILLERS.exec(rest)?.[0].length ?? 0;
  const about = rest.slice(fillers, fillers + 8);
  // 孕妇禁用, 哺乳期忌服: what it is about stands before; 忌：烟、酒: behind a mark.
  const before = plain.slice(Math.max(from, start - 8), start) || plain.slice(end + 1, end + 9);
  if (about.replace(/[了的用服。]/gu, '') === '') {
    const gist = gistOf(before);
    return { start, end, clause, about: before, gist, whole: { start: Math.max(from, start - 8), end: to } };
  }
  const until = end + fillers + Math.min(about.length, /^[a-z]+/u.exec(about)?.[0].length ?? 4);
  return { start, end, clause, about, gist: gistOf(about), whole: { start, end: until } };
}

/**
 * Denials that went, and those set on what was allowed. Each denial of the original answers to one of the text as it
 * stands, by what it is about and by where; that the character stands elsewhere as well says nothing.
 */
export function compareNegations(
  before: Reading,
  after: Reading,
  own: readonly Negation[],
  others: readonly Negation[],
  aligned: readonly (readonly number[])[],
): RawFinding[] {
  const pairs = pair(own, others, aligned);
  const lost = own.filter((negation) => !pairs.has(negation) && isLost(negation, after, others, aligned));
  const kept = new Set(pairs.values());
  const back = alignedBack(aligned);
  const added = others.filter((negation) => {
    const there = back[negation.clause] ?? [];
    return !kept.has(negation) && there.some((clause) => isDeniedOnly(negation, after, before, clause));
  });
  return [
    ...lost.map((each) => ({ kind: 'negation' as const, key: `lost:${each.about}`, was: each.whole, is: null })),
    ...added.map((each) => ({ kind: 'negation' as const, key: `added:${each.about}`, was: null, is: each.whole })),
  ];
}

/** Most alike first, each once. */
function pair(
  own: readonly Negation[],
  others: readonly Negation[],
  aligned: readonly (readonly number[])[],
): Map<Negation, Negation> {
  const scored = own.flatMap((a, index) =>
    others.slice(...windowOf(index, own.length, others.length)).flatMap((b) => {
      const about = shared(a.gist, b.gist);
      const near = aligned[a.clause]?.indexOf(b.clause) ?? -1;
      const score = about + (near === 0 ? 2 : near > 0 ? 1 : 0);
      return score >= 2 || about >= 1 ? [{ a, b, score }] : [];
    }),
  );
  const pairs = new Map<Negation, Negation>();
  const taken = new Set<Negation>();
  for (const { a, b } of scored.sort((one, two) => two.score - one.score)) {
    if (pairs.has(a) || taken.has(b)) continue;
    pairs.set(a, b);
    taken.add(b);
  }
  return pairs;
}

function isLost(
  negation: Negation,
  after: Reading,
  others: readonly Negation[],
  aligned: readonly (readonly number[])[],
): boolean {
  const there = aligned[negation.clause] ?? [];
  const said = (clause: number): string => {
    const { start, end } = after.clauses[clause]!;
    return after.plain.slice(start, end);
  };
  // Denied twice, said once: 没有发热、没有咳嗽 and 没有发热或咳嗽.
  const head = gistOf(negation.about.slice(0, 4));
  const denied = others.filter(({ clause }) => there.includes(clause));
  if (denied.some(({ clause }) => shared(head, gistOf(said(clause))) >= 3)) return false;
  // In a short reply the whole of it may say it otherwise; in a long one what says most like it.
  const near = after.clauses.length <= 12 ? after.plain : there.map(said).join('，');
  return !SAID_WITHOUT.some(([what, instead]) => what.test(negation.about) && instead.test(near));
}

/** Whether the clause of the original says the same but for the denial. */
function isDeniedOnly(negation: Negation, after: Reading, before: Reading, clause: number): boolean {
  const here = after.clauses[negation.clause]!;
  const rest = after.plain.slice(here.start, negation.start) + after.plain.slice(negation.end, here.end);
  const own = gistOf(rest);
  const { start, end } = before.clauses[clause]!;
  if (/[不没无未别勿非禁忌免戒]|\b(?:no|not|never)\b/u.test(before.plain.slice(start, end))) return false;
  const there = gistOf(before.plain.slice(start, end));
  const single = [...own.keys()].filter((token) => token.length === 1);
  const found = single.filter((token) => there.has(token)).length;
  return found >= 1 && found >= single.length * 0.6 && shared(own, there) >= 2;
}

/** The clauses of the original that each clause of the text answers to. */
export function alignedBack(aligned: readonly (readonly number[])[]): number[][] {
  const back: number[][] = [];
  aligned.forEach(([first], index) => {
    if (first !== undefined) (back[first] ??= []).push(index);
  });
  return back;
}
