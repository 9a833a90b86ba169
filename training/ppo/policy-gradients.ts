import * as tf from '@tensorflow/tfjs';
import type { EncodedExample, PpoSettings } from '../interfaces.js';
import { klEstimate } from '../maths/kl.js';
import { maskedMean } from '../maths/masked.js';
import { policyLoss, valueLoss } from '../maths/ppo-losses.js';
import type { Gradients } from '../model/adamw-optimiser.js';
import { addGradients, gradientsOf } from '../model/gradients.js';
import { learntBatch, learntLogProbs } from '../model/learnt-tokens.js';
import { trainable } from '../model/trainable.js';
import { isValueName } from '../model/value-names.js';
import { hiddenStates, vocabularyLogits } from '../model/forward.js';
import type { Model } from '../model/model.js';
import type { Parameters } from '../model/parameters.js';
import { gatherRows } from '../ops/gather-rows.js';
import { lossOfNumbers } from '../ops/loss-of-numbers.js';
import { tokenEntropy } from '../ops/token-entropy.js';
import { tokenLogProbs } from '../ops/token-log-probs.js';
import type { Advantages } from './advantages.js';
import { everyToken, toRows } from './ragged.js';
import type { Rollout } from './rollout.js';
import { prefixed, valuesAt, type ValueNetwork } from './value-network.js';

/** What one mini-batch saw before its update. */
export interface MiniBatchFigures {
  policyLoss: number;
  valueLoss: number;
  clipFraction: number;
  valueClipFraction: number;
  /** ½·mean(Δlog π)² and mean(r − 1 − log r) between the sampling policy and the one being updated. */
  approxKl: number;
  approxKl3: number;
  ratioMean: number;
  ratioVariance: number;
}

/** What the loss of a mini-batch is made of. */
export interface LossInputs {
  policy: Model;
  /** Left out where the policy has a value head. */
  value?: ValueNetwork | undefined;
  rollout: Rollout;
  fixed: Advantages;
  /** Rows of the SFT data mixed in, drawn anew for each mini-batch. */
  ptxRows: () => EncodedExample[];
  /** Only the values learn. */
  frozen: boolean;
  settings: PpoSettings;
}

/** All that learns, by the names that gradients and checkpoints have; a value network's stand behind its prefix. */
export function learntParameters({ policy, value }: Pick<LossInputs, 'policy' | 'value'>): Parameters {
  if (!value) return trainable(policy);
  return new Map([...trainable(policy), ...prefixed(trainable(value.model))]);
}

/**
 * Gradient of policy loss + c·value loss − c_H·entropy + c_ptx·SFT loss over some rows of the rollout. Micro-batches
 * are weighed by their tokens, so that however they are cut the sum is the gradient of the whole mini-batch.
 */
export function policyGradients(
  inputs: LossInputs,
  chosen: readonly number[],
): { figures: MiniBatchFigures; gradients: Gradients } {
  const { rollout, settings } = inputs;
  const parameters = movedParameters(inputs);
  const tokens = chosen.reduce((sum, i) => sum + rollout.lengths[i]!, 0);
  const atOnce = settings.microBatchSize ?? chosen.length;
  const now: Seen = { logProbs: [], values: [] };
  let gradients: Gradients | null = null;
  for (let at = 0; at < chosen.length; at += atOnce) {
    const rows = chosen.slice(at, at + atOnce);
    const share = rows.reduce((sum, i) => sum + rollout.lengths[i]!, 0) / tokens;
    const part = gradientsOf(parameters, () => microBatchLoss(inputs, rows, share, now));
    gradients = addGradients(gradients, part.gradients);
  }
  if (settings.ptxCoefficient > 0) {
    const rows = inputs.ptxRows(); // drawn while frozen too, so that their order does not hang on how long that is
    if (!inputs.frozen) gradients = addGradients(gradients, ptxGradients(inputs, rows, parameters));
  }
  return { figures: figuresOf(inputs, chosen, now), gradients: gradients! };
}

/** The policy's log-probabilities and the values as they are now, row by row. */
interface Seen {
  logProbs: number[][];
  values: number[][];
}

