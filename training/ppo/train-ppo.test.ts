import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { selectBackend } from '../backend/select-backend.js';
import type { EncodedPrompt, PpoSettings, WeightSource } from '../interfaces.js';
import type { Model } from '../model/model.js';
import { exportParameters, loadParameters } from '../model/parameters.js';
import { KeepingSink, numbersOf, tinyConfig, tinyExamples, tinyModel, tinyPpo } from '../testing/tiny-model.js';
import { responseKl, rolloutAdvantages } from './advantages.js';
import { collectRollout, type RolloutModels } from './rollout.js';
import { trainPpo } from './train-ppo.js';
import { policyGradients } from './policy-gradients.js';

const SAID = 9;

const prompts: EncodedPrompt[] = tinyExamples(12, 21).map(({ ids, rowId }, i) => ({
  rowId,
  promptId: `p${i}`,
  ids: ids.slice(0, 2 + (i % 3)),
  reference: null,
}));

/** A model that scores a conversation by how its last token was set: `score.weight` reads one hidden unit. */
function models(reward: Model = tinyModel('reward')): RolloutModels & { reward: Model } {
  const policy = tinyModel('value');
  return { policy, reference: tinyModel(), reward, normalisation: { mean: 0, sd: 1 } };
}

function rollout(m: RolloutModels, settings: PpoSettings = tinyPpo) {
  return collectRollout(m, prompts.slice(0, 8), settings, createRandom(2));
}

async function train(change: Partial<PpoSettings>, m = models(), sink = new KeepingSink()) {
  const settings = { ...tinyPpo, ...change };
  const outcome = await trainPpo({ ...m, prompts, sftExamples: tinyExamples(6), settings, sink });
  return { outcome, sink, policy: m.policy };
}

function changed(before: WeightSource, after: WeightSource): string[] {
  return before.names().filter((name) => before.get(name).data.some((x, i) => x !== after.get(name).data[i]));
}

