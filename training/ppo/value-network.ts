import * as tf from '@tensorflow/tfjs';
import type { CheckpointState, ScoreNormalisation, WeightSource } from '../interfaces.js';
import { hiddenStates, rewardScores, stateValues } from '../model/forward.js';
import type { LearntBatch } from '../model/learnt-tokens.js';
import type { Model } from '../model/model.js';
import { exportParameters, weightSource } from '../model/parameters.js';
import { savedParameters } from '../model/trainable.js';
import { VALUE_PREFIX } from '../model/value-names.js';
import { gatherRows } from '../ops/gather-rows.js';

/** A value model of its own: it starts as the reward model, head and all, so it foretells normalised scores from the start. */
export interface ValueNetwork {
  /** With a reward head; trained in place. */
  model: Model;
  normalisation: ScoreNormalisation;
}

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

/** The network's tensors under the names they have beside the policy's. */
export function prefixed<T>(tensors: Iterable<readonly [string, T]>): [string, T][] {
  return Array.from(tensors, ([name, tensor]) => [VALUE_PREFIX + name, tensor]);
}

/** What a checkpoint keeps of a policy and of the value network beside it. */
export function savedWithValues(
  policy: Model,
  network: ValueNetwork | null,
): Pick<CheckpointState, 'weights' | 'lora'> {
  const saved = savedParameters(policy);
  if (!network) return saved;
  const own = exportParameters(network.model.parameters);
  const all = [
    ...saved.weights.names().map((name) => [name, saved.weights.get(name)] as const),
    ...prefixed(own.names().map((name) => [name, own.get(name)] as const)),
  ];
  return { ...saved, weights: weightSource(new Map(all)) };
}

/** The part of a checkpoint's weights that is the policy's, or that is the value network's under its own names. */
export function weightsOf(part: 'policy' | 'value', weights: WeightSource): WeightSource {
  const names = weights.names().filter((name) => name.startsWith(VALUE_PREFIX) === (part === 'value'));
  if (part === 'policy') return { ...weights, names: () => names };
  return {
    names: () => names.map((name) => name.slice(VALUE_PREFIX.length)),
    get: (name) => weights.get(VALUE_PREFIX + name),
  };
}
