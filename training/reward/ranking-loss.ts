import type * as tf from '@tensorflow/tfjs';
import { pairGradient, pairLoss } from '../maths/bradley-terry.js';
import { lossOfNumbers } from '../ops/loss-of-numbers.js';

/** One comparison between two rows of a batch of scores. */
export interface RankedRows {
  chosen: number;
  rejected: number;
  margin: number;
  weight: number;
}

/**
 * Weighted mean of −log σ(chosen − rejected − margin), plus `centring` · mean((chosen + rejected)²), which keeps
 * scores near 0. A row may stand in many pairs: replies of one prompt are scored once.
 * @param total weight that the mean divides by: of a micro-batch that of the whole update, so that the parts add up to it
 */
export function rankingLoss(
  scores: tf.Tensor1D,
  pairs: readonly RankedRows[],
  centring: number,
  total = totalWeight(pairs),
): tf.Scalar {
  return lossOfNumbers([scores], (s) => {
    const gradient = new Float32Array(s.length);
    let loss = 0;
    for (const { chosen, rejected, margin, weight } of pairs) {
      const share = weight / total;
      const [c, r] = [s[chosen]!, s[rejected]!];
      loss += share * (pairLoss(c, r, margin) + centring * (c + r) ** 2);
      const slope = pairGradient(c, r, margin);
      const pull = 2 * centring * (c + r);
      gradient[chosen]! += share * (slope + pull);
      gradient[rejected]! += share * (pull - slope);
    }
    return { loss, gradients: [gradient] };
  });
}

export function totalWeight(pairs: readonly RankedRows[]): number {
  return pairs.reduce((sum, { weight }) => sum + weight, 0);
}
