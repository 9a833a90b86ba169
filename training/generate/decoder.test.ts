import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { selectBackend, type BackendName } from '../backend/select-backend.js';
import { hiddenStates, vocabularyLogits } from '../model/forward.js';
import type { Model } from '../model/model.js';
import { drawParameters } from '../model/parameters.js';
import { padRows } from '../model/token-batch.js';
import { largestDifference } from '../testing/golden.js';
import { tinyConfig } from '../testing/tiny-model.js';
import { Decoder } from './decoder.js';
import { withTransposedWeights } from './transposed-weights.js';

const texts = [
  [5, 6, 7, 8, 9, 10, 11],
  [4, 3],
  [12, 13, 14, 15],
  [20, 21, 22],
];

/** Logits after the last token of one text, by a whole forward pass. */
function alone(model: Model, text: readonly number[]): Float32Array {
  const batch = padRows([text], 0, 'left');
  const logits = tf.tidy(() => vocabularyLogits(model, hiddenStates(model, batch)));
  const numbers = logits.dataSync() as Float32Array;
  logits.dispose();
  return numbers.slice((text.length - 1) * model.config.vocabSize);
}

describe.each<[BackendName, 'llama' | 'bloom']>([
  ['cpu', 'llama'],
  ['wasm', 'llama'],
  ['wasm', 'bloom'],
])('decoding on %s, %s', (backend, architecture) => {
  let model: Model;
  beforeAll(async () => {
    await selectBackend(backend);
    const config = { ...tinyConfig, architecture, kvHeads: architecture === 'bloom' ? 2 : 1 };
    model = { config, parameters: drawParameters(config, createRandom(3)) };
  });

  const expectAll = (logits: readonly Float32Array[], wanted: readonly (readonly number[])[]): void => {
    expect(logits).toHaveLength(wanted.length);
    wanted.forEach((text, row) => expect(largestDifference(logits[row], alone(model, text))).toBeLessThan(1e-4));
  };

  it('gives the logits of each text alone, while rows come, grow and go', () => {
    const before = tf.memory().numTensors;
    const decoder = new Decoder(model);
    expectAll(decoder.read(padRows(texts.slice(0, 2), 0, 'left')), texts.slice(0, 2));
    let now = texts.slice(0, 2).map((text) => [...text, 2]);
    expectAll(decoder.readTokens([2, 2]), now);

    const newcomers = new Decoder(model);
    newcomers.read(padRows(texts.slice(2), 0, 'left'));
    decoder.takeOver(newcomers);
    now = [...now, ...texts.slice(2)].map((text, row) => [...text, 16 + row]);
    expectAll(decoder.readTokens([16, 17, 18, 19]), now);

    decoder.keep([1, 3]);
    now = [now[1]!, now[3]!].map((text) => [...text, 9]);
    expectAll(decoder.readTokens([9, 9]), now);
    expect(decoder.rows).toBe(2);
    decoder.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('reads a prompt in pieces as in one, padding included', () => {
    const decoder = new Decoder(model);
    const whole = padRows(texts.slice(0, 2), 0, 'left');
    const columns = (from: number, to: number): Parameters<Decoder['read']>[0] => {
      const cut = <T extends Int32Array | Uint8Array>(all: T): T =>
        all.filter((_, at) => at % whole.width >= from && at % whole.width < to) as T;
      const { ids, mask, positions } = whole;
      return { rows: 2, width: to - from, ids: cut(ids), mask: cut(mask), positions: cut(positions) };
    };
    decoder.read(columns(0, 3));
    decoder.read(columns(3, 4));
    expectAll(decoder.read(columns(4, 7)), texts.slice(0, 2));
    decoder.dispose();
  });

  it('gives the same bits by transposed copies of the weights', () => {
    const before = tf.memory().numTensors;
    const speaking = withTransposedWeights(model);
    const [plain, copied] = [model, speaking.model].map((each) => {
      const decoder = new Decoder(each);
      const logits = [decoder.read(padRows(texts, 0, 'left')), decoder.readTokens([1, 2, 3, 4])].flat(2);
      decoder.dispose();
      return logits;
    });
    expect(copied).toEqual(plain);
    speaking.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
