import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { createRandom } from '@qingnang/kernel';
import { beforeAll, describe, expect, it } from 'vitest';
import { selectBackend } from '../backend/select-backend.js';
import { gradientsOf } from '../model/gradients.js';
import { learntBatch, learntLogProbs, packedBatch, type LearntBatch } from '../model/learnt-tokens.js';
import type { Model } from '../model/model.js';
import { drawParameters } from '../model/parameters.js';
import { largestDifference } from '../testing/golden.js';
import { PAD, tinyConfig, tinyExamples, tinyModel } from '../testing/tiny-model.js';
import { packRows } from './pack-rows.js';

const texts = tinyExamples(7).map((text, n) => ({ ...text, weight: 0.5 + (n % 3) }));
const packed = packRows(
  texts.map((_text, n) => n),
  texts.map(({ ids }) => ids.length),
  24,
).map((rows) => rows.map((row) => texts[row]!));

/** Σ of weighted losses, and its gradients, as plain numbers. */
function lossOf(model: Model, learnt: LearntBatch): { loss: number; gradients: Record<string, unknown> } {
  const total = (): tf.Scalar =>
    tf.neg(tf.sum(tf.mul(learntLogProbs(model, learnt), tf.tensor1d(learnt.weights!)))) as tf.Scalar;
  const { loss, gradients } = gradientsOf(model.parameters, total);
  const plain = Object.fromEntries(
    Object.entries(gradients).map(([name, gradient]) => [name, [...gradient.dataSync()]]),
  );
  return { loss, gradients: plain };
}

describe('packed rows', () => {
  beforeAll(async () => {
    await selectBackend('wasm');
  });

  it.each(['llama', 'qwen2', 'bloom'] as const)('give the loss and gradients of padded ones (%s)', (architecture) => {
    const config = { ...tinyConfig, architecture, ...(architecture === 'bloom' ? { kvHeads: tinyConfig.heads } : {}) };
    const model = { ...tinyModel(), config, parameters: drawParameters(config, createRandom(3)) };
    expect(packed.length).toBeLessThan(texts.length);
    const apart = lossOf(model, learntBatch(texts, PAD));
    const together = lossOf(model, packedBatch(packed, PAD));
    expect(Math.abs(together.loss - apart.loss)).toBeLessThan(1e-5 * apart.loss);
    for (const [name, gradient] of Object.entries(apart.gradients)) {
      const largest = largestDifference(
        gradient,
        (gradient as number[]).map(() => 0),
      );
      const difference = largestDifference(together.gradients[name], gradient);
      expect(difference, name).toBeLessThan(1e-5 + 1e-4 * largest);
    }
  });

  it('ask for the same tokens of the same texts, each in its own place', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.nat(1000),
        fc.integer({ min: 10, max: 40 }),
        (count, seed, width) => {
          const rows = tinyExamples(count, seed);
          const lengths = rows.map(({ ids }) => ids.length);
          const sequences = packRows([...lengths.keys()], lengths, width).map((each) => each.map((row) => rows[row]!));
          const { batch, places, targets } = packedBatch(sequences, PAD);
          const found = Array.from(places, (place, i) => {
            expect(batch.ids[place + 1]).toBe(targets[i]);
            expect(batch.positions[place + 1]).toBe(batch.positions[place]! + 1);
            expect(batch.segments?.[place + 1]).toBe(batch.segments?.[place]);
            return [batch.ids[place], targets[i]];
          });
          const wanted = rows.flatMap(({ ids, lossMask }) =>
            [...ids.keys()].filter((t) => t > 0 && lossMask[t]).map((t) => [ids[t - 1], ids[t]]),
          );
          expect(found.sort()).toEqual(wanted.sort());
          expect(batch.mask.reduce((sum, real) => sum + real, 0)).toBe(lengths.reduce((sum, n) => sum + n, 0));
        },
      ),
      { numRuns: 40 },
    );
  });
});
