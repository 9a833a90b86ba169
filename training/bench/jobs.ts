import * as tf from '@tensorflow/tfjs';
import { createRandom } from '@qingnang/kernel';
import { matmulRate } from '../backend/examine-backend.js';
import { generateSteps } from '../generate/generate.js';
import type { OptimiserSettings, PpoSettings } from '../interfaces.js';
import { AdamWOptimiser } from '../model/adamw-optimiser.js';
import { gradientsOf } from '../model/gradients.js';
import { lastHidden } from '../model/last-token-score.js';
import { learntBatch } from '../model/learnt-tokens.js';
import { rewardScores } from '../model/forward.js';
import type { Model } from '../model/model.js';
import type { Head } from '../model/parameter-shapes.js';
import { drawParameters, exportParameters, loadParameters } from '../model/parameters.js';
import { rolloutAdvantages } from '../ppo/advantages.js';
import { learntParameters } from '../ppo/policy-gradients.js';
import { PpoOptimisers } from '../ppo/ppo-optimisers.js';
import { collectRollout } from '../ppo/rollout.js';
import { updatePolicy } from '../ppo/update-policy.js';
import { rankingLoss } from '../reward/ranking-loss.js';
import { tokenLoss } from '../sft/token-loss.js';
import {
  benchConfig,
  benchSizes,
  GENERATED_TOKENS,
  PPO_EPOCHS,
  PROMPT_TOKENS,
  RESPONSE_TOKENS,
  type BenchSize,
  type SizeName,
} from './sizes.js';

export type JobName = 'sft' | 'reward' | 'ppo' | 'generate' | 'matmul';

/** What one measured step took; `tokens` is 0 for a matmul, whose GFLOP/s stand in `rate`. */
export interface Took {
  milliseconds: number;
  /** User and system time of the process, all threads. */
  cpuMilliseconds: number;
  tokens: number;
  /** PPO: of the whole step, what sampling and scoring took. */
  rolloutMilliseconds?: number;
  rate?: number;
}

type Step = () => Promise<Omit<Took, 'cpuMilliseconds'>> | Omit<Took, 'cpuMilliseconds'>;

const ADAMW: OptimiserSettings = {
  learningRate: 1e-4,
  schedule: 'constant',
  warmupRatio: 0,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.1,
  maxGradientNorm: 1,
};

/** One step of a job, to be called again and again on the same model. */
export function makeJob(name: JobName, size: SizeName): Step {
  const shape = benchSizes[size];
  switch (name) {
    case 'sft':
      return sftStep(shape);
    case 'reward':
      return rewardStep(shape);
    case 'ppo':
      return ppoStep(shape);
    case 'generate':
      return generation(shape);
    case 'matmul':
      return () => ({ milliseconds: 0, tokens: 0, rate: matmulRate(1024) });
  }
}

/** Measures one call; the clock stops when its results are on this side. */
export async function measured(step: Step): Promise<Took> {
  const cpu = process.cpuUsage();
  const took = await step();
  const { user, system } = process.cpuUsage(cpu);
  return { ...took, cpuMilliseconds: (user + system) / 1000 };
}

function sftStep(shape: BenchSize): Step {
  const model = newModel(shape, 'none');
  const optimiser = new AdamWOptimiser(model.parameters, ADAMW, 1000);
  const lossMask = new Uint8Array(shape.width).fill(1);
  const learnt = learntBatch(
    texts(shape, shape.rows).map((ids) => ({ ids, lossMask })),
    0,
  );
  const mean = (): tf.Scalar => tf.div(tokenLoss(model, learnt, { labelSmoothing: 0 }), learnt.targets.length);
  return timed(() => {
    optimiser.update(gradientsOf(model.parameters, mean).gradients);
    return shape.rows * shape.width;
  });
}

/** As many pairs as the SFT batch has rows, so twice the tokens. */
function rewardStep(shape: BenchSize): Step {
  const model = newModel(shape, 'reward');
  const optimiser = new AdamWOptimiser(model.parameters, ADAMW, 1000);
  const sequences = texts(shape, 2 * shape.rows);
  const pairs = Array.from({ length: shape.rows }, (_, i) => ({
    chosen: 2 * i,
    rejected: 2 * i + 1,
    margin: 0,
    weight: 1,
  }));
  const loss = (): tf.Scalar => rankingLoss(rewardScores(model, lastHidden(model, sequences)), pairs, 0);
  return timed(() => {
    optimiser.update(gradientsOf(model.parameters, loss).gradients);
    return 2 * shape.rows * shape.width;
  });
}

