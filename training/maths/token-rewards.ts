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

/** Score after the penalty for not ending by itself, cut to ± `clip`. */
export function settledScore(
  score: number,
  endedByItself: boolean,
  settings: { missingEosPenalty: number; clip: number | null },
): number {
  const clip = settings.clip ?? Infinity;
  return Math.min(clip, Math.max(-clip, score)) - (endedByItself ? 0 : settings.missingEosPenalty);
}
