import { dataDefaults } from './data-config.js';
import { baichuan7b } from './preset-models.js';

/**
 * PPO with the settings of the HuatuoGPT team's later script, which runs TRL's trainer: 128 prompts an iteration (theirs:
 * 1 × 16 × 8), three passes, responses of up to 1,300 tokens at temperature 0.5, KL coefficient 0.03, a value model that
 * starts as the reward model and learns at the policy's rate. 20,000 episodes are 157 iterations.
 * Policy and reward model are given with `--policy` and `--reward-model`; `model` is only read where a run starts from nothing.
 */
export const ppoMedical: Record<string, unknown> = {
  seed: 42,
  backend: 'auto',
  model: baichuan7b,
  sequence_length: 2048,
  data: dataDefaults,
  batch_size: 128,
  optimiser: {
    learning_rate: 5e-7,
    schedule: 'linear',
    warmup_ratio: 0.05,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weight_decay: 0,
    max_gradient_norm: 1,
  },
  steps: 157,
  evaluate_every: 20,
  checkpoint_every: 20,
  ppo: {
    epochs: 3,
    mini_batches: 1,
    response_length: 1300,
    temperature: 0.5,
    gamma: 1,
    lambda: 0.95,
    clip_range: 0.2,
    value_clip_range: 0.2,
    value_coefficient: 0.1,
    entropy_coefficient: 0,
    kl_coefficient: 0.03,
    kl_estimator: 'k1',
    kl_target: null,
    kl_horizon: 10_000,
    whiten_rewards: false,
    score_clip: null,
    missing_eos_penalty: 1,
    missing_eos_score: null,
    score_scale: 1,
    freeze_policy_iterations: 0,
    ptx_coefficient: 0,
    value_model: 'separate',
    value_learning_rate: null,
    early_stop_kl: null,
    micro_batch_size: 1,
    judge: null,
  },
};
