import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { benchConfig, benchSizes } from '../bench/sizes.js';
import { withLora } from '../lora/lora-adapter.js';
import type { Model } from '../model/model.js';
import { loadParameters } from '../model/parameters.js';
import { onBackends } from '../testing/backends.js';
import { goldenConfig, goldenTensors } from '../testing/golden.js';
import { generate, generateSteps } from './generate.js';
import { decodesFasterOnWasm, onDecodingBackend } from './on-decoding-backend.js';

it('the demo speaks on wasm, in any batch of its size; a wide model, or a narrow one in a large batch, does not', () => {
  const faster = (size: keyof typeof benchSizes, rows: number): boolean =>
    decodesFasterOnWasm(benchConfig(benchSizes[size]), rows);
  expect([faster('demo', 1), faster('demo', 8), faster('demo', 32)]).toEqual([true, true, true]);
  expect([faster('h256', 8), faster('h256', 32), faster('h512', 8)]).toEqual([true, false, false]);
  // Fast there, but too large to lie in wasm's memory twice.
  expect(decodesFasterOnWasm({ ...benchConfig(benchSizes.h512), layers: 40 }, 1)).toBe(false);
});

onBackends('a small model that speaks', ['cpu', 'wasm', 'native'], (backend) => {
  const newModel = (): Model => {
    const config = goldenConfig('llama-gqa/config.json');
    return { config, parameters: loadParameters(config, goldenTensors('llama-gqa/model.safetensors'), 'none') };
  };
  const prompts = [
    [5, 6, 7],
    [8, 9, 10, 11],
  ];
  const settings = { maxNewTokens: 8, temperature: 0, stopTokenIds: [] };
  const where = (): string => tf.getBackend();

  it('does so on wasm where it would learn on TensorFlow, and comes back', () => {
    const before = where();
    const spoke = onDecodingBackend(newModel(), 2, where);
    expect(spoke).toBe(backend === 'native' ? 'wasm' : before);
    expect(where()).toBe(before);
    const fails = (): never => {
      throw new Error('cut off');
    };
    expect(() => onDecodingBackend(newModel(), 2, fails)).toThrow('cut off');
    expect(where()).toBe(before);
  });

  it('says the same, with an adapter too, and leaves no tensor behind', () => {
    const plain = newModel();
    const random = createRandom(4);
    const adapted = withLora(newModel(), { rank: 2, alpha: 4, dropout: 0, targets: ['q_proj', 'v_proj'] }, random);
    for (const [name, variable] of adapted.adapter!.parameters) {
      if (name.endsWith('lora_B.weight')) variable.assign(tf.randomNormal(variable.shape, 0, 0.2, 'float32', 5));
    }
    for (const model of [plain, adapted]) {
      const stayed: number[][] = prompts.map(() => []);
      for (const ids of generateSteps(model, prompts, settings, createRandom(1))) {
        ids.forEach((id, row) => stayed[row]!.push(id!));
      }
      const before = tf.memory().numTensors;
      expect(generate(model, prompts, settings, createRandom(1)).map(({ ids }) => [...ids])).toEqual(stayed);
      expect(tf.memory().numTensors).toBe(before);
    }
  });
});
