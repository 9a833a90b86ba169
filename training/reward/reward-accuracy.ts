import type { EncodedPair } from '../interfaces.js';
import { lengthDifference, pairAccuracy, type JudgedPair } from '../maths/bradley-terry.js';
import { scoreSequences } from '../model/last-token-score.js';
import type { Model } from '../model/model.js';
import { rewardBatch } from './reward-batch.js';

/** Pairs whose lengths differ by less than this share tell whether more than length was learnt. */
const LIKE_LENGTH = 0.1;

/** Accuracy on held-out pairs as a whole, by length and by margin, with the longer-wins baseline beside. */
export function rewardFigures(model: Model, pairs: readonly EncodedPair[]): Record<string, number> {
  const judged = judge(model, pairs);
  const like = judged.filter((p) => lengthDifference(p) < LIKE_LENGTH);
  const margins = judged.flatMap((p) => (p.margin === null ? [] : [p.margin])).sort((a, b) => a - b);
  const middle = margins[Math.floor(margins.length / 2)] ?? 0;
  const clear = judged.filter((p) => p.margin !== null && p.margin >= middle);
  const close = judged.filter((p) => p.margin !== null && p.margin < middle);
  return {
    'reward/accuracy': pairAccuracy(judged),
    'reward/pairs': judged.length,
    'reward/longer_wins': pairAccuracy(judged, 'length'),
    'reward/accuracy_like_length': pairAccuracy(like),
    'reward/pairs_like_length': like.length,
    'reward/longer_wins_like_length': pairAccuracy(like, 'length'),
    'reward/accuracy_clear_margin': pairAccuracy(clear),
    'reward/accuracy_close_margin': pairAccuracy(close),
  };
}

function judge(model: Model, pairs: readonly EncodedPair[]): JudgedPair[] {
  const batch = rewardBatch(pairs, 0);
  const scores = scoreSequences(model, batch.sequences);
  return batch.pairs.map(({ chosen, rejected }, i) => ({
    chosenScore: scores[chosen]!,
    rejectedScore: scores[rejected]!,
    chosenCharacters: pairs[i]!.chosenCharacters,
    rejectedCharacters: pairs[i]!.rejectedCharacters,
    margin: pairs[i]!.margin,
  }));
}
