import { windowOf } from './closeness.js';
import type { RawFinding, Span } from './fact.js';
import {
  ALTERNATIVES,
  ASKS_TOO,
  ASSERTS,
  HEDGE,
  MANY_CAUSES,
  QUESTION,
  STRONG_HEDGE,
  SURE,
} from './lexicon/certainty.js';
import type { Reading } from './reading.js';
import { sameDisease, type Term } from './terms.js';

interface Side {
  reading: Reading;
  diseases: readonly Term[];
  hedges: readonly (Span & { clause: number })[];
  /** Clauses and sentences that hold a hedge. */
  hedged: ReadonlySet<number>;
  hedgedSentences: ReadonlySet<number>;
  /** Diseases by the clause they stand in. */
  named: ReadonlyMap<number, Term[]>;
}

function sideOf(reading: Reading, terms: readonly Term[]): Side {
  const hedges = [...reading.plain.matchAll(HEDGE)].flatMap((match) => {
    const span = { start: match.index, end: match.index + match[0].length };
    if (terms.some((term) => term.start < span.end && span.start < term.end)) return [];
    return [{ ...span, clause: reading.clauseAt(span.start) }];
  });
  const diseases = terms.filter(({ sort }) => sort === 'disease');
  const named = new Map<number, Term[]>();
  for (const term of diseases) {
    const clause = reading.clauseAt(term.start);
    named.set(clause, [...(named.get(clause) ?? []), term]);
  }
  const hedged = new Set(hedges.map(({ clause }) => clause));
  const hedgedSentences = new Set([...hedged].map((clause) => sentenceOf(reading, clause)));
  return { reading, hedges, hedged, hedgedSentences, diseases, named };
}

/** Guesses told as certain, and diagnoses that became guesses or one of a list; also a question that is no longer asked. */
export function compareCertainty(
  before: { reading: Reading; terms: readonly Term[] },
  after: { reading: Reading; terms: readonly Term[] },
  aligned: readonly (readonly number[])[],
): RawFinding[] {
  const [own, other] = [sideOf(before.reading, before.terms), sideOf(after.reading, after.terms)];
  return [...lostHedges(own, other, aligned), ...lostCommitments(own, other, aligned), ...lostQuestion(own, other)];
}

const sentenceOf = (reading: Reading, clause: number): number => reading.clauses[clause]?.sentence ?? -1;

/** The clauses of the other text that say this one: those that name its disease, else those most like it. */
function counterparts(own: Side, other: Side, clause: number, aligned: readonly (readonly number[])[]): number[] {
  const [from, to] = windowOf(clause, own.reading.clauses.length, other.reading.clauses.length);
  const named = own.named.get(clause) ?? [];
  const same = [...other.named].flatMap(([at, terms]) =>
    at >= from && at < to && terms.some((term) => named.some(({ key }) => sameDisease(key, term.key))) ? [at] : [],
  );
  return same.length > 0 ? same : (aligned[clause] ?? []).slice(0, 1);
}

function lostHedges(own: Side, other: Side, aligned: readonly (readonly number[])[]): RawFinding[] {
  const hedged = other.hedgedSentences;
  const seen = new Set<number>();
  return own.hedges.flatMap((hedge) => {
    if (seen.has(hedge.clause)) return [];
    seen.add(hedge.clause);
    const there = counterparts(own, other, hedge.clause, aligned);
    const kept =
      there.length === 0 ? hedged.size > 0 : there.some((clause) => hedged.has(sentenceOf(other.reading, clause)));
    if (kept) return [];
    const { end } = own.reading.clauses[hedge.clause]!;
    const was = { start: hedge.start, end: Math.min(end, hedge.end + 6) };
    const is = there[0] === undefined ? null : other.reading.clauses[there[0]]!;
    return [{ kind: 'hedge' as const, key: own.reading.plain.slice(was.start, was.end), was, is }];
  });
}

