import type { ModelSizes, RunConfig } from '@qingnang/contracts';
import type {
  DpoSettings,
  EncodedExample,
  LoraSettings,
  ModelConfig,
  OptimiserSettings,
  PpoSettings,
  RewardSettings,
  SftSettings,
} from '../interfaces.js';
import { lengthsOf, type Rows } from '../data/rows.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';

type ConfigOf<M extends RunConfig['method']> = Extract<RunConfig, { method: M }>;

/** The shape of a model trained from scratch with this tokenizer. */
export function modelConfigOf(sizes: ModelSizes, tokenizer: Tokenizer): ModelConfig {
  return {
    architecture: 'llama',
    vocabSize: tokenizer.vocabularySize,
    hiddenSize: sizes.hidden_size,
    layers: sizes.layers,
    heads: sizes.heads,
    kvHeads: sizes.kv_heads,
    headDim: sizes.hidden_size / sizes.heads,
    intermediateSize: sizes.intermediate_size,
    contextLength: sizes.context_length,
    ropeTheta: sizes.rope_theta,
    ropeScaling: null,
    normEpsilon: sizes.rms_norm_eps,
    tiedEmbeddings: sizes.tied_embeddings,
    bosTokenId: null,
    eosTokenId: tokenizer.endId,
    padTokenId: tokenizer.padId,
  };
}

export function sftSettings(config: ConfigOf<'sft'>): SftSettings {
  return {
    ...optimiserSettings(config),
    seed: config.seed,
    steps: config.steps,
    batchSize: config.batch_size,
    accumulation: config.sft.accumulation,
    dropout: config.sft.dropout,
    labelSmoothing: config.sft.label_smoothing,
    patience: config.sft.patience,
    sequenceLength: config.sequence_length,
    batching: config.data.batching,
    window: config.data.window,
    evaluateEvery: config.evaluate_every,
    checkpointEvery: config.checkpoint_every,
  };
}

/** `null` where all weights learn. */
export function loraSettings({ lora }: RunConfig): LoraSettings | null {
  if (!lora) return null;
  return { rank: lora.rank, alpha: lora.alpha, dropout: lora.dropout, targets: lora.target_modules };
}

/**
 * The configuration with its steps counted from `epochs`: so many passes over `rows`, but no more than `steps`.
 * @param rowsAtOnce rows of one update
 */
export function withCountedSteps<C extends RunConfig>(config: C, rows: number, rowsAtOnce: number): C {
  if (config.epochs === null) return config;
  return { ...config, steps: Math.min(config.steps, Math.max(1, Math.ceil((config.epochs * rows) / rowsAtOnce))) };
}

/** Sequences of one pass over the rows; of packed ones about as many as their tokens fill. */
export function sequencesOf(examples: Rows<EncodedExample>, { data, sequence_length: length }: RunConfig): number {
  if (data.batching !== 'packed') return examples.length;
  return Math.ceil(lengthsOf(examples).reduce((sum, tokens) => sum + tokens, 0) / length);
}

export function rewardSettings(config: ConfigOf<'reward'>): RewardSettings {
  return {
    ...optimiserSettings(config),
    seed: config.seed,
    steps: config.steps,
    batchSize: config.batch_size,
    accumulation: config.reward.accumulation,
    sequenceLength: config.sequence_length,
    marginScale: config.reward.margin_scale,
    centring: config.reward.centring,
    weighBy: config.reward.weigh_by,
    dropout: config.reward.dropout,
    evaluateEvery: config.evaluate_every,
    checkpointEvery: config.checkpoint_every,
  };
}

export function ppoSettings(config: ConfigOf<'ppo'>): PpoSettings {
  const { ppo } = config;
  return {
    ...optimiserSettings(config),
    seed: config.seed,
    iterations: config.steps,
    batchSize: config.batch_size,
    epochs: ppo.epochs,
    miniBatches: ppo.mini_batches,
    responseLength: ppo.response_length,
    temperature: ppo.temperature,
    gamma: ppo.gamma,
    lambda: ppo.lambda,
    clipRange: ppo.clip_range,
    valueClipRange: ppo.value_clip_range,
    valueCoefficient: ppo.value_coefficient,
    entropyCoefficient: ppo.entropy_coefficient,
    klCoefficient: ppo.kl_coefficient,
    klEstimator: ppo.kl_estimator,
    klTarget: ppo.kl_target,
    klHorizon: ppo.kl_horizon,
    whitenRewards: ppo.whiten_rewards,
    scoreClip: ppo.score_clip,
    missingEosPenalty: ppo.missing_eos_penalty,
    missingEosScore: ppo.missing_eos_score,
    scoreScale: ppo.score_scale,
    freezePolicyIterations: ppo.freeze_policy_iterations,
    ptxCoefficient: ppo.ptx_coefficient,
    valueModel: ppo.value_model,
    valueLearningRate: ppo.value_learning_rate,
    earlyStopKl: ppo.early_stop_kl,
    microBatchSize: ppo.micro_batch_size,
    checkpointEvery: config.checkpoint_every,
  };
}

export function dpoSettings(config: ConfigOf<'dpo'>): DpoSettings {
  return {
    ...optimiserSettings(config),
    seed: config.seed,
    steps: config.steps,
    batchSize: config.batch_size,
    accumulation: config.dpo.accumulation,
    sequenceLength: config.sequence_length,
    loss: config.dpo.loss,
    beta: config.dpo.beta,
    labelSmoothing: config.dpo.label_smoothing,
    dropout: config.dpo.dropout,
    evaluateEvery: config.evaluate_every,
    checkpointEvery: config.checkpoint_every,
  };
}

function optimiserSettings({ optimiser }: RunConfig): OptimiserSettings {
  return {
    learningRate: optimiser.learning_rate,
    schedule: optimiser.schedule,
    warmupRatio: optimiser.warmup_ratio,
    beta1: optimiser.beta1,
    beta2: optimiser.beta2,
    epsilon: optimiser.epsilon,
    weightDecay: optimiser.weight_decay,
    maxGradientNorm: optimiser.max_gradient_norm,
  };
}
