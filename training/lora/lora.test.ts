import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { selectBackend, type BackendName } from '../backend/select-backend.js';
import { writeJson } from '../checkpoint/json-file.js';
import { writeSafetensors } from '../checkpoint/safetensors.js';
import type { LoraSettings, NamedWeight, WeightSource } from '../interfaces.js';
import { hiddenStates, vocabularyLogits } from '../model/forward.js';
import { gradientsOf } from '../model/gradients.js';
import type { Model } from '../model/model.js';
import { loadParameters, weightSource } from '../model/parameters.js';
import { padRows, type TokenBatch } from '../model/token-batch.js';
import { freezeParts, savedParameters, trainable, whileLearning } from '../model/trainable.js';
import { gatherRows } from '../ops/gather-rows.js';
import { tokenLogProbs } from '../ops/token-log-probs.js';
import { goldenJson, goldenModel, goldenTensors, largestDifference } from '../testing/golden.js';
import { tinyConfig, tinyModel } from '../testing/tiny-model.js';
import { openAdapter, writeAdapter } from './adapter-folder.js';
import { withLora } from './lora-adapter.js';
import { adapterShapes } from './lora-layers.js';
import { mergedWeights } from './merge.js';

const GOLDEN = fileURLToPath(new URL('../testing/golden/lora', import.meta.url));
const PREFIX = 'base_model.model.';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qingnang-lora-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Golden {
  input_ids: number[][];
  attention_mask: number[][];
  labels: number[][];
  loss: number;
}

/** Positions run on over padding, as transformers counts without position ids. */
function goldenBatch({ input_ids, attention_mask }: Golden): TokenBatch {
  const ids = Int32Array.from(input_ids.flat());
  const positions = Int32Array.from(input_ids.flatMap((row) => row.map((_, t) => t)));
  const mask = Uint8Array.from(attention_mask.flat());
  return { rows: input_ids.length, width: input_ids[0]!.length, ids, mask, positions };
}

function logitsOf(model: Model, batch: TokenBatch): Float32Array {
  return tf.tidy(() => vocabularyLogits(model, hiddenStates(model, batch))).dataSync() as Float32Array;
}

/** Where the mask is 1: the fixture holds zeros elsewhere. */
function expectLogits(found: Float32Array, expected: Float32Array, mask: number[], tolerance = 1e-4): void {
  const width = found.length / mask.length;
  const worst = mask.map((real, n) => {
    const row = [n * width, (n + 1) * width] as const;
    return real ? largestDifference(found.slice(...row), expected.slice(...row)) : 0;
  });
  expect(Math.max(...worst)).toBeLessThan(tolerance);
}

describe.each<BackendName>(['cpu', 'wasm'])('LoRA as PEFT computes it, on %s', (backend) => {
  beforeAll(async () => {
    await selectBackend(backend);
  });

  it('through the adapter: logits, loss and the gradients of A and B', async () => {
    const { config, weights } = await goldenModel('llama-gqa');
    const adapter = await openAdapter(GOLDEN, config);
    const model = withLora(
      { config, parameters: loadParameters(config, weights, 'none') },
      adapter.settings,
      adapter.weights,
    );
    const golden = goldenJson<Golden>('lora/golden.json');
    const batch = goldenBatch(golden);
    const expected = goldenTensors('lora/golden.safetensors');
    expectLogits(logitsOf(model, batch), expected.get('logits').data, golden.attention_mask.flat());

    const places = golden.labels.flatMap((row, r) =>
      row.flatMap((label, t) => (label === -100 || t === 0 ? [] : [{ label, place: r * row.length + t - 1 }])),
    );
    const { loss, gradients } = gradientsOf(trainable(model), () => {
      const hidden = gatherRows(
        hiddenStates(model, batch),
        Int32Array.from(places, (p) => p.place),
      );
      const targets = Int32Array.from(places, (p) => p.label);
      return tf.neg(tf.mean(tokenLogProbs(vocabularyLogits(model, hidden), targets)));
    });
    expect(Math.abs(loss - golden.loss)).toBeLessThan(1e-5);
    const wanted = goldenTensors('lora/grads.safetensors');
    expect(
      Object.keys(gradients)
        .map((name) => PREFIX + name)
        .sort(),
    ).toEqual([...wanted.names()].sort());
    for (const [name, gradient] of Object.entries(gradients)) {
      const { data } = wanted.get(PREFIX + name);
      const largest = data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      expect(largestDifference(gradient.dataSync(), data), name).toBeLessThan(1e-5 + 1e-4 * largest);
    }
  });

  it('merged: the logits of merge_and_unload', async () => {
    const base = await goldenModel('llama-gqa');
    const merged = mergedWeights(base, await openAdapter(GOLDEN, base.config));
    const model = { config: base.config, parameters: loadParameters(base.config, merged, 'none') };
    const golden = goldenJson<Golden>('lora/golden.json');
    const expected = goldenTensors('lora/golden.safetensors').get('merged_logits').data;
    expectLogits(logitsOf(model, goldenBatch(golden)), expected, golden.attention_mask.flat());
  });
});

