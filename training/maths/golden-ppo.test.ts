import { describe, expect, it } from 'vitest';
import { goldenJson, largestDifference } from '../testing/golden.js';
import { generalisedAdvantages } from './gae.js';
import { klEstimate, type KlEstimator } from './kl.js';
import { logSoftmax } from './log-probs.js';
import { maskedMean, whiten } from './masked.js';
import { policyLoss, valueLoss } from './ppo-losses.js';
import { settledScore, tokenRewards } from './token-rewards.js';

interface Options {
  gamma: number;
  lam: number;
  kl_coef: number;
  cliprange: number;
  cliprange_value: number;
  vf_coef: number;
}
type Rows = number[][];
const golden = goldenJson<{
  inputs: {
    responses: Rows;
    mask: boolean[][];
    scores: number[];
    values: Rows;
    values_new: Rows;
  } & Record<'logits_old' | 'logits_ref' | 'logits_new', number[][][]>;
  trl_cases: ({
    options: Options & { kl_estimator: KlEstimator; whiten_rewards: boolean; missing_eos_penalty: number | null };
    sequence_lengths: number[];
    policy_loss: number;
    value_loss: number;
    scores_after_penalty: number[];
  } & Record<'rewards' | 'returns' | 'advantages' | 'values', Rows>)[];
  last_token_options: Options;
  last_token_cases: ({
    whiten_rewards: boolean;
    policy_loss: number;
    value_loss: number;
    loss: number;
    clip_fraction: number;
    approx_kl: Record<KlEstimator, number>;
    grad_logits_of_loss: number[][][];
  } & Record<'rewards' | 'advantages_before_whitening' | 'returns' | 'advantages' | 'grad_values_of_loss', Rows>)[];
}>('losses/ppo.json');

const { responses, scores } = golden.inputs;
const mask = golden.inputs.mask.map((row) => row.map(Number));
const lengths = mask.map((row) => row.reduce((sum, m) => sum + m, 0));
const width = mask[0]!.length;
const logProbs = (logits: number[][][]): Rows =>
  logits.map((row, r) => row.map((x, t) => logSoftmax(x)[responses[r]![t]!]!));
const [old, reference, fresh] = (['logits_old', 'logits_ref', 'logits_new'] as const).map((k) =>
  logProbs(golden.inputs[k]),
) as [Rows, Rows, Rows];
const masked = (rows: Rows, by: Rows): Rows => rows.map((row, r) => row.map((x, t) => (by[r]![t] ? x : 0)));
const logitGradient = (logits: number[], id: number, byLogProb: number): number[] =>
  logSoftmax(logits).map((l, v) => byLogProb * ((v === id ? 1 : 0) - Math.exp(l)));
const padded = (rows: Rows): Rows => rows.map((row) => [...row, ...new Array<number>(width - row.length).fill(0)]);

