import type { EncodedPair } from '../interfaces.js';
import type { RankedRows } from './ranking-loss.js';

/** Pairs of some prompts with every reply scored once, however many pairs it stands in. */
export interface RewardBatch {
  sequences: Int32Array[];
  pairs: RankedRows[];
}

/** Pairs of one prompt by rank group: they are trained together, else a reply seen in many batches is overfitted. */
export function rankGroups(pairs: readonly EncodedPair[]): EncodedPair[][] {
  const groups = new Map<string, EncodedPair[]>();
  for (const pair of pairs) {
    const group = groups.get(pair.rankGroup);
    if (group) group.push(pair);
    else groups.set(pair.rankGroup, [pair]);
  }
  return [...groups.values()];
}

export function rewardBatch(pairs: readonly EncodedPair[], marginScale: number): RewardBatch {
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
    weight: pair.weight,
  }));
  return { sequences, pairs: ranked };
}
