import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { presetConfig, type RunConfig } from '@qingnang/contracts';
import { createRandom } from '@qingnang/kernel';
import { selectBackend } from '../backend/select-backend.js';
import { hiddenStates, vocabularyLogits } from '../model/forward.js';
import { gradientsOf } from '../model/gradients.js';
import { scoreSequences } from '../model/last-token-score.js';
import { learntBatch, learntLogProbs } from '../model/learnt-tokens.js';
import { exportParameters, loadParameters } from '../model/parameters.js';
import { isValueName } from '../model/value-names.js';
import { gatherRows } from '../ops/gather-rows.js';
import { tokenEntropy } from '../ops/token-entropy.js';
import { largestDifference } from '../testing/golden.js';
import { KeepingSink, PAD, tinyConfig, tinyExamples, tinyModel, tinyPpo } from '../testing/tiny-model.js';
import {
  everyRow,
  gradientNumbers,
  tinyLossInputs,
  tinyPpoModels,
  tinySeparateModels,
  trainTinyPpo,
} from '../testing/tiny-ppo.js';
import { responseKl } from './advantages.js';
import { learntParameters, policyGradients, type LossInputs } from './policy-gradients.js';
import { PpoOptimisers } from './ppo-optimisers.js';
import type { RolloutModels } from './rollout.js';
import { updatePolicy, type UpdateFigures } from './update-policy.js';

