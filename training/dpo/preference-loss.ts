import type * as tf from '@tensorflow/tfjs';
import { dpoPairLoss, type DpoLossSettings, type PairLogProbs } from '../maths/dpo-loss.js';
import { lossOfNumbers } from '../ops/loss-of-numbers.js';
import { besideReference, rowSums, type ReplyLogProbs } from './pair-log-probs.js';

/** Pairs of one micro-batch beside what is fixed about them. */
export interface JudgedReplies {
  references: readonly ReplyLogProbs[];
  /** Tokens of each reply, chosen and rejected in turn. */
  tokens: readonly number[];
  /** Share of each pair in the whole step's loss: its weight over all weights. */
  shares: readonly number[];
}

/** Weighted mean of the pairs' losses, from the log-probabilities of all reply tokens, [tokens], in row order. */
export function preferenceLoss(
  logProbs: tf.Tensor1D,
  { references, tokens, shares }: JudgedReplies,
  settings: DpoLossSettings,
  seen: (pairs: PairLogProbs[]) => void = () => undefined,
): tf.Scalar {
  return lossOfNumbers([logProbs], (flat) => {
    const pairs = besideReference(rowSums(flat, tokens), references, tokens);
    seen(pairs);
    const gradient = new Float32Array(flat.length);
    let loss = 0;
    let at = 0;
    pairs.forEach((pair, i) => {
      const one = dpoPairLoss(pair, settings);
      loss += shares[i]! * one.loss;
      // Each token of a reply moves its sum by as much as itself.
      gradient.fill(shares[i]! * one.byChosen, at, (at += pair.chosenTokens));
      gradient.fill(shares[i]! * one.byRejected, at, (at += pair.rejectedTokens));
    });
    return { loss, gradients: [gradient] };
  });
}