/** Loss of some rows times their share of the mini-batch's tokens; what was seen of them is added to `now`. */
function microBatchLoss(inputs: LossInputs, chosen: readonly number[], share: number, now: Seen): tf.Scalar {
  const { policy, value = null, rollout, settings } = inputs;
  const learnt = learntBatch(pick(rollout.rows, chosen), policy.config.padTokenId);
  const lengths = pick(rollout.lengths, chosen);
  const hidden = gatherRows(hiddenStates(policy, learnt.batch), learnt.places); // [tokens, hidden]
  const logits = vocabularyLogits(policy, hidden); // [tokens, vocabulary]
  const logProbs = tokenLogProbs(logits, learnt.targets, settings.temperature); // [tokens]
  const values = valuesAt(value, policy, hidden, learnt); // [tokens]
  const loss = lossOfNumbers([logProbs, values], (flatLogProbs, flatValues) => {
    const seen = { logProbs: toRows(flatLogProbs, lengths), values: toRows(flatValues, lengths) };
    now.logProbs.push(...seen.logProbs);
    now.values.push(...seen.values);
    const { clipped, valued } = losses(inputs, chosen, seen);
    const forValues = settings.valueCoefficient * share;
    return {
      loss: share * clipped.loss + forValues * valued.loss,
      gradients: [
        Float32Array.from(clipped.gradient.flat(), (g) => g * share),
        Float32Array.from(valued.gradient.flat(), (g) => g * forValues),
      ],
    };
  });
  if (settings.entropyCoefficient === 0) return loss;
  const entropy = tf.mean(tokenEntropy(logits, settings.temperature));
  return tf.sub(loss, tf.mul(entropy, settings.entropyCoefficient * share));
}

/** Both losses of some rows, as plain numbers. */
function losses({ rollout, fixed, settings }: LossInputs, chosen: readonly number[], now: Seen) {
  const old = pick(rollout.logProbs, chosen);
  const mask = everyToken(old);
  const { clipRange, valueClipRange } = settings;
  return {
    clipped: policyLoss(now.logProbs, old, pick(fixed.advantages, chosen), mask, clipRange),
    valued: valueLoss(now.values, pick(rollout.values, chosen), pick(fixed.returns, chosen), mask, valueClipRange),
  };
}

/** What this update changes: while the policy is frozen nothing is worked out for it. */
function movedParameters(inputs: LossInputs): Parameters {
  const parameters = learntParameters(inputs);
  return inputs.frozen ? new Map([...parameters].filter(([name]) => isValueName(name))) : parameters;
}

/** Gradient of the SFT loss mixed in, mean over all its tokens. */
function ptxGradients(
  { policy, settings }: LossInputs,
  rows: readonly EncodedExample[],
  parameters: Parameters,
): Gradients {
  const tokens = rows.reduce((sum, { lossMask }) => sum + lossMask.subarray(1).reduce((n, m) => n + m, 0), 0);
  const atOnce = settings.microBatchSize ?? rows.length;
  let gradients: Gradients | null = null;
  for (let at = 0; at < rows.length; at += atOnce) {
    const texts = learntBatch(rows.slice(at, at + atOnce), policy.config.padTokenId);
    const scale = -settings.ptxCoefficient / Math.max(1, tokens);
    const part = gradientsOf(parameters, () => tf.mul(tf.sum(learntLogProbs(policy, texts)), scale));
    gradients = addGradients(gradients, part.gradients);
  }
  return gradients!;
}

function figuresOf(inputs: LossInputs, chosen: readonly number[], now: Seen): MiniBatchFigures {
  const { clipped, valued } = losses(inputs, chosen, now);
  return {
    policyLoss: clipped.loss,
    valueLoss: valued.loss,
    clipFraction: clipped.clipFraction,
    valueClipFraction: valued.clipFraction,
    ...drift(now.logProbs, pick(inputs.rollout.logProbs, chosen)),
  };
}

function drift(
  now: readonly number[][],
  old: readonly number[][],
): Pick<MiniBatchFigures, 'approxKl' | 'approxKl3' | 'ratioMean' | 'ratioVariance'> {
  const mask = everyToken(old);
  const average = (f: (logProb: number, before: number) => number): number =>
    maskedMean(
      now.map((row, r) => row.map((l, t) => f(l, old[r]![t]!))),
      mask,
    );
  const ratioMean = average((l, before) => Math.exp(l - before));
  return {
    approxKl: average((l, before) => klEstimate('k2', before, l)),
    approxKl3: average((l, before) => klEstimate('k3', before, l)),
    ratioMean,
    ratioVariance: average((l, before) => (Math.exp(l - before) - ratioMean) ** 2),
  };
}

function pick<T>(rows: readonly T[], chosen: readonly number[]): T[] {
  return chosen.map((i) => rows[i]!);
}
