import { describe, expect, it } from 'vitest';
import { goldenJson, largestDifference } from '../testing/golden.js';
import { adamwUpdate, clipFactor, jointNorm } from './adamw.js';
import { pairGradient, pairLoss } from './bradley-terry.js';
import { crossEntropy, crossEntropyGradient, entropy, exactKl, logSoftmax } from './log-probs.js';
import { klEstimate, nextKlCoefficient, type KlEstimator } from './kl.js';
import { maskedMean, maskedVariance, whiten } from './masked.js';
import { scheduleFactor } from './schedule.js';
import type { ScheduleName } from '../interfaces.js';

const TOLERANCE = 1e-10;

describe('cross-entropy', () => {
  const { cases } = goldenJson<{
    cases: {
      name: string;
      logits: number[][][];
      labels: number[][];
      label_tokens: number;
      loss: number;
      grad_logits: number[][][];
      micro_batches?: { rows_each: number; right_loss: number; wrong_mean_of_means: number };
    }[];
  }>('losses/sft.json');

  for (const c of cases) {
    // logits[t] predict labels[t + 1]
    const logits = c.logits.flatMap((row) => row.slice(0, -1));
    const labels = c.labels.flatMap((row) => row.slice(1));
    it(`equals torch's loss and gradient: ${c.name}`, () => {
      const loss = crossEntropy(logits, labels);
      expect(loss.tokens).toBe(c.label_tokens);
      expect(Math.abs(loss.mean - c.loss)).toBeLessThan(TOLERANCE);
      const gradient = crossEntropyGradient(logits, labels);
      expect(
        largestDifference(
          gradient,
          c.grad_logits.flatMap((row) => row.slice(0, -1)),
        ),
      ).toBeLessThan(TOLERANCE);
    });

    it(`adds micro-batches by their tokens: ${c.name}`, () => {
      const half = logits.length / 2;
      const parts = [0, half].map((at) => crossEntropy(logits.slice(at, at + half), labels.slice(at, at + half)));
      const sum = parts.reduce((total, part) => total + part.sum, 0);
      const tokens = parts.reduce((total, part) => total + part.tokens, 0);
      expect(Math.abs(sum / tokens - c.loss)).toBeLessThan(TOLERANCE);
    });
  }
});

describe('ranking loss', () => {
  const { cases } = goldenJson<{
    cases: Record<'chosen' | 'rejected' | 'margin' | 'loss_each' | 'grad_chosen', number[]>[];
  }>('losses/reward.json');
  it('equals torch for gaps up to ±1000, with and without margin', () => {
    for (const c of cases) {
      const losses = c.chosen.map((x, i) => pairLoss(x, c.rejected[i]!, c.margin[i]!));
      expect(largestDifference(losses, c.loss_each)).toBeLessThan(TOLERANCE);
      const gradients = c.chosen.map((x, i) => pairGradient(x, c.rejected[i]!, c.margin[i]!) / c.chosen.length);
      expect(largestDifference(gradients, c.grad_chosen)).toBeLessThan(TOLERANCE);
    }
  });
});

describe('AdamW', () => {
  interface Group {
    matrix: number[][];
    bias: number[];
  }
  interface Step extends Group {
    lr: number;
    gradients: Group;
    norm_before_clipping: number | null;
    first_moment: Group;
    second_moment: Group;
  }
  const golden = goldenJson<{
    cases: {
      name: string;
      options: { betas: [number, number]; eps: number; weight_decay: { matrix: number; bias: number } };
      max_grad_norm: number | null;
      start: Group;
      steps: Step[];
    }[];
    clipping: { max_norm: number; gradients: number[][][]; norm: number; clipped: number[][][] }[];
  }>('losses/adamw.json');

  for (const c of golden.cases) {
    it(`equals torch step by step: ${c.name}`, () => {
      const weights = { matrix: c.start.matrix.flat(), bias: [...c.start.bias] };
      const zero = () => ({ matrix: weights.matrix.map(() => 0), bias: weights.bias.map(() => 0) });
      const first = zero();
      const second = zero();
      c.steps.forEach((step, i) => {
        const gradients = { matrix: step.gradients.matrix.flat(), bias: step.gradients.bias };
        const norm = jointNorm([gradients.matrix, gradients.bias]);
        const factor = c.max_grad_norm === null ? 1 : clipFactor(norm, c.max_grad_norm);
        for (const group of ['matrix', 'bias'] as const) {
          adamwUpdate(
            weights[group],
            gradients[group].map((g) => g * factor),
            first[group],
            second[group],
            {
              rate: step.lr,
              beta1: c.options.betas[0],
              beta2: c.options.betas[1],
              epsilon: c.options.eps,
              weightDecay: c.options.weight_decay[group],
              step: i + 1,
            },
          );
          expect(largestDifference(weights[group], step[group].flat())).toBeLessThan(TOLERANCE);
          expect(largestDifference(first[group], step.first_moment[group].flat())).toBeLessThan(TOLERANCE);
          expect(largestDifference(second[group], step.second_moment[group].flat())).toBeLessThan(TOLERANCE);
        }
      });
    });
  }

  it('clips by the joint norm', () => {
    for (const c of golden.clipping) {
      const norm = jointNorm(c.gradients.map((g) => g.flat()));
      expect(Math.abs(norm - c.norm)).toBeLessThan(TOLERANCE);
      const clipped = c.gradients.flat(2).map((g) => g * clipFactor(norm, c.max_norm));
      expect(largestDifference(clipped, c.clipped.flat(2))).toBeLessThan(TOLERANCE);
    }
  });
});