function lostCommitments(own: Side, other: Side, aligned: readonly (readonly number[])[]): RawFinding[] {
  return own.reading.clauses.flatMap((clause, index) => {
    if (own.hedged.has(index)) return [];
    const words = own.reading.plain.slice(clause.start, clause.end);
    if (QUESTION.test(words) || /[?？]/u.test(own.reading.plain[clause.end] ?? '')) return [];
    if (leavesOpen(own, index)) return [];
    const disease = own.named.get(index)?.[0];
    const sure = SURE.test(words) && !/一定要|肯定要/u.test(words);
    if (!sure && !(disease && states(words, disease, clause.start))) return [];
    const is = unmade(own, other, index, { sure, disease, aligned });
    return is ? [{ kind: 'commitment' as const, key: words, was: clause, is }] : [];
  });
}

/** A sentence that was no diagnosis to begin with: it guesses, lists or sets conditions. */
function leavesOpen(side: Side, clause: number): boolean {
  const sentence = sentenceSpan(side.reading, clause);
  const words = side.reading.plain.slice(sentence.start, sentence.end);
  const disease = side.named.get(clause)?.[0];
  if (STRONG_HEDGE.test(words) || MANY_CAUSES.test(words) || /如果|要是|一旦|才(?:能|可以)|以(?:便)?明确/u.test(words))
    return true;
  return disease !== undefined && isOneOfMany(side, sentence, disease);
}

/** 是胃炎, 得了胃炎, or the name alone. A denied one is no diagnosis. */
function states(words: string, disease: Term, from: number): boolean {
  const before = words.slice(0, disease.start - from);
  if (/[不没无未非防]|避免|以免|排除|如果|要是|预防/u.test(before)) return false;
  const bare = words.length - (disease.end - disease.start) <= 2;
  return bare || ASSERTS.test(before);
}

/** The place in the other text where the diagnosis is no longer one, or null. */
function unmade(
  own: Side,
  other: Side,
  clause: number,
  { sure, disease, aligned }: { sure: boolean; disease: Term | undefined; aligned: readonly (readonly number[])[] },
): Span | null {
  const there = counterparts(own, other, clause, aligned);
  const { reading } = other;
  for (const at of there) {
    const sentence = sentenceSpan(reading, at);
    const words = reading.plain.slice(sentence.start, sentence.end);
    const here = reading.plain.slice(reading.clauses[at]!.start, reading.clauses[at]!.end);
    const stated = !other.hedged.has(at);
    if (!STRONG_HEDGE.test(words) && !MANY_CAUSES.test(words) && !(sure && /考虑|怀疑/u.test(here))) return null;
    if (disease && stated && !MANY_CAUSES.test(words) && !isOneOfMany(other, sentence, disease)) return null;
  }
  if (there.length > 0) return sentenceSpan(reading, there[0]!);
  if (disease && MANY_CAUSES.test(reading.plain)) {
    const match = MANY_CAUSES.exec(reading.plain)!;
    return { start: match.index, end: match.index + match[0].length };
  }
  return null;
}

function isOneOfMany(side: Side, { start, end }: Span, disease: Term): boolean {
  const others = side.diseases.filter(
    (term) => term.start >= start && term.end <= end && !sameDisease(term.key, disease.key),
  );
  return others.length > 0 && ALTERNATIVES.test(side.reading.plain.slice(start, end));
}

/** Clauses before and after that still belong to what is said. */
const REACH = 6;

function sentenceSpan(reading: Reading, clause: number): Span {
  const { sentence } = reading.clauses[clause]!;
  let [from, to] = [clause, clause];
  while (from > clause - REACH && reading.clauses[from - 1]?.sentence === sentence) from--;
  while (to < clause + REACH && reading.clauses[to + 1]?.sentence === sentence) to++;
  return { start: reading.clauses[from]!.start, end: reading.clauses[to]!.end };
}

function lostQuestion(own: Side, other: Side): RawFinding[] {
  if (ASKS_TOO.test(other.reading.plain)) return [];
  const asking = own.reading.clauses.find(({ start, end }) => {
    const words = own.reading.plain.slice(start, end + 1);
    return /[?？]|吗$|吗[。，]|多久了|什么时候/u.test(words);
  });
  return asking ? [{ kind: 'commitment', key: 'question', was: asking, is: null }] : [];
}
