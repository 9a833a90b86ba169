import { IdNumbers } from '../data/id-numbers.js';
import type { Rows } from '../data/rows.js';
import type { EncodedPair, RewardSettings } from '../interfaces.js';
import type { RankedRows } from './ranking-loss.js';

/** Pairs of some prompts with every reply scored once, however many pairs it stands in. */
export interface RewardBatch {
  sequences: Int32Array[];
  pairs: RankedRows[];
}

/**
 * Pairs of one prompt by rank group, as their places among all: they are trained together, else a reply seen in many batches is
 * overfitted. Groups are in the order of their first pair. Eight bytes a pair are kept.
 * @param from first of the pairs to be grouped
 * @param count how many
 */
export class RankGroups implements Rows<number[]> {
  readonly length: number;
  private readonly members: Int32Array;
  /** Where each group begins among `members`, and their end. */
  private readonly starts: Int32Array;

  constructor(pairs: Rows<Pick<EncodedPair, 'rankGroup'>>, from = 0, count = pairs.length) {
    const numbers = new IdNumbers();
    const groups = Int32Array.from({ length: count }, (_pair, i) => numbers.of(pairs.at(from + i)!.rankGroup));
    this.length = numbers.count;
    this.starts = new Int32Array(this.length + 1);
    for (const group of groups) this.starts[group + 1]!++;
    for (let group = 0; group < this.length; group++) this.starts[group + 1]! += this.starts[group]!;
    const next = this.starts.slice();
    this.members = new Int32Array(count);
    groups.forEach((group, i) => (this.members[next[group]!++] = from + i));
  }

  at(index: number): number[] | undefined {
    if (!(index >= 0 && index < this.length)) return undefined;
    return Array.from(this.members.subarray(this.starts[index], this.starts[index + 1]));
  }

  *[Symbol.iterator](): Generator<number[]> {
    for (let index = 0; index < this.length; index++) yield this.at(index)!;
  }
}

/**
 * The pairs over rows of replies. With `weighBy` prompt the pairs of one prompt weigh as much together as one pair alone:
 * of k ranked replies each counts 1/C(k, 2), the mean of InstructGPT's loss (arXiv 2203.02155, eq. 1).
 */
export function rewardBatch(
  pairs: readonly EncodedPair[],
  { marginScale, weighBy }: Pick<RewardSettings, 'marginScale' | 'weighBy'>,
): RewardBatch {
  const ofPrompt = new Map<string, number>();
  for (const { rankGroup } of pairs) ofPrompt.set(rankGroup, (ofPrompt.get(rankGroup) ?? 0) + 1);
  const sequences: Int32Array[] = [];
  const rowOf = new Map<string, number>();
  const row = (ids: Int32Array): number => {
    const key = ids.join();
    const known = rowOf.get(key);
    if (known !== undefined) return known;
    rowOf.set(key, sequences.length);
    return sequences.push(ids) - 1;
  };
  const ranked = pairs.map((pair) => ({
    chosen: row(pair.chosen.ids),
    rejected: row(pair.rejected.ids),
    margin: marginScale * (pair.margin ?? 0),
    weight: weighBy === 'prompt' ? pair.weight / ofPrompt.get(pair.rankGroup)! : pair.weight,
  }));
  return { sequences, pairs: ranked };
}