describe('PPO on wasm', () => {
  beforeAll(async () => {
    await selectBackend('wasm');
  });

  it('starts with no KL, values of 0 and log-probabilities of the sampled tokens', async () => {
    const r = await rollout(models());
    expect(responseKl(r)).toBe(0);
    expect(r.values.flat().every((v) => v === 0)).toBe(true);
    expect(r.logProbs.map((row) => row.length)).toEqual(r.lengths);
    expect(r.logProbs.flat().every((l) => l < 0)).toBe(true);
    expect(r.rows.every((row, i) => row.ids.length === prompts[i]!.ids.length + r.lengths[i]!)).toBe(true);
  });

  it('has a first ratio of 1 at any temperature', async () => {
    for (const temperature of [0.7, 1]) {
      const m = models();
      const settings = { ...tinyPpo, temperature };
      const r = await rollout(m, settings);
      const fixed = rolloutAdvantages(r, 0.1, settings);
      const rows = r.rows.map((_, i) => i);
      const update = { policy: m.policy, rollout: r, fixed, settings, ptxRows: () => [] };
      const { figures, gradients } = policyGradients(update, rows);
      expect(Math.abs(figures.ratioMean - 1)).toBeLessThan(1e-4);
      expect(figures.ratioVariance).toBeLessThan(1e-8);
      expect(figures.clipFraction).toBe(0);
      tf.dispose(gradients);
    }
  });

  it('with no advantage changes nothing but the values', async () => {
    const m = models();
    const r = await rollout(m);
    const zero = r.lengths.map((length) => new Array<number>(length).fill(0));
    const fixed = { advantages: zero, returns: r.lengths.map((length) => new Array<number>(length).fill(1)) };
    const rows = r.rows.map((_, i) => i);
    const update = { policy: m.policy, rollout: r, fixed, settings: tinyPpo, ptxRows: () => [] };
    const { figures, gradients } = policyGradients(update, rows);
    expect(figures.policyLoss).toBeCloseTo(0, 12);
    // The value head starts at 0, so the trunk feels nothing of it either in the first step.
    const moving = Object.keys(gradients).filter((name) => gradients[name]!.dataSync().some((g) => g !== 0));
    expect(moving).toEqual(['v_head.weight', 'v_head.bias']);
    tf.dispose(gradients);
  });

  it('keeps the policy as it is while it is frozen, and lets the values learn', async () => {
    const m = models();
    const before = exportParameters(m.policy.parameters);
    await train({ iterations: 2, freezePolicyIterations: 2 }, m);
    expect(changed(before, exportParameters(m.policy.parameters))).toEqual(['v_head.weight', 'v_head.bias']);
  });

  it('never touches reference and reward model', async () => {
    const m = models();
    const [reference, reward] = [m.reference, m.reward].map((model) => exportParameters(model.parameters));
    await train({ iterations: 2 }, m);
    expect(changed(reference!, exportParameters(m.reference.parameters))).toEqual([]);
    expect(changed(reward!, exportParameters(m.reward.parameters))).toEqual([]);
  });

  const eager = { klCoefficient: 0, learningRate: 1e-2, responseLength: 3, batchSize: 12 };

  it('learns to say the one token that is rewarded', async () => {
    const m = models(rewardFor(SAID));
    const { outcome, sink } = await train({ ...eager, iterations: 60 }, m);
    expect(outcome.figures['ppo/score_gain_sd']).toBeGreaterThan(1);
    const last = await rollout(m);
    const ending = last.rows.filter((row) => row.ids.at(-1) === SAID || row.ids.at(-2) === SAID);
    expect(ending.length).toBeGreaterThanOrEqual(6);
    expect(sink.metrics.get('ppo/kl')!.at(-1)).toBeGreaterThan(1);
  });

  it('stays near the reference under a large penalty', async () => {
    const free = await train({ iterations: 20, learningRate: 1e-2, klCoefficient: 0 }, models(rewardFor(SAID)));
    const held = await train({ iterations: 20, learningRate: 1e-2, klCoefficient: 5 }, models(rewardFor(SAID)));
    expect(held.outcome.figures['ppo/kl_last']).toBeLessThan(0.25 * free.outcome.figures['ppo/kl_last']!);
  });

  it('moves its penalty only with a target', async () => {
    const fixed = await train({ iterations: 3 });
    expect(new Set(fixed.sink.metrics.get('ppo/kl_coefficient')).size).toBe(1);
    const adaptive = await train({ iterations: 3, klTarget: 6, klHorizon: 100 });
    expect(adaptive.sink.metrics.get('ppo/kl_coefficient')!.at(-1)).toBeLessThan(0.05);
  });

  it('takes the entropy and SFT losses in when asked to', async () => {
    const { outcome, sink } = await train({ iterations: 2, entropyCoefficient: 0.01, ptxCoefficient: 0.5 });
    expect(outcome.state).toBe('succeeded');
    expect(sink.last().position['ptx']).toMatchObject({ epoch: expect.any(Number) as number });
  });

  it('stopped and resumed gives the uninterrupted run to the bit', async () => {
    const whole = await train({});
    const first = await train({}, models(), new KeepingSink(2));
    expect(first.outcome.state).toBe('stopped');
    const state = first.sink.last();
    const policy = { config: tinyConfig, parameters: loadParameters(tinyConfig, state.weights, 'value') };
    const sink = new KeepingSink();
    const position = JSON.parse(JSON.stringify(state.position)) as Record<string, unknown>;
    const inputs = { ...models(), policy, prompts, sftExamples: [], settings: tinyPpo, sink };
    const outcome = await trainPpo({ ...inputs, resume: { ...state, position } });
    expect(numbersOf(sink.last())).toEqual(numbersOf(whole.sink.last()));
    expect(outcome.figures).toEqual(whole.outcome.figures);
  });

  it('refuses a padding token that is the end token', async () => {
    const m = models();
    const policy = { ...m.policy, config: { ...tinyConfig, padTokenId: tinyConfig.eosTokenId } };
    await expect(train({}, { ...m, policy })).rejects.toThrow(/padding token/);
  });

  it('leaves no tensor behind', async () => {
    const m = models();
    const before = tf.memory().numTensors;
    await train({ iterations: 2 }, m);
    expect(tf.memory().numTensors).toBe(before);
  });
});

/** A reward model without layers' say: the score is how much the last token's embedding points to the wanted one's. */
function rewardFor(token: number): Model {
  const model = tinyModel('reward');
  for (const [name, variable] of model.parameters) {
    if (!name.endsWith('o_proj.weight') && !name.endsWith('down_proj.weight')) continue;
    variable.assign(tf.zerosLike(variable));
  }
  const embeddings = model.parameters.get('model.embed_tokens.weight')!;
  const row = tf.tidy(() => {
    const wanted = tf.slice(embeddings, [token, 0], [1, tinyConfig.hiddenSize]);
    return tf.div(wanted, tf.norm(wanted));
  });
  model.parameters.get('score.weight')!.assign(row as never);
  return model;
}
