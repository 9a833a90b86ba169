import * as tf from '@tensorflow/tfjs';
import { hiddenStates, vocabularyLogits } from '../model/forward.js';
import type { LearntBatch } from '../model/learnt-tokens.js';
import type { Dropout, Model } from '../model/model.js';
import { gatherRows } from '../ops/gather-rows.js';
import { tokenLogProbs } from '../ops/token-log-probs.js';

interface TokenLossOptions {
  dropout?: Dropout | undefined;
  /** ε of Szegedy et al. (2016). */
  labelSmoothing: number;
}

/** Sum over the learnt tokens of the cross-entropy with smoothed targets, in nats, each by the weight of its text. */
export function tokenLoss(model: Model, learnt: LearntBatch, { dropout, labelSmoothing }: TokenLossOptions): tf.Scalar {
  const hidden = gatherRows(hiddenStates(model, learnt.batch, { dropout }), learnt.places);
  const losses = crossEntropies(vocabularyLogits(model, hidden), learnt.targets, labelSmoothing);
  return tf.sum(learnt.weights ? tf.mul(losses, tf.tensor1d(learnt.weights)) : losses);
}

/** What a mean over the learnt tokens divides by: their number, each counted by the weight of its text. */
export function learntWeight({ targets, weights }: LearntBatch): number {
  return weights ? weights.reduce((sum, weight) => sum + weight, 0) : targets.length;
}

/**
 * −(1 − ε)·log p(target) − ε·mean over the vocabulary of log p, as `torch.nn.functional.cross_entropy` with
 * `label_smoothing=ε` and `reduction='none'`; logits [tokens, vocabulary] → [tokens].
 */
export function crossEntropies(logits: tf.Tensor2D, targets: Int32Array, smoothing: number): tf.Tensor1D {
  const hard = tf.neg(tokenLogProbs(logits, targets));
  if (smoothing === 0) return hard;
  const even = tf.sub(tf.logSumExp(logits, 1), tf.mean(logits, 1));
  return tf.add(tf.mul(hard, 1 - smoothing), tf.mul(even, smoothing));
}
