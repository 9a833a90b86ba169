import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { selectBackend } from '../backend/select-backend.js';
import type { DpoSettings, EncodedPair } from '../interfaces.js';
import { gradientsOf } from '../model/gradients.js';
import type { Model } from '../model/model.js';
import { loadParameters } from '../model/parameters.js';
import { tokenLogProbs } from '../ops/token-log-probs.js';
import { goldenJson, largestDifference } from '../testing/golden.js';
import { END, KeepingSink, numbersOf, tinyConfig, tinyModel, tinyOptimiser } from '../testing/tiny-model.js';
import { replyLogProbs } from './pair-log-probs.js';
import { preferenceLoss } from './preference-loss.js';
import { trainDpo } from './train-dpo.js';

const settings: DpoSettings = {
  ...tinyOptimiser,
  seed: 9,
  steps: 6,
  batchSize: 4,
  accumulation: 1,
  sequenceLength: 16,
  loss: 'sigmoid',
  beta: 0.1,
  labelSmoothing: 0,
  dropout: 0,
  evaluateEvery: 3,
  checkpointEvery: 100,
};

const KIND = 7;

/** A reply is the better one where it says `KIND`; lengths differ so that sums and means do. */
function kindPairs(count: number, seed: number): EncodedPair[] {
  const random = createRandom(seed);
  const other = (): number => 8 + random.below(16);
  return Array.from({ length: count }, (_, p) => {
    const prompt = [other(), other(), 2];
    const reply = (first: number, length: number): EncodedPair['chosen'] => {
      const words = Array.from({ length }, (_word, t) => (t === 0 ? first : other()));
      const ids = Int32Array.from([...prompt, ...words, END]);
      return { ids, lossMask: new Uint8Array(ids.length).fill(1, prompt.length), rowId: `r${p}` };
    };
    return {
      rowId: `r${p}`,
      promptId: `p${p}`,
      chosen: reply(KIND, 2 + random.below(3)),
      rejected: reply(other(), 2 + random.below(3)),
      promptLength: prompt.length,
      margin: null,
      weight: 1,
      rankGroup: `p${p}`,
      chosenCharacters: 3,
      rejectedCharacters: 3,
    };
  });
}

/** Pairs, and what the reference says of them. */
function asked(reference: Model, pairs: EncodedPair[], heldOut: EncodedPair[]) {
  const askReference = vi.fn(() => ({
    pairs: replyLogProbs(reference, pairs),
    heldOut: replyLogProbs(reference, heldOut),
  }));
  return { askReference, pairs, heldOut };
}

async function train(change: Partial<DpoSettings>, pairs = kindPairs(24, 1), heldOut = kindPairs(24, 2)) {
  const sink = new KeepingSink();
  const policy = tinyModel();
  const outcome = await trainDpo({
    policy,
    ...asked(tinyModel(), pairs, heldOut),
    settings: { ...settings, ...change },
    sink,
  });
  return { outcome, sink, policy };
}

