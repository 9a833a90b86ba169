import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { presetConfig, type RunConfig } from '@qingnang/contracts';
import { createRandom } from '@qingnang/kernel';
import { selectBackend } from '../backend/select-backend.js';
import { generate } from '../generate/generate.js';
import { settledScore } from '../maths/token-rewards.js';
import { learntBatch, learntLogProbs } from '../model/learnt-tokens.js';
import { hiddenStates, vocabularyLogits } from '../model/forward.js';
import { scoreSequences } from '../model/last-token-score.js';
import type { Model } from '../model/model.js';
import { loadParameters } from '../model/parameters.js';
import { padRows } from '../model/token-batch.js';
import { gatherRows } from '../ops/gather-rows.js';
import { trainReward } from '../reward/train-reward.js';
import { goldenConfig, goldenJson, goldenTensors, largestDifference } from '../testing/golden.js';
import { goldenPpo, trlStep } from '../testing/golden-ppo.js';
import {
  END,
  KeepingSink,
  PAD,
  tinyConfig,
  tinyExamples,
  tinyModel,
  tinyOptimiser,
  tinyPpo,
} from '../testing/tiny-model.js';
import { everyRow, tinyLossInputs, tinyPpoModels, tinyPrompts, trainTinyPpo } from '../testing/tiny-ppo.js';
import { policyGradients } from './policy-gradients.js';
import { collectRollout } from './rollout.js';

/**
 * The details of PPO for language models that decide whether it works, one test each; numbers as in the project's notes.
 * L: lm-human-preferences and "The N implementation details of RLHF with PPO"; S: "The N+ implementation details of RLHF
 * with PPO"; T: TRL's PPO trainer; O: OpenRLHF; P: "The 37 implementation details of PPO".
 */
