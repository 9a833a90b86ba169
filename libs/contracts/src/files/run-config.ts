import { z } from 'zod';
import { dataConfig, dataDefaults } from './data-config.js';
import { dataSet } from '../vocabulary.js';
import { freezeConfig, loraConfig, loraFields } from './adapter-config.js';
import { judgeConfig, judgeFields } from './judge-config.js';
import { runMethod, type RunMethod } from './run-files.js';
import { presetDefaults, presetMethods, runPreset } from './run-presets.js';

/** `auto` takes the first that loads: gpu and native (TensorFlow's library, where a person put it), then wasm, cpu. */
export const trainingBackend = z.enum(['auto', 'gpu', 'native', 'wasm', 'cpu']);
export type TrainingBackend = z.infer<typeof trainingBackend>;

/** Sizes of a model trained from scratch; a run that starts from a checkpoint takes the checkpoint's. */
export const modelSizes = z.strictObject({
  /** Upper bound of the tokenizer: special tokens, 256 bytes, merges. */
  vocabulary_size: z.int().min(270).max(200_000),
  hidden_size: z.int().min(8).max(16_384),
  layers: z.int().min(1).max(200),
  heads: z.int().min(1).max(256),
  kv_heads: z.int().min(1).max(256),
  intermediate_size: z.int().min(8).max(65_536),
  /** Positions the model may be asked about later, `max_position_embeddings`; at least `sequence_length`. */
  context_length: z.int().min(8).max(1_000_000),
  rope_theta: z.number().positive(),
  rms_norm_eps: z.number().positive(),
  tied_embeddings: z.boolean(),
});
export type ModelSizes = z.infer<typeof modelSizes>;

export const optimiserConfig = z.strictObject({
  learning_rate: z.number().positive().max(1),
  schedule: z.enum(['cosine', 'linear', 'constant']),
  /** Share of the steps during which the rate rises from 0. */
  warmup_ratio: z.number().min(0).max(1),
  beta1: z.number().min(0).lt(1),
  beta2: z.number().min(0).lt(1),
  epsilon: z.number().positive(),
  /** Decoupled; not applied to norms. */
  weight_decay: z.number().min(0),
  max_gradient_norm: z.number().positive(),
});
export type OptimiserConfig = z.infer<typeof optimiserConfig>;

const sftFields = z.strictObject({
  /** Micro-batches added up before one update, weighed by tokens. */
  accumulation: z.int().min(1),
  /** Share of the units set to 0 in each branch while learning. */
  dropout: z.number().min(0).lt(1),
  /** Share of each target's probability spread over the whole vocabulary while learning; held-out loss is without. */
  label_smoothing: z.number().min(0).lt(1),
  /** Ends the run after so many evaluations without a lower held-out loss and keeps the best checkpoint; `null` = never. */
  patience: z.int().min(1).nullable(),
  /** Training rows of these data sets only, `null` = of all; held-out rows are of all. */
  data_sets: z.array(dataSet).min(1).nullable(),
});
export const sftConfig = sftFields.extend({
  // Runs of earlier versions do not have these.
  label_smoothing: sftFields.shape.label_smoothing.default(0),
  patience: sftFields.shape.patience.default(null),
  data_sets: sftFields.shape.data_sets.default(null),
});
export type SftConfig = z.infer<typeof sftConfig>;

const rewardFields = z.strictObject({
  /** Micro-batches added up before one update, weighed by pairs; the pairs of a prompt stay in one of them. */
  accumulation: z.int().min(1),
  /** Times the row's margin, subtracted from the score difference; 0 = none. */
  margin_scale: z.number().min(0),
  /** Weight of mean((chosen + rejected)²). */
  centring: z.number().min(0),
  dropout: z.number().min(0).lt(1),
  /** `pair`: every pair counts alike; `prompt`: every prompt, so that a list of k replies counts 1 and not k(k − 1)/2. */
  weigh_by: z.enum(['pair', 'prompt']),
});
export const rewardConfig = rewardFields.extend({
  // Runs of earlier versions do not have these.
  accumulation: rewardFields.shape.accumulation.default(1),
  weigh_by: rewardFields.shape.weigh_by.default('pair'),
});
export type RewardConfig = z.infer<typeof rewardConfig>;