describe('DPO on wasm', () => {
  beforeAll(async () => {
    await selectBackend('wasm');
  });

  it('starts at log 2', async () => {
    const { sink } = await train({ steps: 1 });
    expect(sink.metrics.get('train/loss')![0]).toBeCloseTo(Math.LN2, 6);
    expect(sink.metrics.get('dpo/margin')![0]).toBeCloseTo(0, 6);
  });

  it('equals the plain numbers on tensors, for every loss', () => {
    const golden = goldenJson<{
      beta: number;
      input_ids: number[][];
      completion_mask: number[][];
      logits: number[][][];
      logps: Record<'ref_chosen' | 'ref_rejected', number[]>;
      cases: { name: string; label_smoothing: number; loss: number; grad_logits: number[][][] }[];
    }>('losses/dpo.json');
    const count = golden.input_ids.length / 2;
    // Chosen and rejected in turn, as pairs are batched; only the logits that predict a reply's token.
    const order = Array.from({ length: count }, (_, i) => [i, count + i]).flat();
    const places = order.flatMap((row) =>
      golden.completion_mask[row]!.flatMap((m, t) => (m ? [{ row, t: t - 1, id: golden.input_ids[row]![t]! }] : [])),
    );
    const judged = {
      references: Array.from({ length: count }, (_, i) => ({
        chosen: golden.logps.ref_chosen[i]!,
        rejected: golden.logps.ref_rejected[i]!,
      })),
      tokens: order.map((row) => golden.completion_mask[row]!.reduce((sum, m) => sum + m, 0)),
      shares: new Array<number>(count).fill(1 / count),
    };
    const names = { conservative: 'sigmoid', 'ipo, summed': 'ipo_summed' } as Record<string, DpoSettings['loss']>;
    for (const c of golden.cases) {
      const logits = tf.variable(tf.tensor2d(places.map(({ row, t }) => golden.logits[row]![t]!)));
      const ids = Int32Array.from(places, ({ id }) => id);
      const loss = names[c.name] ?? (c.name as DpoSettings['loss']);
      const options = { loss, beta: golden.beta, labelSmoothing: c.label_smoothing };
      const found = gradientsOf(new Map([['logits', logits]]), () =>
        preferenceLoss(tokenLogProbs(logits as unknown as tf.Tensor2D, ids), judged, options),
      );
      expect(Math.abs(found.loss - c.loss), c.name).toBeLessThan(1e-5 * (1 + c.loss));
      const wanted = places.map(({ row, t }) => c.grad_logits[row]![t]!);
      const largest = Math.max(...wanted.flat().map(Math.abs));
      const gradient = found.gradients['logits']!.dataSync();
      expect(largestDifference(gradient, wanted.flat()), c.name).toBeLessThan(1e-5 * (1 + largest));
      tf.dispose([found.gradients, logits]);
    }
  });

  for (const loss of ['sigmoid', 'ipo', 'ipo_summed'] as const) {
    it(`learns which of two unseen replies is preferred: ${loss}`, async () => {
      const { outcome, sink } = await train({ loss, steps: 40 });
      expect(outcome.figures['dpo/held_out_accuracy']).toBeGreaterThan(0.75);
      expect(outcome.figures['dpo/chosen_drift']!).toBeGreaterThan(outcome.figures['dpo/rejected_drift']!);
      expect(sink.metrics.get('train/loss')!.at(-1)).toBeLessThan(sink.metrics.get('train/loss')![0]!);
    });
  }

  it('weighs pairs, and adds micro-batches up to one big batch', async () => {
    const pairs = kindPairs(8, 1).map((pair, i) => ({ ...pair, weight: i % 2 ? 1 : 0.25 }));
    const [big, small] = [
      await train({ batchSize: 8, steps: 1, warmupRatio: 0 }, pairs, []),
      await train({ batchSize: 2, accumulation: 4, steps: 1, warmupRatio: 0 }, pairs, []),
    ].map(({ sink }) => numbersOf(sink.last()));
    for (const name of Object.keys(big!).filter((n) => n.endsWith('.m'))) {
      expect(largestDifference(big![name], small![name]), name).toBeLessThan(1e-6);
    }
  });

  it('leaves no tensor behind', async () => {
    const reference = tinyModel();
    const policy = tinyModel();
    const tensors = tf.memory().numTensors;
    await trainDpo({ policy, ...asked(reference, kindPairs(5, 1), []), settings, sink: new KeepingSink() });
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it("a pair's reference log-probabilities do not depend on its neighbours in the batch", () => {
    const reference = tinyModel();
    const pairs = kindPairs(5, 1);
    const alone = pairs.flatMap((pair) => [...replyLogProbs(reference, [pair])]);
    const together = [...replyLogProbs(reference, pairs)];
    expect(
      largestDifference(
        alone.map((p) => p.chosen),
        together.map((p) => p.chosen),
      ),
    ).toBeLessThan(1e-4);
  });

  it('stopped and resumed gives the uninterrupted run to the bit, dropout included', async () => {
    const inputs = asked(tinyModel(), kindPairs(9, 1), kindPairs(3, 2));
    const options = { ...settings, dropout: 0.1 };
    const whole = new KeepingSink();
    await trainDpo({ ...inputs, policy: tinyModel(), settings: options, sink: whole });
    const first = new KeepingSink(3);
    const stopped = await trainDpo({ ...inputs, policy: tinyModel(), settings: options, sink: first });
    expect(stopped).toMatchObject({ state: 'stopped', steps: 3 });
    const state = first.last();
    const second = new KeepingSink();
    const policy = { config: tinyConfig, parameters: loadParameters(tinyConfig, state.weights, 'none') };
    const position = JSON.parse(JSON.stringify(state.position)) as Record<string, unknown>;
    await trainDpo({ ...inputs, policy, settings: options, sink: second, resume: { ...state, position } });
    expect(numbersOf(second.last())).toEqual(numbersOf(whole.last()));
    // By the two that began: the one that went on had its answers in the checkpoint.
    expect(inputs.askReference).toHaveBeenCalledTimes(2);
  });
});
