import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { presetConfig, type RunConfig } from '@qingnang/contracts';
import { createRandom } from '@qingnang/kernel';
import { selectBackend } from '../backend/select-backend.js';
import { adamwUpdate } from '../maths/adamw.js';
import { generalisedAdvantages } from '../maths/gae.js';
import { klEstimate, nextKlCoefficient } from '../maths/kl.js';
import { maskedMean, maskedVariance, whiten } from '../maths/masked.js';
import { policyLoss, valueLoss } from '../maths/ppo-losses.js';
import { scheduleFactor } from '../maths/schedule.js';
import { AdamWOptimiser } from '../model/adamw-optimiser.js';
import { goldenJson, largestDifference } from '../testing/golden.js';
import { goldenPpo, lastTokenStep, trlStep } from '../testing/golden-ppo.js';
import { tinyOptimiser, tinyPpo } from '../testing/tiny-model.js';
import { everyRow, gradientNumbers, tinyLossInputs, tinyPpoModels, tinySeparateModels } from '../testing/tiny-ppo.js';
import { learntParameters, policyGradients } from './policy-gradients.js';
import { PpoOptimisers } from './ppo-optimisers.js';
import { updatePolicy } from './update-policy.js';

/** Sources as in `checklist-rollout.test.ts`. */
describe('PPO checklist: rewards, advantages, losses, updates', () => {
  const golden = goldenPpo();
  const presets = (['demo-cpu', 'ppo-medical'] as const).map(
    (name) => presetConfig(name, 'ppo') as Extract<RunConfig, { method: 'ppo' }>,
  );
  beforeAll(async () => {
    await selectBackend('wasm');
  });

  it('12. the reward of a token is −β·kl by k1, k2 or k3, and the score on the last one [L, T, O]', () => {
    for (const c of golden.last_token_cases) {
      expect(largestDifference(lastTokenStep(golden, c).rewards, c.rewards)).toBeLessThan(1e-10);
    }
    for (const c of golden.trl_cases) {
      expect(largestDifference(trlStep(golden, c).rewards, c.rewards)).toBeLessThan(1e-6);
    }
    const kl = goldenJson<
      Record<'logprobs' | 'ref_logprobs', number[][]> & Record<'k1' | 'k2' | 'k3', { each: number[][] }>
    >('losses/kl.json');
    for (const kind of ['k1', 'k2', 'k3'] as const) {
      const each = kl.logprobs.map((row, r) => row.map((l, t) => klEstimate(kind, l, kl.ref_logprobs[r]![t]!)));
      expect(largestDifference(each, kl[kind].each)).toBeLessThan(1e-10);
    }
  });

  it('13. β is fixed, or moves by at most 0.2·n/horizon towards the target KL [L: 6, 10,000, 0.15]', () => {
    const { adaptive_kl_controller: c } = goldenJson<{
      adaptive_kl_controller: {
        init: number;
        target: number;
        horizon: number;
        updates: { current_kl: number; n_steps: number; value_after: number }[];
      };
    }>('losses/kl.json');
    let beta = c.init;
    for (const { current_kl: kl, n_steps: n, value_after: after } of c.updates) {
      beta = nextKlCoefficient(beta, kl, n, c);
      expect(Math.abs(beta - after)).toBeLessThan(1e-10);
    }
    const lm = { target: 6, horizon: 10_000 };
    expect(nextKlCoefficient(0.15, 600, 512, lm)).toBeCloseTo(0.15 * (1 + (0.2 * 512) / 10_000), 12);
    expect(nextKlCoefficient(0.15, 0, 512, lm)).toBeCloseTo(0.15 * (1 - (0.2 * 512) / 10_000), 12);
    expect(nextKlCoefficient(0.15, 6, 512, lm)).toBe(0.15);
    expect(presets.map(({ ppo }) => [ppo.kl_target, ppo.kl_coefficient])).toEqual([
      [null, 0.12],
      [null, 0.03],
    ]);
  });

  it('14. rewards may be whitened with their mean kept, by the unbiased variance of the mask [T]; off by default [S]', () => {
    const whitened = golden.trl_cases.filter(({ options }) => options.whiten_rewards);
    expect(whitened.length).toBeGreaterThan(0);
    for (const c of whitened) expect(largestDifference(trlStep(golden, c).rewards, c.rewards)).toBeLessThan(1e-6);
    const rows = [[1, 2, 3], [10]];
    const mask = [[1, 1, 0], [1]];
    const kept = whiten(rows, mask, true);
    expect(maskedMean(kept, mask)).toBeCloseTo(13 / 3, 12);
    expect(maskedVariance(kept, mask)).toBeCloseTo(1, 6);
    expect(presets.every(({ ppo }) => !ppo.whiten_rewards)).toBe(true);
  });

  it('15. GAE runs backwards over the response, with nothing after its end [P, L: γ 1, λ 0.95; O: λ 1]', () => {
    for (const c of golden.last_token_cases) {
      const { beforeWhitening } = lastTokenStep(golden, c);
      expect(largestDifference(beforeWhitening, c.advantages_before_whitening)).toBeLessThan(1e-10);
    }
    expect(presets.map(({ ppo }) => [ppo.gamma, ppo.lambda])).toEqual([
      [1, 1],
      [1, 0.95],
    ]);
    // Only the last token is rewarded, values are 0: the reward falls off by λ towards the start.
    const { advantages } = generalisedAdvantages([0, 0, 1], [0, 0, 0], 3, 1, 0.95);
    expect(largestDifference(advantages, [0.95 ** 2, 0.95, 1])).toBeLessThan(1e-12);
  });

  it('16. returns are taken before advantages are whitened over all tokens of the batch [L, T]', async () => {
    for (const c of golden.last_token_cases) {
      const step = lastTokenStep(golden, c);
      expect(largestDifference(step.returns, c.returns)).toBeLessThan(1e-10);
      expect(largestDifference(step.advantages, c.advantages)).toBeLessThan(1e-10);
    }
    const { rollout, fixed } = await tinyLossInputs();
    const mask = rollout.lengths.map((n) => new Array<number>(n).fill(1));
    expect(maskedMean(fixed.advantages, mask)).toBeCloseTo(0, 10);
    expect(maskedVariance(fixed.advantages, mask)).toBeCloseTo(1, 6);
    expect(maskedVariance(fixed.returns, mask)).not.toBeCloseTo(1, 2);
  });

  it('17. the policy loss is the masked mean of max(−A·r, −A·clip(r, 1 ± 0.2)) [P]', () => {
    for (const c of golden.last_token_cases) {
      expect(Math.abs(lastTokenStep(golden, c).policy.loss - c.policy_loss)).toBeLessThan(1e-10);
    }
    const two = (advantage: number): number => policyLoss([[Math.log(2)]], [[0]], [[advantage]], [[1]], 0.2).loss;
    expect([two(1), two(-1)]).toEqual([-1.2, 2]);
    expect(presets.map(({ ppo }) => ppo.clip_range)).toEqual([0.2, 0.2]);
  });

  it('18. the value loss is ½ the masked mean of the larger of plain and clipped error [P, L: 0.2, weight 0.1]', () => {
    for (const c of golden.last_token_cases) {
      expect(Math.abs(lastTokenStep(golden, c).value.loss - c.value_loss)).toBeLessThan(1e-10);
    }
    // From 0 to 1 with the return 1: the clipped value has got to 0.2 only.
    expect(valueLoss([[1]], [[0]], [[1]], [[1]], 0.2).loss).toBeCloseTo(0.5 * 0.8 ** 2, 12);
    expect(presets.map(({ ppo }) => [ppo.value_clip_range, ppo.value_coefficient])).toEqual([
      [0.2, 0.1],
      [0.2, 0.1],
    ]);
  });

  it('19. what was sampled stays fixed in all passes, each in a new order [P; 4 passes L, T, 1 O]', async () => {
    const inputs = await tinyLossInputs(tinyPpoModels(), { epochs: 4 });
    const before = structuredClone({ rollout: inputs.rollout, fixed: inputs.fixed });
    const optimisers = new PpoOptimisers(learntParameters(inputs), inputs.settings);
    const random = createRandom(3);
    const orders: number[][] = [];
    const shuffle = random.shuffle.bind(random);
    random.shuffle = <T>(values: readonly T[]): T[] => {
      const order = shuffle(values);
      orders.push(order as number[]);
      return order;
    };
    const figures = updatePolicy({ ...inputs, optimisers }, random);
    optimisers.dispose();
    expect({ rollout: inputs.rollout, fixed: inputs.fixed }).toEqual(before);
    expect(figures.updates).toBe(8);
    expect(new Set(orders.map((order) => order.join())).size).toBe(4);
    expect(orders.every((order) => [...order].sort((a, b) => a - b).join() === '0,1,2,3,4,5,6,7')).toBe(true);
  });

  it('19. a pass makes as many updates as there are mini-batches, of rows that differ by one at most', async () => {
    const inputs = await tinyLossInputs(tinyPpoModels(), { epochs: 1, miniBatches: 5 });
    const optimisers = new PpoOptimisers(learntParameters(inputs), inputs.settings);
    const update = vi.spyOn(optimisers, 'update');
    expect(updatePolicy({ ...inputs, optimisers }, createRandom(3)).updates).toBe(5);
    optimisers.dispose();
    const learnt = update.mock.calls.map(([, { rows }]) => rows.map(({ rowId }) => rowId));
    expect(learnt.map((rows) => rows.length)).toEqual([1, 2, 1, 2, 2]);
    expect(learnt.flat().sort()).toEqual(inputs.rollout.rows.map(({ rowId }) => rowId).sort());
  });

  it('19. a run of an earlier version that has more mini-batches than rows learns from one row at a time', async () => {
    const inputs = await tinyLossInputs(tinyPpoModels(), { epochs: 1, miniBatches: 9 });
    const optimisers = new PpoOptimisers(learntParameters(inputs), inputs.settings);
    expect(updatePolicy({ ...inputs, optimisers }, createRandom(3)).updates).toBe(8);
    optimisers.dispose();
  });

  it('20. micro-batches weighed by tokens give the gradient of one big batch, to 1e-6', async () => {
    for (const models of [tinyPpoModels(), tinySeparateModels()]) {
      const inputs = await tinyLossInputs(models, { entropyCoefficient: 0.01, ptxCoefficient: 0.05 });
      expect(new Set(inputs.rollout.lengths).size).toBeGreaterThan(1);
      const big = policyGradients(inputs, everyRow(inputs));
      const wanted = gradientNumbers(big.gradients);
      const small = policyGradients(
        { ...inputs, settings: { ...inputs.settings, microBatchSize: 3 } },
        everyRow(inputs),
      );
      const found = gradientNumbers(small.gradients);
      expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort());
      for (const [name, gradient] of Object.entries(wanted)) {
        expect(largestDifference(found[name], gradient), name).toBeLessThan(1e-6);
      }
      for (const key of ['policyLoss', 'valueLoss', 'ratioMean', 'approxKl'] as const) {
        expect(small.figures[key]).toBeCloseTo(big.figures[key], 6);
      }
    }
  });

  it("21. Adam is PyTorch's: ε stands outside the bias correction [L has it inside; ε 1e-5]", () => {
    const settings = { ...tinyOptimiser, epsilon: 1e-5, weightDecay: 0, warmupRatio: 0, schedule: 'constant' as const };
    const gradient = 1e-4;
    const weight = tf.variable(tf.tensor1d([0]));
    const optimiser = new AdamWOptimiser(new Map([['w', weight]]), settings, 1);
    optimiser.update({ w: tf.tensor1d([gradient]) });
    const [moved] = weight.dataSync();
    const [first, second, plain] = [[0], [0], [0]];
    adamwUpdate(plain, [gradient], first, second, { ...settings, rate: 0.01, step: 1 });
    expect(moved! / -0.01).toBeCloseTo(gradient / (gradient + 1e-5), 4);
    expect(plain[0]! / -0.01).toBeCloseTo(gradient / (gradient + 1e-5), 10);
    // TensorFlow 1's form would have moved a quarter of that.
    const root = Math.sqrt(0.001) * gradient;
    expect(root / (root + 1e-5)).toBeLessThan(0.25);
    optimiser.dispose();
    weight.dispose();
  });

  it('22. the rate falls linearly to 0 [L, T] or by a cosine after warm-up [O]; 5e-7 at 7B, values may have ten times it', () => {
    const total = 100;
    const linear = [0, 50, 100].map((step) => scheduleFactor('linear', step, total, 0));
    expect(linear).toEqual([1, 0.5, 0]);
    expect(scheduleFactor('cosine', 3, total, 3)).toBe(1);
    expect(scheduleFactor('cosine', total, total, 3)).toBeCloseTo(0, 12);
    const [, medical] = presets;
    expect(medical!.optimiser).toMatchObject({ learning_rate: 5e-7, schedule: 'linear', warmup_ratio: 0.05 });
    const settings = { ...tinyPpo, learningRate: 1e-3, valueLearningRate: 1e-2, weightDecay: 0, maxGradientNorm: 1e9 };
    const one = (): tf.Variable => tf.variable(tf.tensor1d([0]));
    const parameters = new Map([
      ['w', one()],
      ['v_head.bias', one()],
    ]);
    const optimisers = new PpoOptimisers(parameters, settings);
    const gradients = { w: tf.tensor1d([1]), 'v_head.bias': tf.tensor1d([1]) };
    optimisers.update(gradients, { loss: 0, rows: [] });
    const moved = [...parameters.values()].map((v) => v.dataSync()[0]!);
    expect(moved[1]! / moved[0]!).toBeCloseTo(10, 4);
    optimisers.dispose();
    tf.dispose([...parameters.values()]);
  });
});
