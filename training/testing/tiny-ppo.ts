import * as tf from '@tensorflow/tfjs';
import { createRandom } from '@qingnang/kernel';
import type { CheckpointState, EncodedPrompt, PpoSettings } from '../interfaces.js';
import type { Model } from '../model/model.js';
import { rolloutAdvantages } from '../ppo/advantages.js';
import type { LossInputs } from '../ppo/policy-gradients.js';
import { collectRollout, type RolloutModels } from '../ppo/rollout.js';
import { trainPpo } from '../ppo/train-ppo.js';
import { KeepingSink, tinyExamples, tinyModel, tinyPpo } from './tiny-model.js';

export const tinyPrompts: EncodedPrompt[] = tinyExamples(12, 21).map(({ ids, rowId }, i) => ({
  rowId,
  promptId: `p${i}`,
  ids: ids.slice(0, 2 + (i % 3)),
  reference: null,
}));

/** Policy with a value head, its frozen copy, and a reward model. */
export function tinyPpoModels(reward: Model = tinyModel('reward')): RolloutModels & { reward: Model } {
  return { policy: tinyModel('value'), reference: tinyModel(), reward, normalisation: { mean: 0, sd: 1 } };
}

/** The same with a value network of its own, which starts as the reward model. */
export function tinySeparateModels(): RolloutModels & { reward: Model } {
  const models = { ...tinyPpoModels(), policy: tinyModel(), normalisation: { mean: 0.2, sd: 1.5 } };
  return { ...models, value: { model: tinyModel('reward'), normalisation: models.normalisation } };
}

/** One rollout, and everything a mini-batch of it is worked out from. */
export async function tinyLossInputs(
  models: RolloutModels = tinyPpoModels(),
  change: Partial<PpoSettings> = {},
): Promise<LossInputs> {
  const settings = { ...tinyPpo, ...change };
  const rollout = await collectRollout(models, tinyPrompts.slice(0, 8), settings, createRandom(2));
  const fixed = rolloutAdvantages(rollout, 0.1, settings);
  return { ...models, rollout, fixed, settings, ptxRows: () => tinyExamples(5, 8), frozen: false };
}

export function everyRow({ rollout }: LossInputs): number[] {
  return rollout.rows.map((_, i) => i);
}

/** A short run. */
export async function trainTinyPpo(
  change: Partial<PpoSettings>,
  models: RolloutModels = tinyPpoModels(),
  sink = new KeepingSink(),
  resume?: CheckpointState,
) {
  const settings = { ...tinyPpo, ...change };
  const outcome = await trainPpo({
    ...models,
    prompts: tinyPrompts,
    sftExamples: tinyExamples(6),
    settings,
    sink,
    ...(resume ? { resume } : {}),
  });
  return { outcome, sink, ...models };
}

/** Gradients as plain numbers by name; the tensors are freed. */
export function gradientNumbers(gradients: Record<string, tf.Tensor>): Record<string, Float32Array> {
  const numbers = Object.fromEntries(
    Object.entries(gradients).map(([name, g]) => [name, (g.dataSync() as Float32Array).slice()]),
  );
  tf.dispose(gradients);
  return numbers;
}
