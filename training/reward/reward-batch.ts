import type { EncodedPair, RewardSettings } from '../interfaces.js';
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
