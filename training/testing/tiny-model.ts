import { createRandom } from '@qingnang/kernel';
import type {
  CheckpointState,
  EncodedExample,
  ModelConfig,
  OptimiserSettings,
  PpoSettings,
  RunSink,
  SftSettings,
} from '../interfaces.js';
import type { Model } from '../model/model.js';
import type { Head } from '../model/parameter-shapes.js';
import { drawParameters, exportParameters, loadParameters } from '../model/parameters.js';

export const PAD = 0;
export const END = 1;

export const tinyConfig: ModelConfig = {
  architecture: 'llama',
  vocabSize: 24,
  hiddenSize: 16,
  layers: 2,
  heads: 2,
  kvHeads: 1,
  headDim: 8,
  intermediateSize: 32,
  contextLength: 64,
  ropeTheta: 10_000,
  ropeScaling: null,
  normEpsilon: 1e-5,
  tiedEmbeddings: true,
  bosTokenId: null,
  eosTokenId: END,
  padTokenId: PAD,
};

/** The same model for the same seed, with any head. */
export function tinyModel(head: Head = 'none', seed = 3): Model {
  const bare = { config: tinyConfig, parameters: drawParameters(tinyConfig, createRandom(seed)) };
  if (head === 'none') return bare;
  const weights = exportParameters(bare.parameters);
  return { config: tinyConfig, parameters: loadParameters(tinyConfig, weights, head, createRandom(seed)) };
}

/** Random rows of 6–10 ids whose second half is to be learnt. */
export function tinyExamples(count: number, seed = 4): EncodedExample[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, n) => {
    const length = 6 + random.below(5);
    const ids = Int32Array.from({ length }, (_id, t) => (t === length - 1 ? END : 2 + random.below(22)));
    return { ids, lossMask: new Uint8Array(length).fill(1, Math.floor(length / 2)), rowId: `row-${n}` };
  });
}

export const tinyOptimiser: OptimiserSettings = {
  learningRate: 1e-2,
  schedule: 'cosine',
  warmupRatio: 0.1,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
  maxGradientNorm: 1,
};

export const tinySft: SftSettings = {
  ...tinyOptimiser,
  seed: 5,
  steps: 12,
  batchSize: 4,
  accumulation: 1,
  sequenceLength: 16,
  batching: 'padded',
  window: 8,
  dropout: 0,
  labelSmoothing: 0,
  patience: null,
  evaluateEvery: 6,
  checkpointEvery: 100,
};

export const tinyPpo: PpoSettings = {
  ...tinyOptimiser,
  schedule: 'constant',
  warmupRatio: 0,
  weightDecay: 0,
  learningRate: 3e-3,
  seed: 6,
  iterations: 4,
  batchSize: 8,
  epochs: 2,
  miniBatches: 2,
  responseLength: 8,
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
  missingEosPenalty: 0,
  missingEosScore: null,
  scoreScale: 1,
  freezePolicyIterations: 0,
  ptxCoefficient: 0,
  valueModel: 'shared',
  valueLearningRate: null,
  earlyStopKl: null,
  microBatchSize: null,
  checkpointEvery: 100,
};

/** A sink that keeps metrics and checkpoints, and asks to stop once the step is reached. */
export class KeepingSink implements RunSink {
  readonly metrics = new Map<string, number[]>();
  readonly checkpoints: CheckpointState[] = [];
  private step = 0;

  constructor(private readonly stopAfter = Infinity) {}

  metric(step: number, key: string, value: number): void {
    this.step = Math.max(this.step, step);
    this.metrics.set(key, [...(this.metrics.get(key) ?? []), value]);
  }

  sample(): void {}

  log(): void {}

  checkpoint(_step: number, state: CheckpointState): Promise<void> {
    this.checkpoints.push(state);
    return Promise.resolve();
  }

  stopRequested(): boolean {
    return this.step >= this.stopAfter;
  }

  last(): CheckpointState {
    return this.checkpoints.at(-1)!;
  }
}

/** All numbers of a checkpoint that must be equal for two runs to be the same. */
export function numbersOf(state: CheckpointState): Record<string, Float32Array> {
  const numbers: Record<string, Float32Array> = {};
  for (const name of state.weights.names()) numbers[name] = state.weights.get(name).data;
  for (const name of state.optimiser.moments.names()) numbers[name] = state.optimiser.moments.get(name).data;
  return numbers;
}