const lora: LoraSettings = { rank: 3, alpha: 12, dropout: 0, targets: null };

/** An adapter that changes something: B is not 0. */
function drawn(shapes: ReadonlyMap<string, number[]>): WeightSource {
  const random = createRandom(5);
  const draw = (shape: number[]): Float32Array =>
    Float32Array.from({ length: shape[0]! * shape[1]! }, () => 0.3 * (random.next() - 0.5));
  return weightSource(new Map([...shapes].map(([name, shape]) => [name, { shape, data: draw(shape) }])));
}

describe('LoRA', () => {
  beforeAll(async () => {
    await selectBackend('wasm');
  });
  const batch = padRows(
    [
      [2, 5, 9, 11],
      [3, 4],
    ],
    0,
    'right',
  );

  it.each([
    ['qwen2-tied', 'self_attn.q_proj', 8],
    ['bloom', 'self_attention.query_key_value', 4],
    ['baichuan-packed', 'self_attn.q_proj', 8],
  ])('%s: merged equals unmerged, on its attention', async (name, layer, layers) => {
    const { config, weights } = await goldenModel(name);
    const shapes = adapterShapes(config, lora);
    expect(shapes.size / 2).toBe(layers);
    expect([...shapes.keys()].some((each) => each.includes(layer))).toBe(true);
    const source = drawn(shapes);
    const base = { config, parameters: loadParameters(config, weights, 'none') };
    const apart = logitsOf(withLora(base, lora, source), batch);
    const merged = mergedWeights({ config, weights }, { settings: lora, weights: source });
    const together = logitsOf({ config, parameters: loadParameters(config, merged, 'none') }, batch);
    expectLogits(together, apart, [...batch.mask]);
    expect(largestDifference(apart, logitsOf(base, batch))).toBeGreaterThan(1e-3);
  });

  it('begins as the base, and what it learns leaves the base alone', () => {
    const base = tinyModel();
    const model = withLora(base, lora, createRandom(1));
    expect(logitsOf(model, batch)).toEqual(logitsOf(base, batch));
    const names = [...trainable(model).keys()];
    expect(names.every((name) => /\.lora_[AB]\.weight$/.test(name))).toBe(true);
    expect(savedParameters(model).weights.names()).toEqual(names);
  });

  it('adapts the layers whose names end in a target, W_pack standing for three, and names one that does not exist', () => {
    const layers = (targets: string[]): string[] => [...adapterShapes(tinyConfig, { ...lora, targets }).keys()];
    expect(layers(['mlp.down_proj'])[0]).toBe('model.layers.0.mlp.down_proj.lora_A.weight');
    expect(layers(['W_pack'])).toHaveLength(2 * 2 * 3);
    expect(() => layers(['q_proj', 'proj'])).toThrow(/ends in "proj"; there are q_proj/);
    expect(() => layers(['embed_tokens'])).toThrow(/embed_tokens/);
  });

  it('comes back from its folder, settings and numbers', async () => {
    const weights = drawn(adapterShapes(tinyConfig, lora));
    await writeAdapter(folder, { config: tinyConfig, settings: lora, weights, base: 'base' });
    const read = await openAdapter(folder, tinyConfig);
    expect(read.settings).toMatchObject({ rank: 3, alpha: 12, dropout: 0 });
    for (const name of weights.names()) expect(read.weights.get(name)).toEqual(weights.get(name));
    await expect(openAdapter(folder, { ...tinyConfig, layers: 1 })).rejects.toThrow(/no layer of this model|no place/);
    await expect(openAdapter(folder, { ...tinyConfig, intermediateSize: 8, hiddenSize: 8 })).rejects.toThrow(/needed/);
  });

  it("reads an adapter of Baichuan's packed matrix: one A for three, each its rows of B", async () => {
    const { config } = await goldenModel('baichuan-packed');
    const { hiddenSize, layers } = config;
    const packed = new Map<string, NamedWeight>();
    for (let layer = 0; layer < layers; layer++) {
      const at = `${PREFIX}model.layers.${layer}.self_attn.W_pack`;
      const numbers = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => layer + i);
      packed.set(`${at}.lora_A.weight`, { shape: [2, hiddenSize], data: numbers(2 * hiddenSize) });
      packed.set(`${at}.lora_B.weight`, { shape: [3 * hiddenSize, 2], data: numbers(6 * hiddenSize) });
    }
    await writeSafetensors(join(folder, 'adapter_model.safetensors'), weightSource(packed));
    await writeJson(join(folder, 'adapter_config.json'), { peft_type: 'LORA', r: 2, lora_alpha: 4 });
    const { weights } = await openAdapter(folder, config);
    expect(weights.names()).toHaveLength(layers * 6);
    ['q_proj', 'k_proj', 'v_proj'].forEach((part, i) => {
      const at = `model.layers.1.self_attn.${part}`;
      expect(weights.get(`${at}.lora_A.weight`).data[0]).toBe(1);
      const { shape, data } = weights.get(`${at}.lora_B.weight`);
      expect(shape).toEqual([hiddenSize, 2]);
      expect(data[0]).toBe(1 + 2 * hiddenSize * i);
    });
  });

  it('refuses what would change the numbers, by name', async () => {
    for (const [field, value] of Object.entries({ use_dora: true, bias: 'all', rank_pattern: { q_proj: 2 } })) {
      const file = { peft_type: 'LORA', r: 2, lora_alpha: 4, [field]: value };
      await writeJson(join(folder, 'adapter_config.json'), file);
      await expect(openAdapter(folder, tinyConfig)).rejects.toThrow(field);
    }
  });

  it('drops out inputs of A while learning, and only then', () => {
    const settings = { ...lora, dropout: 0.5 };
    const model = withLora(tinyModel(), settings, drawn(adapterShapes(tinyConfig, settings)));
    const learning = whileLearning(model, createRandom(2));
    expect(logitsOf(learning, batch)).not.toEqual(logitsOf(learning, batch));
    expect(logitsOf(model, batch)).toEqual(logitsOf(model, batch));
  });
});

