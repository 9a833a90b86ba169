import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { selectBackend } from '../backend/select-backend.js';
import { gradientsOf } from '../model/gradients.js';
import { lastTokenScores } from '../model/last-token-score.js';
import type { Model } from '../model/model.js';
import { loadParameters } from '../model/parameters.js';
import { goldenConfig, goldenJson, goldenTensors, largestDifference } from '../testing/golden.js';
import { tinyConfig, tinyModel } from '../testing/tiny-model.js';
import { rankingLoss, type RankedRows } from './ranking-loss.js';

interface Golden {
  input_ids: number[][];
  attention_mask: number[][];
  scores: number[];
  margin: number[];
  loss: number;
  loss_margin: number;
  'loss_center_0.01': number;
}

describe('the loss of a reward model', () => {
  const golden = goldenJson<Golden>('reward/golden.json');
  const rows = golden.input_ids.map((row, r) => row.filter((_, t) => golden.attention_mask[r]![t]));
  const pairs = (margins: readonly number[]): RankedRows[] =>
    margins.map((margin, i) => ({ chosen: i, rejected: i + margins.length, margin, weight: 1 }));
  const none = golden.margin.map(() => 0);
  let model: Model;
  beforeAll(async () => {
    await selectBackend('wasm');
    const config = goldenConfig('reward/config.json');
    model = { config, parameters: loadParameters(config, goldenTensors('reward/model.safetensors'), 'reward') };
  });

  it("equals TRL's with margin and with centring, and its gradient of every parameter", () => {
    for (const [margins, centring, loss, file] of [
      [none, 0, golden.loss, 'grads'],
      [golden.margin, 0, golden.loss_margin, 'grads_margin'],
      [none, 0.01, golden['loss_center_0.01'], null],
    ] as const) {
      const found = gradientsOf(model.parameters, () =>
        rankingLoss(lastTokenScores(model, rows), pairs(margins), centring),
      );
      expect(Math.abs(found.loss - loss)).toBeLessThan(1e-5);
      if (file) {
        const wanted = goldenTensors(`reward/${file}.safetensors`);
        for (const [name, gradient] of Object.entries(found.gradients)) {
          const { data } = wanted.get(name);
          const largest = data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
          expect(largestDifference(gradient.dataSync(), data), name).toBeLessThan(1e-5 + 1e-4 * largest);
        }
      }
      tf.dispose(found.gradients);
    }
  });

  it('has the derivatives that differences give, centring and shared rows included', () => {
    const list = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 4, maxLength: 4 });
    // A ranked list of four: all six pairs over four rows.
    const six = [0, 1, 2, 3].flatMap((c) => [0, 1, 2, 3].filter((r) => r > c).map((r) => [c, r] as const));
    const ranked = six.map(([chosen, rejected], i) => ({ chosen, rejected, margin: 0.1 * i, weight: 1 + (i % 2) }));
    fc.assert(
      fc.property(list, (scores) => {
        const at = (values: number[]): { loss: number; gradient: number[] } => {
          const { value, grad } = tf.valueAndGrad((x) => rankingLoss(x as tf.Tensor1D, ranked, 0.3))(
            tf.tensor1d(values),
          );
          return { loss: value.dataSync()[0]!, gradient: [...grad.dataSync()] };
        };
        const { gradient } = at(scores);
        scores.forEach((_, i) => {
          const h = 0.02;
          const moved = (d: number): number => at(scores.map((s, j) => (j === i ? s + d : s))).loss;
          expect(Math.abs((moved(h) - moved(-h)) / (2 * h) - gradient[i]!)).toBeLessThan(
            1e-2 * (1 + Math.abs(gradient[i]!)),
          );
        });
      }),
      { numRuns: 10 },
    );
  });

  it('starts with a head from N(0, 1/(d + 1)) and no bias', () => {
    expect([...tinyModel('reward').parameters.keys()].filter((name) => name.startsWith('score'))).toEqual([
      'score.weight',
    ]);
    const width = 4096;
    const head = rewardHead(width);
    const variance = head.reduce((sum, x) => sum + x * x, 0) / head.length;
    expect(Math.abs(variance * (width + 1) - 1)).toBeLessThan(0.1);
  });
});

/** The head that a model of this width is given. */
function rewardHead(hiddenSize: number): Float32Array {
  const config = { ...tinyConfig, vocabSize: 2, hiddenSize, layers: 0, heads: 1, kvHeads: 1, intermediateSize: 1 };
  const bare = { names: () => ['model.embed_tokens.weight', 'model.norm.weight'], get: shapeOf };
  function shapeOf(name: string) {
    const shape = name === 'model.norm.weight' ? [hiddenSize] : [2, hiddenSize];
    return { shape, data: new Float32Array(shape.reduce((a, b) => a * b)) };
  }
  const parameters = loadParameters(config, bare, 'reward', createRandom(5));
  const head = parameters.get('score.weight')!.dataSync() as Float32Array;
  return head.slice();
}
