import { byteAlphabet, toByteCharacters } from './byte-level.js';
import { MergeQueue, type MergeCandidate } from './merge-queue.js';

/**
 * Qwen2's word pattern, for the `pre_tokenizer` of tokenizer.json (Oniguruma spelling).
 * A run of Chinese is one word, digits stand alone.
 */
export const WORD_PATTERN =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

// The same in JavaScript: no inline flags before Node 23, and \s means Unicode White_Space (U+0085 yes, U+FEFF no).
const SPACE = '\\t-\\r\\x85\\p{Z}';
const words = new RegExp(
  `'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^${SPACE}\\p{L}\\p{N}]+[\\r\\n]*|` +
    `[${SPACE}]*[\\r\\n]+|[${SPACE}]+(?![^${SPACE}])|[${SPACE}]+`,
  'gu',
);

export interface TrainedBpe {
  /** Tokens in id order: special tokens, the 256 byte characters, then one per merge. */
  vocabulary: string[];
  merges: [string, string][];
}

/** A word as symbol ids, and how often it occurs. */
interface Word {
  symbols: number[];
  count: number;
}

/**
 * Byte-level BPE as Hugging Face's trainer learns it, merge for merge: pairs by count, ties to the smaller ids, stale
 * queue entries corrected when they come up. Texts are normalised (NFC) and split into words by Qwen2's pattern.
 * @param vocabularySize upper bound, special tokens and the 256 bytes included; fewer when the text runs out of pairs
 */
export function trainBpe(
  texts: Iterable<string>,
  vocabularySize: number,
  specialTokens: readonly string[],
): TrainedBpe {
  const vocabulary = [...specialTokens, ...byteAlphabet];
  const ids = new Map(vocabulary.map((token, id) => [token, id]));
  const learnt = countWords(texts, ids);
  const { counts, queue } = countPairs(learnt);
  const merges: [string, string][] = [];

  while (vocabulary.length < vocabularySize) {
    const top = queue.pop();
    if (!top) break;
    const count = counts.get(keyOf(top.left, top.right)) ?? 0;
    if (top.count !== count) {
      queue.push({ ...top, count });
      continue;
    }
    if (count < 1) break;
    const token = vocabulary[top.left]! + vocabulary[top.right]!;
    const id = ids.get(token) ?? vocabulary.length;
    if (id === vocabulary.length) {
      vocabulary.push(token);
      ids.set(token, id);
    }
    merges.push([vocabulary[top.left]!, vocabulary[top.right]!]);
    applyMerge(top, id, learnt, counts, queue);
  }
  return { vocabulary, merges };
}

function countWords(texts: Iterable<string>, ids: ReadonlyMap<string, number>): Word[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const [word] of text.normalize('NFC').matchAll(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return Array.from(counts, ([word, count]) => ({
    symbols: toByteCharacters(word).map((character) => ids.get(character)!),
    count,
  }));
}

function countPairs(learnt: readonly Word[]): { counts: Map<number, number>; queue: MergeQueue } {
  const counts = new Map<number, number>();
  const positions = new Map<number, Set<number>>();
  learnt.forEach(({ symbols, count }, index) => {
    for (let i = 0; i + 1 < symbols.length; i++) {
      const key = keyOf(symbols[i]!, symbols[i + 1]!);
      counts.set(key, (counts.get(key) ?? 0) + count);
      addTo(positions, key, index);
    }
  });
  const queue = new MergeQueue();
  for (const [key, at] of positions) queue.push(candidate(key, counts.get(key)!, at));
  return { counts, queue };
}

/** Merges the pair in the words that hold it, and queues the pairs this gave birth to. */
function applyMerge(
  pair: MergeCandidate,
  id: number,
  learnt: readonly Word[],
  counts: Map<number, number>,
  queue: MergeQueue,
): void {
  const born = new Map<number, Set<number>>();
  for (const index of pair.words) {
    const word = learnt[index]!;
    const change = (left: number, right: number, by: number): void => {
      const key = keyOf(left, right);
      counts.set(key, (counts.get(key) ?? 0) + by * word.count);
      if (by > 0) addTo(born, key, index);
    };
    word.symbols = mergeSymbols(word.symbols, pair, id, change);
  }
  for (const [key, at] of born) {
    const count = counts.get(key)!;
    if (count > 0) queue.push(candidate(key, count, at));
  }
}

function mergeSymbols(
  symbols: readonly number[],
  { left, right }: MergeCandidate,
  id: number,
  change: (left: number, right: number, by: number) => void,
): number[] {
  const merged: number[] = [];
  for (let i = 0; i < symbols.length; i++) {
    const symbol = symbols[i]!;
    if (symbol !== left || symbols[i + 1] !== right) {
      merged.push(symbol);
      continue;
    }
    const before = merged.at(-1);
    if (before !== undefined) {
      change(before, left, -1);
      change(before, id, 1);
    }
    const after = symbols[i + 2];
    if (after !== undefined) {
      change(right, after, -1);
      change(id, after, 1);
    }
    merged.push(id);
    i++;
  }
  return merged;
}

// Two ids below 2^21 in one number, well inside the exact integers.
const SHIFT = 2 ** 21;
const keyOf = (left: number, right: number): number => left * SHIFT + right;
const candidate = (key: number, count: number, at: Set<number>): MergeCandidate => ({
  left: Math.floor(key / SHIFT),
  right: key % SHIFT,
  count,
  words: at,
});

function addTo(sets: Map<number, Set<number>>, key: number, value: number): void {
  const set = sets.get(key);
  if (set) set.add(value);
  else sets.set(key, new Set([value]));
}