const ppoFields = z.strictObject({
  epochs: z.int().min(1),
  /** Updates of one pass over the responses, which they share out evenly; `batch_size` at most. */
  mini_batches: z.int().min(1),
  /** Sampled tokens at most. */
  response_length: z.int().min(1),
  /** Divides logits in rollout, reference and update alike. */
  temperature: z.number().positive(),
  gamma: z.number().min(0).max(1),
  lambda: z.number().min(0).max(1),
  clip_range: z.number().positive(),
  value_clip_range: z.number().positive(),
  value_coefficient: z.number().min(0),
  entropy_coefficient: z.number().min(0),
  kl_coefficient: z.number().min(0),
  kl_estimator: z.enum(['k1', 'k2', 'k3']),
  /** Nats a response the adaptive controller steers to; `null` = fixed coefficient. */
  kl_target: z.number().positive().nullable(),
  kl_horizon: z.number().positive(),
  whiten_rewards: z.boolean(),
  /** Normalised scores are cut to ± this; `null` = never. */
  score_clip: z.number().positive().nullable(),
  /** Subtracted from the score of a response that did not end by itself. */
  missing_eos_penalty: z.number().min(0),
  /** Score that such a response gets in place of its own, as in lm-human-preferences; `null` = its own less the penalty. */
  missing_eos_score: z.number().nullable(),
  /** Times the normalised score, before it is cut. */
  score_scale: z.number().positive(),
  /** Iterations at the start during which only the value head learns. */
  freeze_policy_iterations: z.int().min(0),
  /** Weight of the SFT loss mixed in; 0 = none. */
  ptx_coefficient: z.number().min(0),
  /** `shared`: a head on the policy; `separate`: a network of its own that starts as the reward model. */
  value_model: z.enum(['shared', 'separate']),
  /** Of the value head or network; `null` = the policy's. */
  value_learning_rate: z.number().positive().max(1).nullable(),
  /** Nats a token: where a mini-batch has moved 1.5 times as far, the rest of the passes is left out; `null` = never. */
  early_stop_kl: z.number().positive().nullable(),
  /** Rows of one forward and backward pass, weighed by tokens; `null` = a whole mini-batch. */
  micro_batch_size: z.int().min(1).nullable(),
  /** How the judge of `--judge` is asked; `null` = none. */
  judge: judgeFields.nullable(),
});
export const ppoConfig = ppoFields.extend({
  // Runs of earlier versions do not have these.
  missing_eos_score: ppoFields.shape.missing_eos_score.default(null),
  score_scale: ppoFields.shape.score_scale.default(1),
  value_model: ppoFields.shape.value_model.default('shared'),
  value_learning_rate: ppoFields.shape.value_learning_rate.default(null),
  early_stop_kl: ppoFields.shape.early_stop_kl.default(null),
  micro_batch_size: ppoFields.shape.micro_batch_size.default(null),
  judge: judgeConfig.nullable().default(null),
});
export type PpoConfig = z.infer<typeof ppoConfig>;

/** Direct preference optimisation (Rafailov et al., 2023) and IPO (Azar et al., 2023). */
export const dpoConfig = z.strictObject({
  /**
   * `ipo` divides each log-ratio by its reply's tokens, as TRL does; `ipo_summed` takes the sums, as in the paper;
   * `robust` corrects the loss for a share of turned labels, `sigmoid` with `label_smoothing` is the conservative DPO.
   */
  loss: z.enum(['sigmoid', 'ipo', 'ipo_summed', 'hinge', 'robust']),
  /** How firmly the policy is held to the model it starts from. */
  beta: z.number().positive(),
  /** Micro-batches added up before one update, weighed by pairs. */
  accumulation: z.int().min(1),
  /** Share of pairs believed to be the wrong way round; `sigmoid` and `robust` only. */
  label_smoothing: z.number().min(0).lt(0.5),
  dropout: z.number().min(0).lt(1),
});
export type DpoConfig = z.infer<typeof dpoConfig>;

/** How numbers are stored; learning is in float32 always. */
export const weightType = z.enum(['float32', 'bfloat16', 'float16']);
export type WeightType = z.infer<typeof weightType>;

/** The model a run ends in. In another type than float32 it lies in `model/`, beside the checkpoints, which stay as they are. */
const saveConfig = z.strictObject({ dtype: weightType });

const common = {
  preset: runPreset,
  /** Decides weights, order of the data and sampling: the same seed on the same back end gives the same model. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  backend: trainingBackend,
  model: modelSizes,
  /** Tokens of a row; what happens to longer ones says `data.truncate`. */
  sequence_length: z.int().min(8),
  data: dataConfig.default(dataDefaults),
  optimiser: optimiserConfig,
  /** Rows (SFT), pairs (reward, DPO) or prompts (PPO) of one step. */
  batch_size: z.int().min(1),
  /** Updates (SFT, reward, DPO) or iterations (PPO). */
  steps: z.int32().min(1),
  /** Passes over the training rows: steps are counted from the rows then, and `steps` is the most; `null` = `steps`. */
  epochs: z.number().positive().nullable().default(null),
  /** Low-rank updates of a frozen base instead of learning all weights. */
  lora: loraConfig.nullable().default(null),
  freeze: freezeConfig.default([]),
  evaluate_every: z.int().min(1),
  checkpoint_every: z.int().min(1),
  save: saveConfig.default({ dtype: 'float32' }),
};