describe('PPO with the score on the last response token', () => {
  const o = golden.last_token_options;
  for (const c of golden.last_token_cases) {
    it(`equals the reference, ${c.whiten_rewards ? 'rewards whitened' : 'plain'}`, () => {
      const rewards = lengths.map((length, r) =>
        tokenRewards(old[r]!, reference[r]!, length, scores[r]!, { klCoefficient: o.kl_coef, estimator: 'k1' }),
      );
      expect(largestDifference(padded(rewards), c.rewards)).toBeLessThan(1e-10);
      const used = c.whiten_rewards ? whiten(rewards, mask, true) : rewards;
      const gae = lengths.map((length, r) =>
        generalisedAdvantages(used[r]!, golden.inputs.values[r]!, length, o.gamma, o.lam),
      );
      const raw = padded(gae.map((g) => g.advantages));
      const returns = padded(gae.map((g) => g.returns));
      expect(largestDifference(raw, c.advantages_before_whitening)).toBeLessThan(1e-10);
      expect(largestDifference(returns, c.returns)).toBeLessThan(1e-10);
      const advantages = masked(whiten(raw, mask), mask);
      expect(largestDifference(advantages, c.advantages)).toBeLessThan(1e-10);

      const policy = policyLoss(fresh, old, advantages, mask, o.cliprange);
      const oldValues = masked(golden.inputs.values, mask);
      const value = valueLoss(golden.inputs.values_new, oldValues, returns, mask, o.cliprange_value);
      expect(Math.abs(policy.loss - c.policy_loss)).toBeLessThan(1e-10);
      expect(Math.abs(value.loss - c.value_loss)).toBeLessThan(1e-10);
      expect(Math.abs(policy.loss + o.vf_coef * value.loss - c.loss)).toBeLessThan(1e-10);
      expect(policy.clipFraction).toBeCloseTo(c.clip_fraction, 10);
      const byLogits = golden.inputs.logits_new.map((row, r) =>
        row.map((x, t) => logitGradient(x, responses[r]![t]!, policy.gradient[r]![t]!)),
      );
      expect(largestDifference(byLogits, c.grad_logits_of_loss)).toBeLessThan(1e-10);
      const byValues = value.gradient.map((row) => row.map((g) => o.vf_coef * g));
      expect(largestDifference(byValues, c.grad_values_of_loss)).toBeLessThan(1e-10);
      for (const kind of ['k1', 'k2', 'k3'] as const) {
        const each = fresh.map((row, r) => row.map((l, t) => klEstimate(kind, old[r]![t]!, l)));
        expect(Math.abs(maskedMean(each, mask) - c.approx_kl[kind])).toBeLessThan(1e-10);
      }
    });
  }
});

describe("PPO in TRL's convention, the score one place later", () => {
  for (const c of golden.trl_cases) {
    it(`is built from the same functions: ${c.options.kl_estimator}, penalty ${c.options.missing_eos_penalty}`, () => {
      const o = c.options;
      const settled = scores.map((score, r) =>
        settledScore(score, responses[r]!.includes(2), {
          scoreScale: 1,
          scoreClip: null,
          missingEosPenalty: o.missing_eos_penalty ?? 0,
          missingEosScore: null,
        }),
      );
      expect(largestDifference(settled, c.scores_after_penalty)).toBeLessThan(1e-6);
      // Values reach one token further than the response, where there is one.
      const reach = lengths.map((length) => Math.min(length + 1, width));
      const valueMask = reach.map((n) => Array.from({ length: width }, (_, t) => (t < n ? 1 : 0)));
      const rewards = lengths.map((length, r) => {
        const row = tokenRewards(old[r]!, reference[r]!, length, 0, {
          klCoefficient: o.kl_coef,
          estimator: o.kl_estimator,
        });
        row.push(...new Array<number>(width - length).fill(0));
        row[reach[r]! - 1]! += settled[r]!;
        return row;
      });
      const used = o.whiten_rewards ? masked(whiten(rewards, valueMask, true), valueMask) : rewards;
      const values = masked(golden.inputs.values, valueMask);
      const gae = used.map((row, r) => generalisedAdvantages(row, values[r]!, width, o.gamma, o.lam));
      const returns = gae.map((g) => g.returns);
      const advantages = masked(
        whiten(
          gae.map((g) => g.advantages),
          mask,
        ),
        mask,
      );
      expect(largestDifference(used, c.rewards)).toBeLessThan(1e-6);
      expect(largestDifference(returns, c.returns)).toBeLessThan(1e-6);
      expect(largestDifference(advantages, c.advantages)).toBeLessThan(1e-6);
      expect(policyLoss(fresh, old, advantages, mask, o.cliprange).loss).toBeCloseTo(c.policy_loss, 6);
      const value = valueLoss(golden.inputs.values_new, values, returns, valueMask, o.cliprange_value);
      expect(value.loss).toBeCloseTo(c.value_loss, 6);
    });
  }
});
