import type { PpoSettings } from '../interfaces.js';
import { generalisedAdvantages } from '../maths/gae.js';
import { whiten } from '../maths/masked.js';
import { tokenRewards } from '../maths/token-rewards.js';
import { everyToken } from './ragged.js';
import type { Rollout } from './rollout.js';

/** Whitened advantages and the returns that the values learn, a row a response. */
export interface Advantages {
  advantages: number[][];
  returns: number[][];
}

/** Score and KL penalty → rewards of tokens → advantages; returns are taken before the advantages are whitened. */
export function rolloutAdvantages(rollout: Rollout, klCoefficient: number, settings: PpoSettings): Advantages {
  const { lengths, logProbs, referenceLogProbs, settled, values } = rollout;
  const raw = lengths.map((length, r) =>
    tokenRewards(logProbs[r]!, referenceLogProbs[r]!, length, settled[r]!, {
      klCoefficient,
      estimator: settings.klEstimator,
    }),
  );
  const mask = everyToken(raw);
  const rewards = settings.whitenRewards ? whiten(raw, mask, true) : raw;
  const estimates = lengths.map((length, r) =>
    generalisedAdvantages(rewards[r]!, values[r]!, length, settings.gamma, settings.lambda),
  );
  return {
    advantages: whiten(
      estimates.map((e) => e.advantages),
      mask,
    ),
    returns: estimates.map((e) => e.returns),
  };
}

/** Mean over responses of Σ log π − log π_ref, in nats. */
export function responseKl(rollout: Rollout): number {
  const sums = rollout.logProbs.map((row, r) =>
    row.reduce((sum, l, t) => sum + l - rollout.referenceLogProbs[r]![t]!, 0),
  );
  return sums.reduce((a, b) => a + b, 0) / sums.length;
}
