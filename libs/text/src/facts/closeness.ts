import { inOneWord } from './lexicon/same-words.js';
import type { Span } from './fact.js';
import type { Reading } from './reading.js';

/** Characters that say nothing about what a clause is about. */
const EMPTY = new Set([
  ...'的了着过是有在和与及或也都就还请您你我它这那个些一点地得呢吗啊吧把被给对于从建议需要可以应该会能以便进行并另外好',
]);

/** What a stretch of text says, for comparing: two for each pair of characters, one for each that means something. */
export type Gist = ReadonlyMap<string, number>;

export function gistOf(text: string): Gist {
  const words = inOneWord(text);
  const gist = new Map<string, number>();
  for (let i = 0; i < words.length; i++) {
    const one = words[i]!;
    if (!EMPTY.has(one)) gist.set(one, 1);
    if (i > 0) gist.set(words.slice(i - 1, i + 1), 2);
  }
  return gist;
}

/** How much two stretches share. */
export function shared(a: Gist, b: Gist): number {
  const [short, long] = a.size <= b.size ? [a, b] : [b, a];
  let score = 0;
  for (const [token, weight] of short) if (long.has(token)) score += weight;
  return score;
}

/** Most items a fact is compared with one by one; beyond it, only those about as far into the text. */
const WINDOW = 120;

/** For each clause of `a`, the clauses of `b` that say most like it, best first, three at most. */
export function alignClauses(a: Reading, b: Reading): number[][] {
  const places = new Map<string, number[]>();
  b.clauses.forEach(({ start, end }, index) => {
    for (const token of gistOf(b.plain.slice(start, end)).keys()) {
      const at = places.get(token);
      if (at) at.push(index);
      else places.set(token, [index]);
    }
  });
  return a.clauses.map(({ start, end }, index) => {
    const scores = new Map<number, number>();
    const [from, to] = windowOf(index, a.clauses.length, b.clauses.length);
    for (const [token, weight] of gistOf(a.plain.slice(start, end))) {
      const at = places.get(token) ?? [];
      for (let i = firstFrom(at, from); i < at.length && at[i]! < to; i++) {
        scores.set(at[i]!, (scores.get(at[i]!) ?? 0) + weight);
      }
    }
    const middle = (index * b.clauses.length) / a.clauses.length;
    return [...scores]
      .filter(([, score]) => score >= 2)
      .map(([at, score]) => ({ at, score: score - Math.abs(at - middle) * 0.01 }))
      .sort((one, two) => two.score - one.score)
      .slice(0, 3)
      .map(({ at }) => at);
  });
}

function firstFrom(sorted: readonly number[], from: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Which of `of` items lie about where the `index`th of `length` lies: all of them, in short lists. */
export function windowOf(index: number, length: number, of: number): [number, number] {
  if (of <= WINDOW) return [0, of];
  const middle = Math.round((index * of) / Math.max(1, length));
  const from = Math.max(0, Math.min(of - WINDOW, middle - WINDOW / 2));
  return [from, from + WINDOW];
}

/** A stretch around a place, not beyond the clause. */
export function around(reading: Reading, span: Span, before: number, after: number): string {
  const clause = reading.clauses[reading.clauseAt(span.start)];
  if (!clause) return '';
  const left = reading.plain.slice(Math.max(clause.start, span.start - before), span.start);
  return left + reading.plain.slice(span.end, Math.min(clause.end, span.end + after));
}