describe('PPO checklist: rollout and scores', () => {
  beforeAll(async () => {
    await selectBackend('wasm');
  });

  it('1. prompts are left-padded and responses follow; padding never shifts positions [L, T]', () => {
    const config = goldenConfig('llama-gqa/config.json');
    const weights = goldenTensors('llama-gqa/model.safetensors');
    const model: Model = { config, parameters: loadParameters(config, weights, 'none') };
    const { generate: golden } = goldenJson<{
      generate: { input_ids: number[][]; attention_mask: number[][]; new_tokens: number[][]; max_new_tokens: number };
    }>('llama-gqa/golden.json');
    const prompts = golden.input_ids.map((row, r) => row.filter((_, t) => golden.attention_mask[r]![t]));
    const padded = lastLogits(model, prompts);
    const wanted = goldenTensors('llama-gqa/golden.safetensors').get('first_step_logits').data;
    expect(largestDifference(padded, wanted)).toBeLessThan(1e-4);
    const alone = prompts.flatMap((prompt) => [...lastLogits(model, [prompt])]);
    expect(largestDifference(padded, alone)).toBeLessThan(1e-5);
    const settings = { maxNewTokens: golden.max_new_tokens, temperature: 0, stopTokenIds: [] };
    const said = generate(model, prompts, settings, createRandom(1)).map(({ ids }) => [...ids]);
    expect(said).toEqual(golden.new_tokens);
    for (const variable of model.parameters.values()) variable.dispose();
  });

  it('2. a padding token that is the end token is refused, else ending is never learnt [S]', async () => {
    const models = tinyPpoModels();
    const policy = { ...models.policy, config: { ...tinyConfig, padTokenId: tinyConfig.eosTokenId } };
    await expect(trainTinyPpo({ iterations: 1 }, { ...models, policy })).rejects.toThrow(/padding token is the end/);
  });

  it('3. one temperature divides the logits of rollout, reference and update [L, T: 0.7]', async () => {
    const models = tinyPpoModels();
    const inputs = await tinyLossInputs(models, { temperature: 0.7 });
    const { rollout } = inputs;
    for (const [model, seen] of [
      [models.policy, rollout.logProbs],
      [models.reference, rollout.referenceLogProbs],
    ] as const) {
      const own = learntLogProbs(model, learntBatch(rollout.rows, PAD), { temperature: 0.7 });
      expect(largestDifference(own.dataSync(), seen.flat())).toBe(0);
    }
    const { figures, gradients } = policyGradients(inputs, everyRow(inputs));
    tf.dispose(gradients);
    expect(Math.abs(figures.ratioMean - 1)).toBeLessThan(1e-4);
    // At another temperature the same tokens have other log-probabilities: the ratio would not be 1.
    const other = policyGradients({ ...inputs, settings: { ...inputs.settings, temperature: 1 } }, everyRow(inputs));
    tf.dispose(other.gradients);
    expect(other.figures.ratioVariance).toBeGreaterThan(1e-6);
  });

  it('4. sampling is from the whole distribution, no top-k and no top-p [L, T]', async () => {
    const DRAWS = 1000;
    // Every token is drawn at least once, also the least likely, about as often as the policy says.
    const models = tinyPpoModels();
    const settings = { ...tinyPpo, responseLength: 1 };
    const prompts = new Array<(typeof tinyPrompts)[0]>(DRAWS).fill(tinyPrompts[0]!);
    const { rows } = await collectRollout(models, prompts, settings, createRandom(4));
    const counts = new Array<number>(tinyConfig.vocabSize).fill(0);
    for (const { ids } of rows) counts[ids.at(-1)!]! += 1;
    const logits = lastLogits(models.policy, [tinyPrompts[0]!.ids]);
    const weights = [...logits].map(Math.exp);
    const total = weights.reduce((a, b) => a + b, 0);
    const chances = weights.map((w) => w / total);
    expect(counts.every((n) => n > 0)).toBe(true);
    chances.forEach((p, id) => expect(Math.abs(counts[id]! / DRAWS - p)).toBeLessThan(5 * Math.sqrt(p / DRAWS)));
  });

  it('5. there is no dropout in policy and reference: the first ratio is 1 [L, S: |ratio − 1| < 1e-4]', async () => {
    const inputs = await tinyLossInputs();
    const { figures, gradients } = policyGradients(inputs, everyRow(inputs));
    tf.dispose(gradients);
    expect(Math.abs(figures.ratioMean - 1)).toBeLessThan(1e-4);
    expect(figures).toMatchObject({ ratioVariance: 0, clipFraction: 0, approxKl: 0 });
  });

  it('6. a response ends with its first stop token; nothing behind it has a log-probability or a value [S, T]', async () => {
    const { rollout } = await tinyLossInputs(tinyPpoModels(), { responseLength: 30 });
    expect(rollout.endedByItself).toContain(true);
    rollout.rows.forEach(({ ids }, r) => {
      const response = [...ids.subarray(ids.length - rollout.lengths[r]!)];
      const end = response.indexOf(END);
      expect(end).toBe(rollout.endedByItself[r] ? response.length - 1 : -1);
      // Where TRL marks places with the log-probability 1.0, there are no places.
      for (const rows of [rollout.logProbs, rollout.referenceLogProbs, rollout.values]) {
        expect(rows[r]).toHaveLength(response.length);
      }
      expect(rollout.logProbs[r]!.every((l) => l < 0)).toBe(true);
    });
  });

  it("7. TRL's value mask reaches one token further; from our functions that gives TRL's numbers [T]", () => {
    const golden = goldenPpo();
    for (const c of golden.trl_cases) {
      const step = trlStep(golden, c);
      expect(largestDifference(step.returns, c.returns)).toBeLessThan(1e-6);
      expect(Math.abs(step.value.loss - c.value_loss)).toBeLessThan(1e-6);
    }
  });

  it('8. the score is read at the last real token, not in the last column [S, T]', () => {
    const config = goldenConfig('reward/config.json');
    const model = { config, parameters: loadParameters(config, goldenTensors('reward/model.safetensors'), 'reward') };
    const golden = goldenJson<{ input_ids: number[][]; attention_mask: number[][]; scores: number[] }>(
      'reward/golden.json',
    );
    const rows = golden.input_ids.map((row, r) => row.filter((_, t) => golden.attention_mask[r]![t]));
    expect(largestDifference(scoreSequences(model, rows), golden.scores)).toBeLessThan(1e-4);
    for (const variable of model.parameters.values()) variable.dispose();
  });

  it('9. not ending costs: 1 less by default [T], or a fixed score of −1 in its place [L]', () => {
    const { ppo } = presetConfig('demo-cpu', 'ppo') as Extract<RunConfig, { method: 'ppo' }>;
    expect(ppo.missing_eos_penalty).toBe(1);
    const trl = { scoreScale: 1, scoreClip: null, missingEosPenalty: 1, missingEosScore: null };
    expect([settledScore(2, true, trl), settledScore(2, false, trl)]).toEqual([2, 1]);
    const fixed = { ...trl, missingEosScore: -1 };
    expect([settledScore(2, true, fixed), settledScore(2, false, fixed)]).toEqual([2, -1]);
  });

  it('10. scores of reference replies have mean 0 and deviation 1, kept in the reward checkpoint [L, S]', async () => {
    const model = tinyModel('reward');
    const sink = new KeepingSink();
    const sftExamples = tinyExamples(12);
    const settings = { ...rewardSettings, steps: 1 };
    await trainReward({ model, pairs: onePair(), heldOut: [], sftExamples, settings, sink });
    const normalisation = sink.last().scoreNormalisation!;
    const raw = scoreSequences(
      model,
      sftExamples.map(({ ids }) => ids),
    );
    const scores = raw.map((x) => (x - normalisation.mean) / normalisation.sd);
    expect(scores.reduce((a, b) => a + b, 0) / 12).toBeCloseTo(0, 5);
    expect(scores.reduce((a, b) => a + b * b, 0) / 11).toBeCloseTo(1, 5);
    // PPO scores by the same scale.
    const rollout = await collectRollout(
      { ...tinyPpoModels(model), normalisation },
      tinyPrompts.slice(0, 4),
      tinyPpo,
      createRandom(1),
    );
    const own = scoreSequences(
      model,
      rollout.rows.map(({ ids }) => ids),
    );
    const wanted = own.map((x) => (x - normalisation.mean) / normalisation.sd);
    expect(largestDifference(rollout.scores, wanted)).toBe(0);
  });

  it('11. scores are scaled, then cut to ±10 [O]; [L] cuts none', () => {
    const cut = { scoreScale: 2, scoreClip: 10, missingEosPenalty: 0, missingEosScore: null };
    expect([3, 7, -90].map((s) => settledScore(s, true, cut))).toEqual([6, 10, -10]);
    expect(settledScore(90, true, { ...cut, scoreClip: null })).toBe(180);
  });
});

/** Logits of the token after each prompt, padded on the left. */
function lastLogits(model: Model, prompts: readonly ArrayLike<number>[]): Float32Array {
  const batch = padRows(prompts, model.config.padTokenId, 'left');
  const last = Int32Array.from(prompts, (_, row) => (row + 1) * batch.width - 1);
  const logits = tf.tidy(() => vocabularyLogits(model, gatherRows(hiddenStates(model, batch), last)));
  const numbers = logits.dataSync() as Float32Array;
  logits.dispose();
  return numbers;
}

const rewardSettings = {
  ...tinyOptimiser,
  seed: 1,
  steps: 1,
  batchSize: 1,
  sequenceLength: 16,
  marginScale: 0,
  centring: 0,
  accumulation: 1,
  weighBy: 'pair' as const,
  dropout: 0,
  evaluateEvery: 10,
  checkpointEvery: 10,
};

function onePair() {
  const [chosen, rejected] = tinyExamples(2, 3);
  return [
    {
      rowId: 'r',
      promptId: 'p',
      chosen: chosen!,
      rejected: rejected!,
      promptLength: 2,
      margin: null,
      weight: 1,
      rankGroup: 'p',
      chosenCharacters: 1,
      rejectedCharacters: 1,
    },
  ];
}