/** One iteration with a value network of its own, as TRL's trainer has it; tokens are those sampled. */
function ppoStep(shape: BenchSize): Step {
  const [policy, reference, reward, values] = [
    newModel(shape, 'none'),
    newModel(shape, 'none'),
    newModel(shape, 'reward'),
    newModel(shape, 'reward'),
  ];
  const normalisation = { mean: 0, sd: 1 };
  const models = { policy, reference, reward, normalisation, value: { model: values, normalisation } };
  const optimisers = new PpoOptimisers(learntParameters(models), PPO);
  const random = createRandom(5);
  const prompts = texts({ ...shape, width: PROMPT_TOKENS }, shape.rows).map((ids, i) => ({
    ...{ rowId: `row-${i}`, promptId: `prompt-${i}`, ids, reference: null },
  }));
  return async () => {
    const started = performance.now();
    const rollout = await collectRollout(models, prompts, PPO, random);
    const sampled = performance.now();
    const fixed = rolloutAdvantages(rollout, PPO.klCoefficient, PPO);
    updatePolicy({ ...models, optimisers, rollout, fixed, frozen: false, ptxRows: () => [], settings: PPO }, random);
    const tokens = rollout.lengths.reduce((sum, n) => sum + n, 0);
    return { milliseconds: performance.now() - started, rolloutMilliseconds: sampled - started, tokens };
  };
}

function generation(shape: BenchSize): Step {
  const model = newModel(shape, 'none');
  const prompts = texts({ ...shape, width: PROMPT_TOKENS }, shape.rows);
  const settings = { maxNewTokens: GENERATED_TOKENS, temperature: 0, stopTokenIds: [] };
  // Step by step, so on this back end: `generate` would take a small model to wasm.
  return timed(() => {
    let tokens = 0;
    for (const ids of generateSteps(model, prompts, settings, createRandom(1))) tokens += ids.length;
    return tokens;
  });
}

const PPO: PpoSettings = {
  ...ADAMW,
  weightDecay: 0,
  seed: 1,
  iterations: 1000,
  batchSize: 8,
  epochs: PPO_EPOCHS,
  miniBatches: 1,
  responseLength: RESPONSE_TOKENS,
  temperature: 1,
  gamma: 1,
  lambda: 0.95,
  clipRange: 0.2,
  valueClipRange: 0.2,
  valueCoefficient: 0.1,
  entropyCoefficient: 0,
  klCoefficient: 0.05,
  klEstimator: 'k1',
  klTarget: null,
  klHorizon: 10_000,
  whitenRewards: false,
  scoreClip: null,
  scoreScale: 1,
  missingEosPenalty: 0,
  missingEosScore: null,
  freezePolicyIterations: 0,
  ptxCoefficient: 0,
  valueModel: 'separate',
  valueLearningRate: null,
  earlyStopKl: null,
  microBatchSize: null,
  checkpointEvery: 1000,
};

function timed(step: () => number): Step {
  return () => {
    const started = performance.now();
    const tokens = step();
    // Reading one number waits for all that was asked for before.
    tf.tidy(() => tf.scalar(1).add(1)).dispose();
    return { milliseconds: performance.now() - started, tokens };
  };
}

function newModel(shape: BenchSize, head: Head): Model {
  const config = benchConfig(shape);
  const drawn = drawParameters(config, createRandom(3));
  if (head === 'none') return { config, parameters: drawn };
  const parameters = loadParameters(config, exportParameters(drawn), head, createRandom(4));
  for (const variable of drawn.values()) variable.dispose();
  return { config, parameters };
}

/** Random ids, none of them padding or end. */
function texts({ vocabulary, width }: BenchSize, rows: number): Int32Array[] {
  const random = createRandom(7);
  return Array.from({ length: rows }, () => Int32Array.from({ length: width }, () => 2 + random.below(vocabulary - 2)));
}
