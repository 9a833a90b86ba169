import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { selectBackend } from '../backend/select-backend.js';
import type { EncodedPair, RewardSettings } from '../interfaces.js';
import { scoreSequences } from '../model/last-token-score.js';
import { loadParameters } from '../model/parameters.js';
import { largestDifference } from '../testing/golden.js';
import {
  END,
  KeepingSink,
  numbersOf,
  tinyConfig,
  tinyExamples,
  tinyModel,
  tinyOptimiser,
} from '../testing/tiny-model.js';
import { RankGroups, rewardBatch } from './reward-batch.js';
import { rewardFigures } from './reward-accuracy.js';
import { trainReward } from './train-reward.js';

const settings: RewardSettings = {
  ...tinyOptimiser,
  seed: 8,
  steps: 30,
  batchSize: 6,
  accumulation: 1,
  sequenceLength: 16,
  marginScale: 0,
  centring: 0.01,
  weighBy: 'pair',
  dropout: 0.1,
  evaluateEvery: 10,
  checkpointEvery: 100,
};

const KIND = 7;

/** Three replies a prompt of one length; the more often a reply says `KIND`, the better. */
function kindPairs(prompts: number, seed: number): EncodedPair[] {
  const random = createRandom(seed);
  const others = (): number => 8 + random.below(16);
  return Array.from({ length: prompts }, (_, p) => {
    const prompt = [others(), others(), 2];
    const replies = [0, 1, 2].map((kind) => {
      const words = random.shuffle([
        ...new Array<number>(kind).fill(KIND),
        ...Array.from({ length: 4 - kind }, others),
      ]);
      const ids = Int32Array.from([...prompt, ...words, END]);
      return { ids, lossMask: new Uint8Array(ids.length).fill(1, prompt.length), rowId: `${p}-${kind}` };
    });
    return [
      [2, 1],
      [2, 0],
      [1, 0],
    ].map(([better, worse]) => ({
      rowId: `${p}-${better}-${worse}`,
      promptId: `p${p}`,
      chosen: replies[better!]!,
      rejected: replies[worse!]!,
      promptLength: prompt.length,
      margin: better! - worse!,
      weight: 1,
      rankGroup: `p${p}`,
      chosenCharacters: 10,
      rejectedCharacters: 10 + (p % 3),
    }));
  }).flat();
}

