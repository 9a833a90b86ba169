import { z } from 'zod';
import { dataDefaults } from './data-config.js';
import { huatuogpt7bSft } from './preset-huatuogpt-7b-sft.js';
import { ppoMedical } from './preset-ppo-medical.js';
import type { RunMethod } from './run-files.js';

/**
 * `demo-cpu`: SFT, reward model and PPO of 320 k parameters together in under three minutes of one CPU, for every method;
 * `huatuogpt-7b-sft`: fine-tuning as published; `ppo-medical`: PPO of a 7B medical model with a value model of its own.
 */
export const runPreset = z.enum(['demo-cpu', 'huatuogpt-7b-sft', 'ppo-medical']);
export type RunPreset = z.infer<typeof runPreset>;

const demoModel = {
  // Byte-level: large enough that a phrase of the demo is a token or two and seldom falls apart into bytes.
  vocabulary_size: 1800,
  hidden_size: 96,
  layers: 2,
  heads: 3,
  kv_heads: 3,
  intermediate_size: 256,
  // Trained at 64 tokens; rotary positions beyond cost nothing and let the model be asked with longer prompts.
  context_length: 512,
  rope_theta: 10_000,
  rms_norm_eps: 1e-5,
  tied_embeddings: true,
};

const adamw = {
  schedule: 'cosine',
  warmup_ratio: 0.05,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weight_decay: 0.01,
  max_gradient_norm: 1,
};

const common = {
  seed: 7,
  backend: 'auto',
  model: demoModel,
  sequence_length: 64,
  data: dataDefaults,
  batch_size: 8,
};

const demoCpu: Record<RunMethod, Record<string, unknown>> = {
  sft: {
    ...common,
    optimiser: { ...adamw, weight_decay: 0.1, learning_rate: 3e-3 },
    steps: 700,
    evaluate_every: 50,
    checkpoint_every: 100,
    sft: { accumulation: 1, dropout: 0, label_smoothing: 0, patience: null, data_sets: null },
  },
  reward: {
    ...common,
    optimiser: { ...adamw, learning_rate: 1e-3 },
    steps: 200,
    evaluate_every: 50,
    checkpoint_every: 50,
    reward: { accumulation: 1, margin_scale: 0, centring: 0.01, dropout: 0, weigh_by: 'pair' },
  },
  ppo: {
    ...common,
    optimiser: { ...adamw, warmup_ratio: 0, epsilon: 1e-5, weight_decay: 0, learning_rate: 5e-4 },
    // Many fresh responses and one pass over them: score rises most for the KL it costs.
    batch_size: 32,
    steps: 80,
    evaluate_every: 20,
    checkpoint_every: 20,
    ppo: {
      epochs: 1,
      mini_batches: 1,
      response_length: 32,
      // Cooler than 1: what so small a model says at 1 is too broken for the reward model to tell apart.
      temperature: 0.7,
      gamma: 1,
      lambda: 1,
      clip_range: 0.2,
      value_clip_range: 0.2,
      value_coefficient: 0.1,
      entropy_coefficient: 0,
      // Fixed: a controller lets β fall while KL is still small, and the policy is past 8 nats before it is back.
      kl_coefficient: 0.12,
      kl_estimator: 'k1',
      kl_target: null,
      kl_horizon: 250,
      whiten_rewards: false,
      score_clip: 10,
      missing_eos_penalty: 1,
      missing_eos_score: null,
      score_scale: 1,
      freeze_policy_iterations: 0,
      ptx_coefficient: 0,
      value_model: 'shared',
      value_learning_rate: null,
      early_stop_kl: null,
      micro_batch_size: null,
      judge: null,
    },
  },
  dpo: {
    ...common,
    optimiser: { ...adamw, learning_rate: 5e-4 },
    steps: 100,
    evaluate_every: 25,
    checkpoint_every: 50,
    dpo: { loss: 'sigmoid', beta: 0.1, accumulation: 1, label_smoothing: 0, dropout: 0 },
  },
};

/** A preset for one method only says nothing of the others. */
const presets: Record<RunPreset, Partial<Record<RunMethod, Record<string, unknown>>>> = {
  'demo-cpu': demoCpu,
  'huatuogpt-7b-sft': { sft: huatuogpt7bSft },
  'ppo-medical': { ppo: ppoMedical },
};

/** Methods a preset has settings for. */
export function presetMethods(preset: RunPreset): RunMethod[] {
  return Object.keys(presets[preset]) as RunMethod[];
}

/** Everything of a run's configuration that the preset decides; `null` where it is not for this method. */
export function presetDefaults(preset: RunPreset, method: RunMethod): Record<string, unknown> | null {
  const settings = presets[preset][method];
  return settings ? { method, preset, ...settings } : null;
}
