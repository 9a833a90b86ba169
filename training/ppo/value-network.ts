import * as tf from '@tensorflow/tfjs';
import type { ScoreNormalisation } from '../interfaces.js';
import { hiddenStates, rewardScores, stateValues } from '../model/forward.js';
import type { LearntBatch } from '../model/learnt-tokens.js';
import type { Model } from '../model/model.js';
import { gatherRows } from '../ops/gather-rows.js';

/** A value model of its own: it starts as the reward model, head and all, so it foretells normalised scores from the start. */
export interface ValueNetwork {
  /** With a reward head; trained in place. */
  model: Model;
  normalisation: ScoreNormalisation;
}

/** Its tensors stand beside the policy's in gradients and checkpoints under this. */
export const VALUE_PREFIX = 'value_model.';

/**
 * Values before each learnt token, [tokens]: by the head on the policy's hidden states [tokens, hidden], or by the
 * network of its own on the same rows.
 */
export function valuesAt(
  network: ValueNetwork | null,
  policy: Model,
  hidden: tf.Tensor2D,
  learnt: LearntBatch,
): tf.Tensor1D {
  if (!network) return stateValues(policy, hidden);
  const { model, normalisation } = network;
  const own = gatherRows(hiddenStates(model, learnt.batch), learnt.places);
  return tf.div(tf.sub(rewardScores(model, own), normalisation.mean), normalisation.sd);
}
