import * as tf from '@tensorflow/tfjs';
import type { Random } from '@qingnang/kernel';
import type { EncodedExample, PpoSettings } from '../interfaces.js';
import { klEstimate } from '../maths/kl.js';
import { maskedMean } from '../maths/masked.js';
import { policyLoss, valueLoss } from '../maths/ppo-losses.js';
import { mean } from '../maths/summary.js';
import type { AdamWOptimiser, Gradients } from '../model/adamw-optimiser.js';
import { gradientsOf } from '../model/gradients.js';
import { learntBatch, learntLogProbs } from '../model/learnt-tokens.js';
import { hiddenStates, stateValues, vocabularyLogits } from '../model/forward.js';
import type { Model } from '../model/model.js';
import { gatherRows } from '../ops/gather-rows.js';
import { lossOfNumbers } from '../ops/loss-of-numbers.js';
import { tokenEntropy } from '../ops/token-entropy.js';
import { tokenLogProbs } from '../ops/token-log-probs.js';
import type { Advantages } from './advantages.js';
import { everyToken, toRows } from './ragged.js';
import type { Rollout } from './rollout.js';

/** A mini-batch whose mean ratio has left all bounds would only do harm; it is skipped and counted. */
const LARGEST_MEAN_RATIO = 10;

/** What one mini-batch saw; the loop reports their means. */
export interface UpdateFigures {
  policyLoss: number;
  valueLoss: number;
  clipFraction: number;
  valueClipFraction: number;
  /** ½·mean(Δlog π)² and mean(r − 1 − log r) between the sampling policy and the one being updated. */
  approxKl: number;
  approxKl3: number;
  ratioMean: number;
  ratioVariance: number;
  gradientNorm: number;
  skipped: number;
}

export interface PolicyUpdate {
  policy: Model;
  optimiser: AdamWOptimiser;
  rollout: Rollout;
  fixed: Advantages;
  /** Only the value head learns. */
  frozen: boolean;
  /** Rows of the SFT data mixed in, drawn anew for each mini-batch. */
  ptxRows: () => EncodedExample[];
  settings: PpoSettings;
}

/** Several passes over one rollout in new orders; log-probabilities, values and advantages of the rollout stay fixed. */
export function updatePolicy(update: PolicyUpdate, random: Random): UpdateFigures {
  const { settings, rollout } = update;
  const each: UpdateFigures[] = [];
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    const order = random.shuffle(rollout.rows.map((_, i) => i));
    const size = Math.ceil(order.length / settings.miniBatches);
    for (let at = 0; at < order.length; at += size) each.push(updateOnce(update, order.slice(at, at + size)));
  }
  const keys = Object.keys(each[0]!) as (keyof UpdateFigures)[];
  const means = Object.fromEntries(keys.map((key) => [key, mean(each.map((f) => f[key]))]));
  return { ...(means as unknown as UpdateFigures), skipped: each.reduce((sum, f) => sum + f.skipped, 0) };
}

function updateOnce(update: PolicyUpdate, chosen: readonly number[]): UpdateFigures {
  const { optimiser, frozen } = update;
  const { figures, gradients } = policyGradients(update, chosen);
  if (figures.ratioMean > LARGEST_MEAN_RATIO) {
    tf.dispose(gradients);
    return { ...figures, skipped: 1 };
  }
  const used = frozen ? onlyValueHead(gradients) : gradients;
  const gradientNorm = optimiser.update(used);
  return { ...figures, gradientNorm };
}

/** Gradient of policy loss + c·value loss − c_H·entropy + c_ptx·SFT loss over some rows of the rollout. */
export function policyGradients(
  { policy, rollout, fixed, settings, ptxRows }: Omit<PolicyUpdate, 'optimiser' | 'frozen'>,
  chosen: readonly number[],
): { figures: UpdateFigures; gradients: Gradients } {
  const pick = <T>(rows: readonly T[]): T[] => chosen.map((i) => rows[i]!);
  const lengths = pick(rollout.lengths);
  const old = pick(rollout.logProbs);
  const mask = everyToken(old);
  const learnt = learntBatch(pick(rollout.rows), policy.config.padTokenId);
  let figures: UpdateFigures | undefined;
  const { gradients } = gradientsOf(policy.parameters, () => {
    const hidden = gatherRows(hiddenStates(policy, learnt.batch), learnt.places); // [tokens, hidden]
    const logits = vocabularyLogits(policy, hidden); // [tokens, vocabulary]
    const logProbs = tokenLogProbs(logits, learnt.targets, settings.temperature); // [tokens]
    let loss = lossOfNumbers([logProbs, stateValues(policy, hidden)], (flatLogProbs, flatValues) => {
      const now = toRows(flatLogProbs, lengths);
      const clipped = policyLoss(now, old, pick(fixed.advantages), mask, settings.clipRange);
      const values = toRows(flatValues, lengths);
      const value = valueLoss(values, pick(rollout.values), pick(fixed.returns), mask, settings.valueClipRange);
      figures = {
        policyLoss: clipped.loss,
        valueLoss: value.loss,
        clipFraction: clipped.clipFraction,
        valueClipFraction: value.clipFraction,
        ...drift(now, old, mask),
        gradientNorm: 0,
        skipped: 0,
      };
      return {
        loss: clipped.loss + settings.valueCoefficient * value.loss,
        gradients: [
          Float32Array.from(clipped.gradient.flat()),
          Float32Array.from(value.gradient.flat(), (g) => g * settings.valueCoefficient),
        ],
      };
    });
    if (settings.entropyCoefficient > 0) {
      const entropy = tf.mean(tokenEntropy(logits, settings.temperature));
      loss = tf.sub(loss, tf.mul(entropy, settings.entropyCoefficient)) as tf.Scalar;
    }
    if (settings.ptxCoefficient > 0) {
      const texts = learntBatch(ptxRows(), policy.config.padTokenId);
      const sft = tf.neg(tf.mean(learntLogProbs(policy, texts)));
      loss = tf.add(loss, tf.mul(sft, settings.ptxCoefficient)) as tf.Scalar;
    }
    return loss;
  });
  return { figures: figures!, gradients };
}

function drift(
  now: readonly number[][],
  old: readonly number[][],
  mask: readonly number[][],
): Pick<UpdateFigures, 'approxKl' | 'approxKl3' | 'ratioMean' | 'ratioVariance'> {
  const map = (f: (logProb: number, before: number) => number): number[][] =>
    now.map((row, r) => row.map((l, t) => f(l, old[r]![t]!)));
  const ratios = map((l, before) => Math.exp(l - before));
  const ratioMean = maskedMean(ratios, mask);
  return {
    approxKl: maskedMean(
      map((l, before) => klEstimate('k2', before, l)),
      mask,
    ),
    approxKl3: maskedMean(
      map((l, before) => klEstimate('k3', before, l)),
      mask,
    ),
    ratioMean,
    ratioVariance: maskedMean(
      ratios.map((row) => row.map((x) => (x - ratioMean) ** 2)),
      mask,
    ),
  };
}

function onlyValueHead(gradients: Gradients): Gradients {
  const kept: Gradients = {};
  for (const [name, gradient] of Object.entries(gradients)) {
    if (name.startsWith('v_head.')) kept[name] = gradient;
    else gradient.dispose();
  }
  return kept;
}
