import * as tf from '@tensorflow/tfjs';
import { createRandom } from '@qingnang/kernel';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelConfig } from '../interfaces.js';
import { hiddenStates, vocabularyLogits } from '../model/forward.js';
import type { LayerCache, Model } from '../model/model.js';
import { drawParameters } from '../model/parameters.js';
import { padRows, type TokenBatch } from '../model/token-batch.js';
import { onBackends } from '../testing/backends.js';
import { largestDifference } from '../testing/golden.js';
import { tinyConfig } from '../testing/tiny-model.js';

const configs: ModelConfig[] = [
  { ...tinyConfig, attentionBias: true, mlpBias: true },
  { ...tinyConfig, architecture: 'qwen2', tiedEmbeddings: false },
  { ...tinyConfig, architecture: 'bloom', hiddenSize: 20, heads: 5, kvHeads: 5, headDim: 4, intermediateSize: 80 },
];

/** Weights far from their start, biases included, so that every part moves the logits. */
function lively(config: ModelConfig): Model {
  const random = createRandom(9);
  const parameters = drawParameters(config, random);
  for (const variable of parameters.values()) {
    const moved = Float32Array.from(variable.dataSync(), (x) => x + 0.4 * (random.next() - 0.5));
    variable.assign(tf.tensor(moved, variable.shape));
  }
  return { config, parameters };
}

const texts = [
  [5, 6, 7, 8, 9, 10, 11],
  [12, 13, 14],
  [15, 16, 17, 18],
];

function logitsOf(model: Model, batch: TokenBatch): Float32Array[] {
  const v = model.config.vocabSize;
  const flat = tf.tidy(() => vocabularyLogits(model, hiddenStates(model, batch))).dataSync() as Float32Array;
  return Array.from(batch.ids, (_, place) => flat.slice(place * v, (place + 1) * v));
}

onBackends('BLOOM', ['wasm', 'native'], () => {
  it('gives a text behind hundreds of packed tokens what it gives it alone', () => {
    const model = lively({ ...configs[2]!, layers: 1, heads: 8, kvHeads: 8, hiddenSize: 32, intermediateSize: 32 });
    const others = Array.from({ length: 73 }, () => texts[0]!);
    const packed = [...others, texts[2]!];
    const batch: TokenBatch = {
      ...padRows([packed.flat()], 0, 'right'),
      positions: Int32Array.from(packed.flatMap((text) => text.map((_, t) => t))),
      segments: Int32Array.from(packed.flatMap((text, i) => text.map(() => i))),
    };
    const behind = logitsOf(model, batch).slice(-texts[2]!.length);
    // Positions counted from the row's first token would cost float32 a digit here, and more in longer rows.
    expect(largestDifference(behind, logitsOf(model, padRows([texts[2]!], 0, 'right')))).toBeLessThan(1e-6);
  });
});

onBackends('a model', ['wasm', 'native'], () => {
  describe.each(configs)('of the family $architecture', (config) => {
    let model: Model;
    let alone: Float32Array[];
    beforeAll(() => {
      model = lively(config);
      alone = texts.flatMap((text) => logitsOf(model, padRows([text], 0, 'right')));
    });

    it.each(['left', 'right'] as const)('gives a row padded on the %s what it gives the row alone', (side) => {
      const batch = padRows(texts, 0, side);
      const padded = logitsOf(model, batch).filter((_, place) => batch.mask[place]);
      expect(largestDifference(padded, alone)).toBeLessThan(1e-5);
    });

    it('gives packed texts what it gives each alone', () => {
      const width = texts.flat().length + 2;
      const pack = (values: number[]): Int32Array => Int32Array.from({ length: width }, (_, t) => values[t] ?? 0);
      const batch: TokenBatch = {
        rows: 1,
        width,
        ids: pack(texts.flat()),
        mask: Uint8Array.from({ length: width }, (_, t) => (t < width - 2 ? 1 : 0)),
        positions: pack(texts.flatMap((text) => text.map((_, t) => t))),
        segments: pack(texts.flatMap((text, i) => text.map(() => i))),
      };
      expect(largestDifference(logitsOf(model, batch).slice(0, -2), alone)).toBeLessThan(1e-5);
      const blended = logitsOf(model, { ...batch, segments: new Int32Array(width) }).slice(0, -2);
      expect(largestDifference(blended, alone)).toBeGreaterThan(1e-2);
    });

    it('goes on from kept keys, whatever stood in the columns that count for nothing', () => {
      const v = model.config.vocabSize;
      const batch = padRows(texts, 0, 'left');
      const next = { rows: 3, width: 1, ids: Int32Array.from([1, 2, 3]), mask: Uint8Array.from([1, 1, 1]) };
      const positions = Int32Array.from(texts, (text) => text.length);
      const logits = tf
        .tidy(() => {
          const layers: LayerCache[] = [];
          hiddenStates(model, batch, { kept: layers });
          const cache = { layers, mask: batch.mask, width: batch.width };
          return vocabularyLogits(model, hiddenStates(model, { ...next, positions }, { cache }));
        })
        .dataSync() as Float32Array;
      const whole = texts.map((text, r) => logitsOf(model, padRows([[...text, r + 1]], 0, 'right')).at(-1)!);
      whole.forEach((row, r) => expect(largestDifference(logits.slice(r * v, (r + 1) * v), row)).toBeLessThan(1e-5));
    });
  });
});
