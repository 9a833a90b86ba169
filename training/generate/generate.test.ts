import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { selectBackend, type BackendName } from '../backend/select-backend.js';
import { hiddenStates, vocabularyLogits } from '../model/forward.js';
import type { Model } from '../model/model.js';
import { loadParameters } from '../model/parameters.js';
import { padRows } from '../model/token-batch.js';
import { goldenConfig, goldenJson, goldenTensors } from '../testing/golden.js';
import { generate, generateSteps } from './generate.js';
import { sampleToken } from './sampling.js';

const golden = goldenJson<{
  generate: { input_ids: number[][]; attention_mask: number[][]; max_new_tokens: number; new_tokens: number[][] };
}>('llama-gqa/golden.json').generate;
const prompts = golden.input_ids.map((row, r) => row.filter((_, t) => golden.attention_mask[r]![t]));

describe.each<BackendName>(['cpu', 'wasm'])('generation on %s', (backend) => {
  let model: Model;
  beforeAll(async () => {
    await selectBackend(backend);
    const config = goldenConfig('llama-gqa/config.json');
    model = { config, parameters: loadParameters(config, goldenTensors('llama-gqa/model.safetensors'), 'none') };
  });

  it('gives the tokens of transformers for left-padded prompts', () => {
    const settings = { maxNewTokens: golden.max_new_tokens, temperature: 0, stopTokenIds: [] };
    const generated = generate(model, prompts, settings, createRandom(1));
    expect(generated.map((g) => [...g.ids])).toEqual(golden.new_tokens);
    expect(generated.every((g) => !g.endedByItself)).toBe(true);
  });

  it('with kept keys gives what the whole forward pass gives', () => {
    const settings = { maxNewTokens: 12, temperature: 0.8, stopTokenIds: [] };
    const random = createRandom(3);
    const uncached = prompts.map((p) => [...p]);
    const cached = generate(model, prompts, settings, createRandom(3));
    for (let n = 0; n < 12; n++) {
      const batch = padRows(uncached, 0, 'left');
      const v = model.config.vocabSize;
      const logits = tf.tidy(() => vocabularyLogits(model, hiddenStates(model, batch))).dataSync();
      uncached.forEach((row, r) => {
        const at = ((r + 1) * batch.width - 1) * v;
        row.push(sampleToken(logits.subarray(at, at + v), { temperature: 0.8, topP: 1, topK: 0 }, random));
      });
    }
    expect(cached.map((g) => [...g.ids])).toEqual(uncached.map((row) => row.slice(-12)));
  });

  it('leaves no tensor behind, also when the caller stops early', () => {
    const before = tf.memory().numTensors;
    for (const ids of generateSteps(model, prompts, { maxNewTokens: 20, stopTokenIds: [] }, createRandom(2))) {
      if (ids.length) break;
    }
    generate(model, prompts, { maxNewTokens: 5 }, createRandom(2));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('ends a row at its stop token and leaves the others as they would be alone', () => {
    const stop = golden.new_tokens[0]![3]!;
    const settings = { maxNewTokens: 10, temperature: 0, stopTokenIds: [stop] };
    const [first, second] = generate(model, prompts.slice(0, 2), settings, createRandom(1));
    expect([...first!.ids]).toEqual(golden.new_tokens[0]!.slice(0, 4));
    expect(first!.endedByItself).toBe(true);
    expect([...second!.ids]).toEqual(golden.new_tokens[1]!.slice(0, 10));
  });

  it('refuses a text longer than the context in one sentence', () => {
    const long = [new Int32Array(120).fill(5)];
    expect(() => generate(model, long, { maxNewTokens: 9 }, createRandom(1))).toThrow(/120 tokens.*holds 128/);
  });
});