describe('frozen parts', () => {
  beforeAll(async () => {
    await selectBackend('wasm');
  });

  it('are those named, heads always learn', () => {
    const learns = (parts: string[]): string[] => [...trainable(freezeParts(tinyModel('value'), parts)).keys()];
    expect(learns(['layers.0-1', 'embeddings'])).toEqual(['model.norm.weight', 'v_head.weight', 'v_head.bias']);
    expect(learns(['norms']).some((name) => name.includes('norm'))).toBe(false);
    expect(learns(['layers.1']).filter((name) => name.includes('layers.0.'))).toHaveLength(9);
    const whole = tinyModel();
    expect(trainable(freezeParts(whole, []))).toBe(whole.parameters);
  });

  it('must exist and leave something', () => {
    expect(() => freezeParts(tinyModel(), ['layers.1-2'])).toThrow(/layers 0–1/);
    expect(() => freezeParts(tinyModel(), ['embeddings', 'layers.0-1', 'norms'])).toThrow(/nothing to learn/);
  });

  it('get no gradient', () => {
    const model = freezeParts(tinyModel(), ['layers.0', 'embeddings']);
    const loss = (): tf.Scalar => tf.sum(tf.square(hiddenStates(model, padRows([[2, 5, 9]], 0, 'right'))));
    const { gradients } = gradientsOf(trainable(model), loss);
    expect(Object.keys(gradients)).toHaveLength(10);
  });
});
