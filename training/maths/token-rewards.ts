import { klEstimate, type KlEstimator } from './kl.js';

/**
 * Reward of each token of a response of `length` tokens: −β·kl, and the score on the **last** token
 * (lm-human-preferences' convention, not TRL 1.x's, which puts it one place later).
 */
export function tokenRewards(
  logProbs: ArrayLike<number>,
  referenceLogProbs: ArrayLike<number>,
  length: number,
  score: number,
  settings: { klCoefficient: number; estimator: KlEstimator },
): number[] {
  const rewards: number[] = [];
  for (let t = 0; t < length; t++) {
    const kl = klEstimate(settings.estimator, logProbs[t]!, referenceLogProbs[t]!);
    rewards.push(-settings.klCoefficient * kl + (t === length - 1 ? score : 0));
  }
  return rewards;
}

/** What becomes of a normalised score before it is a reward. */
export interface ScoreSettlement {
  scoreScale: number;
  /** Scaled scores are cut to ± this; `null` = never. */
  scoreClip: number | null;
  missingEosPenalty: number;
  /** Score of a response that did not end, in place of its own less the penalty. */
  missingEosScore: number | null;
}

/**
 * Scaled, cut to ± `scoreClip`, and for a response that did not end by itself less the penalty (TRL), or replaced by a
 * fixed score (lm-human-preferences: −1).
 */
export function settledScore(score: number, endedByItself: boolean, settings: ScoreSettlement): number {
  const clip = settings.scoreClip ?? Infinity;
  const own = Math.min(clip, Math.max(-clip, settings.scoreScale * score));
  if (endedByItself) return own;
  return settings.missingEosScore ?? own - settings.missingEosPenalty;
}
