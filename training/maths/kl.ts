/** Estimators of KL(policy ‖ reference) from one sampled token; joschu.net/blog/kl-approx.html. */
export type KlEstimator = 'k1' | 'k2' | 'k3';

/** k1 is unbiased and may be negative, k2 = ½k1² has little variance, k3 is unbiased and never negative. */
export function klEstimate(kind: KlEstimator, logProb: number, referenceLogProb: number): number {
  const k1 = logProb - referenceLogProb;
  if (k1 === 0) return 0;
  if (kind === 'k1') return k1;
  if (kind === 'k2') return 0.5 * k1 * k1;
  return Math.exp(-k1) - 1 + k1;
}

/**
 * Next KL coefficient of the adaptive controller of lm-human-preferences.
 * @param kl nats a response, mean over the batch
 * @param samples responses seen since the last call
 */
export function nextKlCoefficient(
  coefficient: number,
  kl: number,
  samples: number,
  settings: { target: number; horizon: number },
): number {
  const error = Math.min(0.2, Math.max(-0.2, kl / settings.target - 1));
  return coefficient * (1 + (error * samples) / settings.horizon);
}
