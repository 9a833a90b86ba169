import type { RunSink } from '../interfaces.js';
import { explainedVariance } from '../maths/ppo-losses.js';
import { mean } from '../maths/summary.js';
import type { Advantages } from './advantages.js';
import { everyToken } from './ragged.js';
import type { Rollout } from './rollout.js';
import type { UpdateFigures } from './update-policy.js';

/** Everything an iteration knows of itself. */
export interface IterationSeen {
  rollout: Rollout;
  fixed: Advantages;
  figures: UpdateFigures;
  /** Nats a response. */
  kl: number;
  klCoefficient: number;
  learningRate: number;
  /** Milliseconds of sampling and scoring, and of the updates. */
  rolloutMs: number;
  updateMs: number;
}

/** The figures of the checklist's item 29, by metric key. */
export function iterationMetrics(seen: IterationSeen, epochs: number): Record<string, number> {
  const { rollout, fixed, figures } = seen;
  const { reward, judge } = rollout.scoreParts;
  const tokens = rollout.lengths.reduce((sum, n) => sum + n, 0);
  return {
    'ppo/score': mean(rollout.scores),
    'ppo/settled_score': mean(rollout.settled),
    ...(judge ? { 'ppo/judge_score': mean(judge) } : {}),
    ...(judge && reward ? { 'ppo/reward_score': mean(reward) } : {}),
    'ppo/kl': seen.kl,
    'ppo/kl_coefficient': seen.klCoefficient,
    'ppo/entropy': rollout.entropy,
    'ppo/response_length': mean(rollout.lengths),
    'ppo/ended_by_itself': mean(rollout.endedByItself.map(Number)),
    'ppo/explained_variance': explainedVariance(rollout.values, fixed.returns, everyToken(rollout.values)),
    'ppo/policy_loss': figures.policyLoss,
    'ppo/value_loss': figures.valueLoss,
    'ppo/clip_fraction': figures.clipFraction,
    'ppo/value_clip_fraction': figures.valueClipFraction,
    'ppo/approx_kl': figures.approxKl,
    'ppo/approx_kl_k3': figures.approxKl3,
    'ppo/ratio_mean': figures.ratioMean,
    'ppo/ratio_variance': figures.ratioVariance,
    'ppo/updates': figures.updates,
    'ppo/skipped_batches': figures.skipped,
    'ppo/stopped_early': figures.stoppedEarly,
    'train/gradient_norm': figures.gradientNorm,
    'train/value_gradient_norm': figures.valueGradientNorm,
    'train/learning_rate': seen.learningRate,
    'rollout/tokens_per_second': (1000 * tokens) / seen.rolloutMs,
    // Each pass over the rollout reads its response tokens once.
    'update/tokens_per_second': (1000 * tokens * epochs) / seen.updateMs,
    tokens_per_second: (1000 * tokens) / (seen.rolloutMs + seen.updateMs),
  };
}

export function reportIteration(sink: RunSink, iteration: number, metrics: Record<string, number>): void {
  for (const [key, value] of Object.entries(metrics)) sink.metric(iteration, key, value);
}
