import * as tf from '@tensorflow/tfjs';
import type { Random } from '@qingnang/kernel';
import { mean } from '../maths/summary.js';
import { policyGradients, type LossInputs, type MiniBatchFigures } from './policy-gradients.js';
import type { PpoOptimisers } from './ppo-optimisers.js';

/** A mini-batch whose mean ratio has left all bounds would only do harm; it is skipped and counted. */
const LARGEST_MEAN_RATIO = 10;
/** The passes end where the policy has moved so many times `earlyStopKl`. */
const EARLY_STOP_FACTOR = 1.5;

/** Means over the mini-batches of one rollout, and what became of them. */
export interface UpdateFigures extends MiniBatchFigures {
  /** Before clipping, mean over the updates made; of the values 0 where one optimiser does both. */
  gradientNorm: number;
  valueGradientNorm: number;
  updates: number;
  skipped: number;
  /** 1 where the passes ended early. */
  stoppedEarly: number;
}

export interface PolicyUpdate extends LossInputs {
  optimisers: PpoOptimisers;
}

/** Several passes over one rollout in new orders; log-probabilities, values and advantages of the rollout stay fixed. */
export function updatePolicy(update: PolicyUpdate, random: Random): UpdateFigures {
  const { settings, rollout, optimisers } = update;
  const seen: MiniBatchFigures[] = [];
  const norms: { policy: number; value: number }[] = [];
  let skipped = 0;
  let stopped = false;
  for (let epoch = 0; epoch < settings.epochs && !stopped; epoch++) {
    const order = random.shuffle(rollout.rows.map((_, i) => i));
    for (const chosen of equalParts(order, settings.miniBatches)) {
      if (stopped) break;
      const { figures, gradients } = policyGradients(update, chosen);
      seen.push(figures);
      stopped = settings.earlyStopKl !== null && figures.approxKl > EARLY_STOP_FACTOR * settings.earlyStopKl;
      const tooFar = figures.ratioMean > LARGEST_MEAN_RATIO;
      if (tooFar) skipped += 1;
      if (stopped || tooFar) tf.dispose(gradients);
      else {
        const loss = figures.policyLoss + settings.valueCoefficient * figures.valueLoss;
        norms.push(optimisers.update(gradients, { loss, rows: chosen.map((i) => rollout.rows[i]!) }));
      }
    }
  }
  const keys = Object.keys(seen[0]!) as (keyof MiniBatchFigures)[];
  const means = Object.fromEntries(keys.map((key) => [key, mean(seen.map((f) => f[key]))]));
  return {
    ...(means as unknown as MiniBatchFigures),
    gradientNorm: mean(norms.map((n) => n.policy)),
    valueGradientNorm: mean(norms.map((n) => n.value)),
    updates: norms.length,
    skipped,
    stoppedEarly: Number(stopped),
  };
}

/** So many parts in order, none empty, whose sizes differ by at most one. */
function equalParts(rows: readonly number[], wanted: number): number[][] {
  const parts = Math.min(wanted, rows.length); // runs of earlier versions may ask for more
  const start = (part: number): number => Math.floor((part * rows.length) / parts);
  return Array.from({ length: parts }, (_, part) => rows.slice(start(part), start(part + 1)));
}