describe('schedules', () => {
  const { cases } = goldenJson<{
    cases: { name: string; total_steps: number; warmup_steps: number; factors: number[] }[];
  }>('losses/schedules.json');
  it('equal transformers at every step', () => {
    for (const c of cases) {
      const [name, cycles] = c.name.split(', ');
      const factors = c.factors.map((_, step) =>
        scheduleFactor(name as ScheduleName, step, c.total_steps, c.warmup_steps, cycles ? parseFloat(cycles) : 0.5),
      );
      expect(largestDifference(factors, c.factors), c.name).toBeLessThan(TOLERANCE);
    }
  });
});

describe('KL, entropy, whitening', () => {
  const golden = goldenJson<
    {
      inputs: { responses: number[][]; mask: boolean[][]; logits_old: number[][][]; logits_ref: number[][][] };
      logprobs: number[][];
      ref_logprobs: number[][];
      entropy: number[][];
      logprobs_at_temperature: { temperature: number; logprobs: number[][] };
      exact_kl: { each: number[][]; masked_mean: number };
      whitening: {
        values: number[][];
        mask: boolean[][];
        masked_mean: number;
        masked_var_unbiased: number;
        whitened: number[][];
        whitened_mean_kept: number[][];
      };
      adaptive_kl_controller: {
        init: number;
        target: number;
        horizon: number;
        updates: { current_kl: number; n_steps: number; value_after: number }[];
      };
    } & Record<KlEstimator, { each: number[][]; masked_mean: number }>
  >('losses/kl.json');
  const { responses, logits_old, logits_ref } = golden.inputs;
  const mask = golden.inputs.mask.map((row) => row.map(Number));
  const logProbs = (logits: number[][][], temperature = 1): number[][] =>
    logits.map((row, r) => row.map((x, t) => logSoftmax(x, temperature)[responses[r]![t]!]!));

  it('gives log-probabilities at both temperatures and the entropy', () => {
    expect(largestDifference(logProbs(logits_old), golden.logprobs)).toBeLessThan(TOLERANCE);
    const { temperature, logprobs } = golden.logprobs_at_temperature;
    expect(largestDifference(logProbs(logits_old, temperature), logprobs)).toBeLessThan(TOLERANCE);
    expect(
      largestDifference(
        logits_old.map((row) => row.map(entropy)),
        golden.entropy,
      ),
    ).toBeLessThan(TOLERANCE);
  });

  it('estimates KL three ways and exactly', () => {
    for (const kind of ['k1', 'k2', 'k3'] as const) {
      const each = golden.logprobs.map((row, r) => row.map((l, t) => klEstimate(kind, l, golden.ref_logprobs[r]![t]!)));
      expect(largestDifference(each, golden[kind].each)).toBeLessThan(TOLERANCE);
      expect(Math.abs(maskedMean(each, mask) - golden[kind].masked_mean)).toBeLessThan(TOLERANCE);
    }
    const exact = logits_old.map((row, r) => row.map((p, t) => exactKl(p, logits_ref[r]![t]!)));
    expect(largestDifference(exact, golden.exact_kl.each)).toBeLessThan(TOLERANCE);
  });

  it('whitens over the mask', () => {
    const w = golden.whitening;
    const counted = w.mask.map((row) => row.map(Number));
    expect(Math.abs(maskedMean(w.values, counted) - w.masked_mean)).toBeLessThan(TOLERANCE);
    expect(Math.abs(maskedVariance(w.values, counted) - w.masked_var_unbiased)).toBeLessThan(TOLERANCE);
    expect(largestDifference(whiten(w.values, counted), w.whitened)).toBeLessThan(TOLERANCE);
    expect(largestDifference(whiten(w.values, counted, true), w.whitened_mean_kept)).toBeLessThan(TOLERANCE);
  });

  it('moves the coefficient as the adaptive controller does', () => {
    const { init, target, horizon, updates } = golden.adaptive_kl_controller;
    let coefficient = init;
    for (const update of updates) {
      coefficient = nextKlCoefficient(coefficient, update.current_kl, update.n_steps, { target, horizon });
      expect(Math.abs(coefficient - update.value_after)).toBeLessThan(TOLERANCE);
    }
  });
});