/** Sources as in `checklist-rollout.test.ts`. */
describe('PPO checklist: models, schedules of a run, what is logged, sanity', () => {
  const preset = (name: 'demo-cpu' | 'ppo-medical') =>
    (presetConfig(name, 'ppo') as Extract<RunConfig, { method: 'ppo' }>).ppo;
  beforeAll(async () => {
    await selectBackend('wasm');
  });

  it('23. values come from a head of zeros on the policy [L], or a network that starts as the reward model [S, O]', async () => {
    expect([preset('demo-cpu').value_model, preset('ppo-medical').value_model]).toEqual(['shared', 'separate']);
    const shared = await tinyLossInputs(tinyPpoModels());
    expect(shared.rollout.values.flat().every((v) => v === 0)).toBe(true);
    const models = tinySeparateModels();
    const { rollout } = await tinyLossInputs(models);
    const { mean, sd } = models.normalisation;
    // Before each token: the reward model's normalised score of what was there so far.
    const prefixes = rollout.rows.flatMap(({ ids }, r) =>
      rollout.values[r]!.map((_, t) => ids.slice(0, ids.length - rollout.lengths[r]! + t)),
    );
    const wanted = scoreSequences(models.reward, prefixes).map((raw) => (raw - mean) / sd);
    expect(largestDifference(rollout.values.flat(), wanted)).toBeLessThan(1e-5);

    const sink = new KeepingSink();
    const before = exportParameters(models.reward.parameters);
    await trainTinyPpo({ iterations: 2, valueModel: 'separate' }, models, sink);
    const { weights } = sink.last();
    expect(weights.names().some((name) => name.startsWith('v_head'))).toBe(false);
    const moved = weights.get('value_model.score.weight').data;
    expect(largestDifference(moved, before.get('score.weight').data)).toBeGreaterThan(1e-4);
    expect(models.reward.parameters.get('score.weight')!.dataSync()).toEqual(before.get('score.weight').data);
  });

  it('24. a reward head starts from N(0, 1/(d + 1)) without bias, on the SFT model [L, S]', () => {
    const sft = exportParameters(tinyModel().parameters);
    const heads = Array.from({ length: 60 }, (_, seed) => {
      const parameters = loadParameters(tinyConfig, sft, 'reward', createRandom(seed));
      const head = (parameters.get('score.weight')!.dataSync() as Float32Array).slice();
      expect(parameters.has('score.bias')).toBe(false);
      expect(parameters.get('model.norm.weight')!.dataSync()).toEqual(sft.get('model.norm.weight').data);
      for (const variable of parameters.values()) variable.dispose();
      return [...head];
    }).flat();
    const variance = heads.reduce((sum, x) => sum + x * x, 0) / heads.length;
    expect(Math.abs(variance * (tinyConfig.hiddenSize + 1) - 1)).toBeLessThan(0.2);
  });

  it('25. the policy may stay frozen for the first iterations while the values learn [O]', async () => {
    for (const models of [tinyPpoModels(), tinySeparateModels()]) {
      const before = exportParameters(models.policy.parameters);
      const valueModel = models.value ? 'separate' : 'shared';
      const { sink } = await trainTinyPpo({ iterations: 2, freezePolicyIterations: 2, valueModel }, models);
      const { weights } = sink.last();
      const moved = weights
        .names()
        .filter(
          (name) =>
            !before.names().includes(name) || largestDifference(weights.get(name).data, before.get(name).data) > 0,
        );
      expect(moved.length).toBeGreaterThan(0);
      expect(moved.every((name) => /^(v_head|value_model)\./.test(name))).toBe(true);
    }
  });

  it('25. the first update of a policy that was frozen is as long as any first update of Adam: the rate', () => {
    const rate = 1e-3;
    const settings = { ...tinyPpo, learningRate: rate, schedule: 'constant' as const, freezePolicyIterations: 1 };
    const learnt = new Map(['model.norm.weight', 'v_head.bias'].map((name) => [name, tf.variable(tf.zeros([1]))]));
    const optimisers = new PpoOptimisers(learnt, settings);
    const update = (...names: string[]) => {
      const gradients = Object.fromEntries(names.map((name) => [name, tf.tensor1d([0.5])]));
      optimisers.update(gradients, { loss: 0, rows: [] });
    };
    for (let i = 0; i < 20; i++) update('v_head.bias');
    update(...learnt.keys());
    expect(learnt.get('model.norm.weight')!.dataSync()[0]! / -rate).toBeCloseTo(1, 3);
    optimisers.dispose();
    tf.dispose([...learnt.values()]);
  });

  it("25. a frozen policy's schedule begins when it thaws and ends with the run, the values' spans all iterations", async () => {
    const schedule = { schedule: 'linear', warmupRatio: 0.5, epochs: 1, miniBatches: 1, iterations: 6 } as const;
    const rates = async (freezePolicyIterations: number): Promise<number[]> => {
      const { sink } = await trainTinyPpo({ ...schedule, freezePolicyIterations, learningRate: 1e-3 });
      return sink.metrics.get('train/learning_rate')!.map((rate) => rate * 1e3);
    };
    const expectRates = (found: number[], wanted: number[]): void =>
      wanted.forEach((rate, i) => expect(found[i], `iteration ${i + 1}`).toBeCloseTo(rate, 6));
    expectRates(await rates(0), [0, 1 / 3, 2 / 3, 1, 2 / 3, 1 / 3]);
    expectRates(await rates(2), [0, 0, 0, 1 / 2, 1, 1 / 2]);
  });

  it('25. while the policy is frozen nothing is worked out for it, and the values get the same gradient', async () => {
    for (const models of [tinyPpoModels(), tinySeparateModels()]) {
      const inputs = await tinyLossInputs(models, { ptxCoefficient: 0.1, entropyCoefficient: 0.01 });
      const all = gradientNumbers(policyGradients(inputs, everyRow(inputs)).gradients);
      const frozen = gradientNumbers(policyGradients({ ...inputs, frozen: true }, everyRow(inputs)).gradients);
      expect(Object.keys(frozen)).toEqual(Object.keys(all).filter(isValueName));
      for (const [name, gradient] of Object.entries(frozen)) expect(gradient, name).toEqual(all[name]);
    }
  });

  it('26. PTX adds its coefficient times the gradient of the SFT loss [O: 0.05]', async () => {
    const plain = await tinyLossInputs();
    const without = gradientNumbers(policyGradients(plain, everyRow(plain)).gradients);
    const mixed = { ...plain, settings: { ...plain.settings, ptxCoefficient: 0.05 } };
    const withPtx = gradientNumbers(policyGradients(mixed, everyRow(plain)).gradients);
    const { policy } = plain;
    const sft = gradientNumbers(
      gradientsOf(
        policy.parameters,
        () => tf.neg(tf.mean(learntLogProbs(policy, learntBatch(tinyExamples(5, 8), PAD)))) as tf.Scalar,
      ).gradients,
    );
    for (const [name, gradient] of Object.entries(sft)) {
      const added = withPtx[name]!.map((g, i) => g - without[name]![i]!);
      expect(
        largestDifference(
          added,
          gradient.map((g) => 0.05 * g),
        ),
        name,
      ).toBeLessThan(1e-6);
    }
  });

  it('27. an entropy bonus is off by default; entropy is logged always [P]', async () => {
    expect([preset('demo-cpu').entropy_coefficient, preset('ppo-medical').entropy_coefficient]).toEqual([0, 0]);
    const plain = await tinyLossInputs();
    const { policy, rollout } = plain;
    const without = gradientNumbers(policyGradients(plain, everyRow(plain)).gradients);
    const settings = { ...plain.settings, entropyCoefficient: 0.1 };
    const withBonus = gradientNumbers(policyGradients({ ...plain, settings }, everyRow(plain)).gradients);
    const learnt = learntBatch(rollout.rows, PAD);
    const entropy = gradientsOf(policy.parameters, () => {
      const hidden = gatherRows(hiddenStates(policy, learnt.batch), learnt.places);
      return tf.mean(tokenEntropy(vocabularyLogits(policy, hidden)));
    });
    expect(entropy.loss).toBeCloseTo(rollout.entropy, 5);
    for (const [name, gradient] of Object.entries(gradientNumbers(entropy.gradients))) {
      const added = withBonus[name]!.map((g, i) => g - without[name]![i]!);
      expect(
        largestDifference(
          added,
          gradient.map((g) => -0.1 * g),
        ),
        name,
      ).toBeLessThan(1e-6);
    }
  });

  it('28. the passes end past 1.5 × the target KL; a mean ratio above 10 skips a mini-batch, counted [old T]', async () => {
    const inputs = await tinyLossInputs();
    // As if the policy had moved by so much since: ½·0.5² = 0.125 nats, ratio e^0.5; and ratio e³ = 20.
    const near = await updateAfter(inputs, 0.5, { earlyStopKl: 0.1 });
    expect(near.figures).toMatchObject({ stoppedEarly: 0, skipped: 0, updates: 4 });
    const far = await updateAfter(inputs, 0.5, { earlyStopKl: 0.08 });
    expect(far.figures).toMatchObject({ stoppedEarly: 1, updates: 0 });
    expect(far.moved).toBe(0);
    const wild = await updateAfter(inputs, 3, {});
    expect(wild.figures).toMatchObject({ stoppedEarly: 0, skipped: 4, updates: 0 });
    expect(wild.moved).toBe(0);
  });

  it('29. every iteration logs all that tells how it goes [L, T]', async () => {
    const { sink } = await trainTinyPpo({ iterations: 1 });
    const wanted = [
      ...['score', 'settled_score', 'kl', 'kl_coefficient', 'entropy', 'response_length', 'ended_by_itself'],
      ...['approx_kl', 'approx_kl_k3', 'clip_fraction', 'value_clip_fraction', 'policy_loss', 'value_loss'],
      ...['explained_variance', 'ratio_mean', 'ratio_variance', 'updates', 'skipped_batches', 'stopped_early'],
    ].map((key) => `ppo/${key}`);
    const others = ['train/gradient_norm', 'train/learning_rate'];
    const speeds = ['tokens_per_second', 'rollout/tokens_per_second', 'update/tokens_per_second'];
    for (const key of [...wanted, ...others, ...speeds]) {
      expect(sink.metrics.get(key), key).toHaveLength(1);
      expect(Number.isFinite(sink.metrics.get(key)![0]), key).toBe(true);
    }
    for (const key of speeds) expect(sink.metrics.get(key)![0]).toBeGreaterThan(0);
    expect(sink.metrics.get('ppo/approx_kl')![0]).toBeGreaterThan(0);
  });

  it('30. at step 0 KL is 0; a reward that counts a token is learnt within 60 steps; a large β holds the policy', async () => {
    const start = await tinyLossInputs();
    expect(responseKl(start.rollout)).toBe(0);
    const eager = {
      klCoefficient: 0,
      learningRate: 1e-2,
      responseLength: 4,
      iterations: 60,
      epochs: 1,
      miniBatches: 1,
    };
    const free = await trainTinyPpo(eager, counting());
    const counts = free.sink.metrics.get('ppo/score')!;
    expect(mean(counts.slice(0, 5))).toBeLessThan(1);
    expect(mean(counts.slice(-5))).toBeGreaterThan(3);
    const held = await trainTinyPpo({ ...eager, iterations: 20, klCoefficient: 5 }, counting());
    const kl = free.sink.metrics.get('ppo/kl')!;
    expect(held.outcome.figures['ppo/kl_last']).toBeLessThan(0.25 * mean(kl.slice(10, 20)));
  });
});