/** What a run does, with nothing left to defaults: `config` in the run folder's `config.json` and of the `run` table. */
export const runConfig = z
  .discriminatedUnion('method', [
    z.strictObject({ method: z.literal('sft'), ...common, sft: sftConfig }),
    z.strictObject({ method: z.literal('reward'), ...common, reward: rewardConfig }),
    z.strictObject({ method: z.literal('ppo'), ...common, ppo: ppoConfig }),
    z.strictObject({ method: z.literal('dpo'), ...common, dpo: dpoConfig }),
  ])
  .superRefine(({ model, sequence_length: length, lora, freeze }, context) => {
    const fault = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    if (lora && freeze.length > 0) fault(['freeze'], 'LoRA freezes the whole base already; leave one of the two out');
    if (model.hidden_size % model.heads !== 0) fault(['model', 'heads'], 'hidden_size must be a multiple of heads');
    else if ((model.hidden_size / model.heads) % 2 !== 0) fault(['model', 'heads'], 'the size of a head must be even');
    if (model.heads % model.kv_heads !== 0) fault(['model', 'kv_heads'], 'heads must be a multiple of kv_heads');
    if (model.context_length < length) fault(['model', 'context_length'], 'must hold sequence_length tokens');
  });
export type RunConfig = z.infer<typeof runConfig>;

/** Of a new run: those of earlier versions could ask for more, and must still be read. */
const newRunConfig = runConfig.superRefine((config, context) => {
  if (config.method !== 'ppo') return;
  const { mini_batches: parts, freeze_policy_iterations: frozen } = config.ppo;
  const fault = (field: string, message: string): void =>
    context.addIssue({ code: 'custom', path: ['ppo', field], message });
  if (parts > config.batch_size)
    fault('mini_batches', `must be at most batch_size (${config.batch_size}): each learns from a row or more`);
  if (config.epochs === null && frozen > 0 && frozen >= config.steps)
    fault('freeze_policy_iterations', `must be less than steps (${config.steps}): the policy would never learn`);
});

/** `config.json` of a run folder: written when the run starts, and again at each further attempt. */
export const runFolderConfig = z.object({
  config: runConfig,
  /**
   * What the run reads, by role (data, policy, reward, mix-1 …), with the SHA-256 it must still have when resumed; `weight` of
   * a snapshot that is mixed in.
   */
  inputs: z.array(
    z.object({ role: z.string(), path: z.string(), digest: z.string(), weight: z.number().positive().optional() }),
  ),
  /** `resumed_from` is the step of the checkpoint an attempt went on from, `null` from the start. */
  attempts: z.array(z.object({ attempt: z.int().positive(), resumed_from: z.int().min(0).nullable() })),
});
export type RunFolderConfig = z.infer<typeof runFolderConfig>;

/** What a person or the platform asks for: a method, a preset and only what differs from it. */
export const runRequest = z.strictObject({
  method: runMethod,
  preset: runPreset.default('demo-cpu'),
  seed: common.seed.optional(),
  backend: trainingBackend.optional(),
  model: modelSizes.partial().optional(),
  sequence_length: common.sequence_length.optional(),
  data: dataConfig.partial().optional(),
  optimiser: optimiserConfig.partial().optional(),
  batch_size: common.batch_size.optional(),
  steps: common.steps.optional(),
  epochs: z.number().positive().nullable().optional(),
  lora: loraFields.partial().nullable().optional(),
  freeze: freezeConfig.optional(),
  evaluate_every: common.evaluate_every.optional(),
  checkpoint_every: common.checkpoint_every.optional(),
  save: saveConfig.optional(),
  sft: sftFields.partial().optional(),
  reward: rewardFields.partial().optional(),
  ppo: ppoFields.partial().extend({ judge: judgeFields.partial().nullable().optional() }).optional(),
  dpo: dpoConfig.partial().optional(),
});
export type RunRequest = z.input<typeof runRequest>;

/**
 * The preset with the request laid over it, section by section.
 * @throws ZodError naming each field at fault, also those of a section that belongs to another method
 */
export function resolveRunConfig(request: RunRequest): RunConfig {
  const asked = runRequest.parse(request);
  const preset = presetDefaults(asked.preset, asked.method);
  if (!preset) {
    const message = `${asked.preset} is for ${presetMethods(asked.preset).join(', ')}, not for ${asked.method}`;
    throw new z.ZodError([{ code: 'custom', path: ['preset'], message, input: asked.preset }]);
  }
  const base = { ...preset };
  for (const [key, value] of Object.entries(asked)) {
    if (value === undefined) continue;
    const before = base[key];
    base[key] = isSection(before) && isSection(value) ? { ...before, ...value } : value;
  }
  return newRunConfig.parse(base);
}

/** What was configured: the back end is no part of it, since a run may go on, or be made again, where there is another. */
export function asConfigured<C extends { backend?: unknown }>({ backend: _backend, ...config }: C): Omit<C, 'backend'> {
  return config;
}

/** The full configuration of a preset, for forms. */
export function presetConfig(preset: z.infer<typeof runPreset>, method: RunMethod): RunConfig {
  return resolveRunConfig({ preset, method });
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
