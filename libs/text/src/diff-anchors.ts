/** A run of characters that both texts share. */
export interface Anchor {
  before: number;
  after: number;
  length: number;
}

/** Lengths of runs that are looked for, the surest first. */
const RUNS = [8, 4] as const;

/**
 * Runs found exactly once in each text, in the same order in both, grown as far as they go. Time grows with the
 * lengths, not with their product (patience diff on characters).
 */
export function anchorsOf(before: string, after: string): Anchor[] {
  for (const run of RUNS) {
    const pairs = uniquePairs(before, after, run);
    const anchors = grow(inOrder(pairs), before, after, run);
    if (anchors.length > 0) return anchors;
  }
  return [];
}

type Pair = readonly [before: number, after: number];

function uniquePairs(before: string, after: string, run: number): Pair[] {
  const there = placesOfUnique(after, run);
  const pairs: Pair[] = [];
  for (const [hash, at] of placesOfUnique(before, run)) {
    const other = at < 0 ? undefined : there.get(hash);
    if (other === undefined || other < 0) continue;
    if (before.startsWith(after.slice(other, other + run), at)) pairs.push([at, other]);
  }
  return pairs.sort((a, b) => a[0] - b[0]);
}

const BASE = 0x01000193;

/** Each run, by a rolling hash, with its place; -1 for one found twice. None begins or ends within a surrogate pair. */
function placesOfUnique(text: string, run: number): Map<number, number> {
  const places = new Map<number, number>();
  let top = 1;
  for (let i = 1; i < run; i++) top = Math.imul(top, BASE);
  let hash = 0;
  for (let end = 0; end < text.length; end++) {
    const at = end - run + 1;
    if (at > 0) hash = (hash - Math.imul(text.charCodeAt(at - 1), top)) | 0;
    hash = (Math.imul(hash, BASE) + text.charCodeAt(end)) | 0;
    if (at < 0 || isLow(text, at) || isLow(text, end + 1)) continue;
    places.set(hash, places.has(hash) ? -1 : at);
  }
  return places;
}

/** The longest rising sequence: the pairs that keep their order. */
function inOrder(pairs: readonly Pair[]): Pair[] {
  const ends: number[] = [];
  const previous = new Int32Array(pairs.length).fill(-1);
  pairs.forEach(([, after], index) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[ends[middle]!]![1] < after) low = middle + 1;
      else high = middle;
    }
    if (low > 0) previous[index] = ends[low - 1]!;
    ends[low] = index;
  });
  const kept: Pair[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at]!) kept.push(pairs[at]!);
  return kept.reverse();
}

function grow(pairs: readonly Pair[], before: string, after: string, run: number): Anchor[] {
  const anchors: Anchor[] = [];
  let [a, b] = [0, 0];
  for (let [from, to] of pairs) {
    if (from < a || to < b) continue;
    let length: number = run;
    while (from > a && to > b && before[from - 1] === after[to - 1]) {
      from--;
      to--;
      length++;
    }
    while (
      from + length < before.length &&
      to + length < after.length &&
      before[from + length] === after[to + length]
    ) {
      length++;
    }
    // Grown into half of a surrogate pair: give it back.
    if (isLow(before, from)) [from, to, length] = [from + 1, to + 1, length - 1];
    if (isLow(before, from + length) || isLow(after, to + length)) length--;
    anchors.push({ before: from, after: to, length });
    [a, b] = [from + length, to + length];
  }
  return anchors;
}

/** Whether the second half of a surrogate pair stands there. */
const isLow = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xdc00;