const SAID = 9;

/** No reward model, but a judge that counts how often a response says one token. */
function counting(): RolloutModels {
  return {
    ...tinyPpoModels(),
    reward: null,
    judge: {
      score: (responses) =>
        Promise.resolve(responses.map(({ responseIds }) => responseIds.filter((id) => id === SAID).length)),
      normalisation: { mean: 0, sd: 1 },
      weight: 1,
      rewardWeight: 0,
    },
  };
}

/** All passes over a rollout whose policy had every log-probability lower by `shift`; how far any weight went. */
async function updateAfter(
  inputs: LossInputs,
  shift: number,
  change: Partial<LossInputs['settings']>,
): Promise<{ figures: UpdateFigures; moved: number }> {
  const policy = tinyModel('value');
  const before = exportParameters(policy.parameters);
  const settings = { ...inputs.settings, clipRange: 1e9, learningRate: 1e-6, ...change };
  const rollout = { ...inputs.rollout, logProbs: inputs.rollout.logProbs.map((row) => row.map((l) => l - shift)) };
  const own = { ...inputs, policy, settings, rollout };
  const optimisers = new PpoOptimisers(learntParameters(own), settings);
  const figures = updatePolicy({ ...own, optimisers }, createRandom(1));
  optimisers.dispose();
  const after = exportParameters(policy.parameters);
  const moved = before.names().map((name) => largestDifference(before.get(name).data, after.get(name).data));
  return { figures, moved: Math.max(...moved) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