describe('the reward model', () => {
  beforeAll(async () => {
    await selectBackend('wasm');
  });

  it('scores a reply once however many pairs it stands in', () => {
    const pairs = kindPairs(2, 1);
    const batch = rewardBatch(pairs, { marginScale: 0.5, weighBy: 'pair' });
    expect(batch.sequences).toHaveLength(6);
    expect(batch.pairs.map((p) => [p.chosen, p.rejected])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
      [3, 4],
      [3, 5],
      [4, 5],
    ]);
    expect(batch.pairs.map((p) => p.margin)).toEqual([0.5, 1, 0.5, 0.5, 1, 0.5]);
    expect(Array.from(new RankGroups(pairs), (group) => group.length)).toEqual([3, 3]);
  });

  it('lets a prompt of many pairs weigh as much as one of a single pair, where asked to', () => {
    const pairs = [
      ...kindPairs(1, 1),
      ...kindPairs(1, 2)
        .slice(0, 1)
        .map((p) => ({ ...p, rankGroup: 'other', weight: 2 })),
    ];
    const weights = (weighBy: 'pair' | 'prompt') =>
      rewardBatch(pairs, { marginScale: 0, weighBy }).pairs.map((p) => p.weight);
    expect(weights('pair')).toEqual([1, 1, 1, 2]);
    expect(weights('prompt')).toEqual([1 / 3, 1 / 3, 1 / 3, 2]);
  });

  it('draws pairs of a second snapshot by weight, and goes on in the middle of both', async () => {
    const [own, general] = [kindPairs(6, 1), kindPairs(6, 3).map((p) => ({ ...p, rankGroup: `g${p.rankGroup}` }))];
    const inputs = {
      pairs: [...own, ...general],
      parts: [
        { rows: own.length, weight: 1 },
        { rows: general.length, weight: 0.5 },
      ],
      heldOut: [],
      sftExamples: tinyExamples(3),
      settings: { ...settings, batchSize: 9, steps: 4, dropout: 0 },
    };
    const whole = new KeepingSink();
    await trainReward({ ...inputs, model: tinyModel('reward'), sink: whole });
    // Three groups a step, four steps: eight of ours, four of the others.
    expect(whole.last().position['groups']).toEqual({
      parts: [
        { epoch: 1, at: 2 },
        { epoch: 0, at: 4 },
      ],
    });
    const first = new KeepingSink(2);
    await trainReward({ ...inputs, model: tinyModel('reward'), sink: first });
    const state = first.last();
    const second = new KeepingSink();
    const model = { config: tinyConfig, parameters: loadParameters(tinyConfig, state.weights, 'reward') };
    await trainReward({ ...inputs, model, sink: second, resume: state });
    expect(numbersOf(second.last())).toEqual(numbersOf(whole.last()));
  });

  it.each(['pair', 'prompt'] as const)('adds micro-batches up to one big batch, weighed by %s', async (weighBy) => {
    const pairs = kindPairs(8, 1)
      .filter((_pair, i) => i % 7 !== 2)
      .map((pair, i) => ({ ...pair, weight: 1 + (i % 3) }));
    const run = async (batchSize: number, accumulation: number): Promise<KeepingSink> => {
      const sink = new KeepingSink();
      const once = {
        ...settings,
        weighBy,
        batchSize,
        accumulation,
        steps: 1,
        dropout: 0,
        marginScale: 0.3,
        warmupRatio: 0,
      };
      const model = tinyModel('reward');
      await trainReward({ model, pairs, heldOut: [], sftExamples: [], settings: once, sink });
      return sink;
    };
    // Eight prompts of two or three pairs: one a micro-batch, which holds all its pairs though one is asked for.
    const [small, big] = [await run(1, 8), await run(pairs.length, 1)];
    expect(small.last().position).toEqual(big.last().position);
    expect(small.metrics.get('train/loss')![0]).toBeCloseTo(big.metrics.get('train/loss')![0]!, 6);
    const [added, whole] = [numbersOf(small.last()), numbersOf(big.last())];
    // The first moments are the gradients, scaled: weights after one Adam step would only show their signs.
    for (const name of Object.keys(whole).filter((n) => n.endsWith('.m'))) {
      expect(largestDifference(added[name], whole[name]), name).toBeLessThan(1e-6);
    }
  });

  it('learns a rule that holds for replies it has not seen, and not by length', async () => {
    const model = tinyModel('reward');
    const sink = new KeepingSink();
    const sftExamples = tinyExamples(12);
    const { figures } = await trainReward({
      model,
      pairs: kindPairs(40, 1),
      heldOut: kindPairs(20, 2),
      sftExamples,
      settings: { ...settings, steps: 80 },
      sink,
    });
    expect(figures['reward/accuracy']).toBeGreaterThan(0.85);
    expect(figures['reward/pairs']).toBe(60);
    expect(figures['reward/longer_wins']).toBeLessThan(0.5);
    expect(figures['eval/loss']).toBeLessThan(0.6);
    expect(figures['reward/calibration_error']).toBeLessThan(0.5);
    expect(Math.abs(figures['reward/length_correlation']!)).toBeLessThan(1);
    expect(figures['reward/accuracy_clear_margin']).toBeGreaterThanOrEqual(figures['reward/accuracy_close_margin']!);
    // Scores of the doctor's replies have mean 0 and deviation 1 afterwards.
    const { mean, sd } = sink.last().scoreNormalisation!;
    const scores = scoreSequences(
      model,
      sftExamples.map((e) => e.ids),
    ).map((raw) => (raw - mean) / sd);
    expect(scores.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 4);
    expect(scores.reduce((a, b) => a + b * b, 0) / 11).toBeCloseTo(1, 4);
  });

  it('stopped and resumed gives the uninterrupted run to the bit, dropout included', async () => {
    const inputs = {
      pairs: kindPairs(9, 1),
      heldOut: [],
      sftExamples: tinyExamples(3),
      settings: { ...settings, steps: 7 },
    };
    const whole = new KeepingSink();
    await trainReward({ ...inputs, model: tinyModel('reward'), sink: whole });
    const first = new KeepingSink(3);
    await trainReward({ ...inputs, model: tinyModel('reward'), sink: first });
    const state = first.last();
    const second = new KeepingSink();
    const model = { config: tinyConfig, parameters: loadParameters(tinyConfig, state.weights, 'reward') };
    await trainReward({ ...inputs, model, sink: second, resume: state });
    expect(numbersOf(second.last())).toEqual(numbersOf(whole.last()));
  });

  it('says nothing of pairs it does not have, and leaves no tensor behind', async () => {
    const model = tinyModel('reward');
    expect(rewardFigures(model, [])).toMatchObject({ 'reward/pairs': 0, 'reward/accuracy': 0 });
    const before = tf.memory().numTensors;
    await trainReward({
      model,
      pairs: kindPairs(4, 1),
      heldOut: [],
      sftExamples: [],
      settings: { ...settings, steps: 2 },
      sink: new KeepingSink(),
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
