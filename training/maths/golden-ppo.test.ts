import { describe, expect, it } from 'vitest';
import { largestDifference } from '../testing/golden.js';
import { goldenPpo, lastTokenStep, trlStep } from '../testing/golden-ppo.js';
import { klEstimate } from './kl.js';
import { logSoftmax } from './log-probs.js';
import { maskedMean } from './masked.js';

const golden = goldenPpo();
const { responses } = golden.inputs;
const logitGradient = (logits: number[], id: number, byLogProb: number): number[] =>
  logSoftmax(logits).map((l, v) => byLogProb * ((v === id ? 1 : 0) - Math.exp(l)));

describe('PPO with the score on the last response token', () => {
  const o = golden.last_token_options;
  for (const c of golden.last_token_cases) {
    it(`equals the reference, ${c.whiten_rewards ? 'rewards whitened' : 'plain'}`, () => {
      const step = lastTokenStep(golden, c);
      expect(largestDifference(step.rewards, c.rewards)).toBeLessThan(1e-10);
      expect(largestDifference(step.beforeWhitening, c.advantages_before_whitening)).toBeLessThan(1e-10);
      expect(largestDifference(step.returns, c.returns)).toBeLessThan(1e-10);
      expect(largestDifference(step.advantages, c.advantages)).toBeLessThan(1e-10);
      const { policy, value } = step;
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
        const each = golden.fresh.map((row, r) => row.map((l, t) => klEstimate(kind, golden.old[r]![t]!, l)));
        expect(Math.abs(maskedMean(each, golden.mask) - c.approx_kl[kind])).toBeLessThan(1e-10);
      }
    });
  }
});

describe("PPO in TRL's convention, the score one place later", () => {
  for (const c of golden.trl_cases) {
    it(`is built from the same functions: ${c.options.kl_estimator}, penalty ${c.options.missing_eos_penalty}`, () => {
      const step = trlStep(golden, c);
      expect(largestDifference(step.settled, c.scores_after_penalty)).toBeLessThan(1e-6);
      expect(largestDifference(step.rewards, c.rewards)).toBeLessThan(1e-6);
      expect(largestDifference(step.returns, c.returns)).toBeLessThan(1e-6);
      expect(largestDifference(step.advantages, c.advantages)).toBeLessThan(1e-6);
      expect(step.policy.loss).toBeCloseTo(c.policy_loss, 6);
      expect(step.value.loss).toBeCloseTo(c.value_loss, 6);
    });
  }
});
