import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { generate } from '../generate/generate.js';
import { gatherRows } from '../ops/gather-rows.js';
import { tokenLogProbs } from '../ops/token-log-probs.js';
import { rankingLoss } from '../reward/ranking-loss.js';
import { onBackends } from '../testing/backends.js';
import { goldenJson, goldenModel, goldenTensors, largestDifference } from '../testing/golden.js';
import { hiddenStates, vocabularyLogits } from './forward.js';
import { gradientsOf } from './gradients.js';
import { lastTokenScores } from './last-token-score.js';
import type { Model } from './model.js';
import { disposeParameters, loadParameters } from './parameters.js';
import { padRows, type TokenBatch } from './token-batch.js';
import type { NamedWeight, WeightSource } from '../interfaces.js';

interface Batch {
  input_ids: number[][];
  attention_mask: number[][];
}

interface Golden extends Batch {
  labels: number[][];
  loss: number;
  generate: Batch & { max_new_tokens: number; new_tokens: number[][] };
}

/** Positions run on over padding, as transformers counts without position ids. */
function batchOf({ input_ids, attention_mask }: Batch): TokenBatch {
  return {
    rows: input_ids.length,
    width: input_ids[0]!.length,
    ids: Int32Array.from(input_ids.flat()),
    mask: Uint8Array.from(attention_mask.flat()),
    positions: Int32Array.from(input_ids.flatMap((row) => row.map((_, t) => t))),
  };
}

/** Where a label is predicted, one place before it, and which it is. */
function labelled({ labels }: Golden): { places: Int32Array; targets: Int32Array } {
  const all = labels.flatMap((row, r) => row.map((label, t) => ({ label, t, place: r * row.length + t - 1 })));
  const kept = all.filter(({ label, t }) => label !== -100 && t > 0);
  return { places: Int32Array.from(kept, (l) => l.place), targets: Int32Array.from(kept, (l) => l.label) };
}

/** Baichuan's gradients in the layout it is loaded in: the packed matrix in three. */
function unpacked(golden: WeightSource): Map<string, NamedWeight> {
  const weights = new Map<string, NamedWeight>();
  for (const name of golden.names()) {
    const { shape, data } = golden.get(name);
    if (!name.includes('W_pack')) weights.set(name, { shape, data });
    else {
      ['q_proj', 'k_proj', 'v_proj'].forEach((part, i) => {
        const third = data.length / 3;
        const rows = { shape: [shape[0]! / 3, shape[1]!], data: data.slice(i * third, (i + 1) * third) };
        weights.set(name.replace('W_pack', part), rows);
      });
    }
  }
  return weights;
}

function expectGradients(gradients: Record<string, tf.Tensor>, golden: WeightSource): void {
  const expected = unpacked(golden);
  expect(Object.keys(gradients).sort()).toEqual([...expected.keys()].sort());
  for (const [name, gradient] of Object.entries(gradients)) {
    const { shape, data } = expected.get(name)!;
    expect(gradient.shape, name).toEqual(shape);
    const largest = data.reduce((worst, x) => Math.max(worst, Math.abs(x)), 0);
    expect(largestDifference(gradient.dataSync(), data), name).toBeLessThan(1e-5 + 1e-4 * largest);
  }
  tf.dispose(gradients);
}

async function load(name: string, head: 'none' | 'reward' = 'none'): Promise<Model> {
  const { config, weights } = await goldenModel(name);
  return { config, parameters: loadParameters(config, weights, head) };
}

const likeliest = (logits: Float32Array): number => logits.indexOf(Math.max(...logits));

const NAMES = [
  'llama-gqa',
  'llama3-rope',
  'llama-linear-rope',
  'llama-bf16',
  'llama-sharded',
  'qwen2-tied',
  'bloom',
  'baichuan-packed',
];

onBackends('models as transformers computes them', ['cpu', 'wasm', 'native'], () => {
  it.each(NAMES)('%s: logits of full, left-padded and right-padded rows', async (name) => {
    const model = await load(name);
    const golden = goldenJson<Golden>(`${name}/golden.json`);
    const expected = goldenTensors(`${name}/golden.safetensors`).get('logits').data;
    const logits = tf.tidy(() => vocabularyLogits(model, hiddenStates(model, batchOf(golden)))).dataSync();
    const v = model.config.vocabSize;
    const worst = golden.attention_mask.flat().map((real, place) => {
      const row = [place * v, (place + 1) * v] as const;
      return real ? largestDifference(logits.slice(...row), expected.slice(...row)) : 0;
    });
    expect(Math.max(...worst)).toBeLessThan(1e-4);
    disposeParameters(model.parameters);
  });

  it.each(NAMES)('%s: the loss, the log-probability of each label and every gradient', async (name) => {
    const model = await load(name);
    const golden = goldenJson<Golden>(`${name}/golden.json`);
    const { places, targets } = labelled(golden);
    const logProbs = (): tf.Tensor1D =>
      tokenLogProbs(vocabularyLogits(model, gatherRows(hiddenStates(model, batchOf(golden)), places)), targets);
    const { loss, gradients } = gradientsOf(model.parameters, () => tf.neg(tf.mean(logProbs())));
    expect(Math.abs(loss - golden.loss)).toBeLessThan(1e-5);
    expectGradients(gradients, goldenTensors(`${name}/grads.safetensors`));
    const each = tf.tidy(logProbs).dataSync();
    const expected = goldenTensors(`${name}/golden.safetensors`).get('label_logprobs').data;
    expect(
      largestDifference(
        each,
        expected.filter((x) => x !== 0),
      ),
    ).toBeLessThan(1e-4);
    disposeParameters(model.parameters);
  });

  it.each(NAMES)('%s: greedy text after left-padded prompts, with and without kept keys', async (name) => {
    const model = await load(name);
    const { generate: golden } = goldenJson<Golden>(`${name}/golden.json`);
    const prompts = golden.input_ids.map((row, r) => row.filter((_, t) => golden.attention_mask[r]![t]));
    const greedy = { maxNewTokens: golden.max_new_tokens, temperature: 0, stopTokenIds: [] };
    const cached = generate(model, prompts, greedy, createRandom(1));
    expect(cached.map((g) => [...g.ids])).toEqual(golden.new_tokens);

    // Without kept keys the likeliest token after each prefix of that text must be the next one of it.
    const v = model.config.vocabSize;
    const batch = padRows(
      prompts.map((prompt, r) => [...prompt, ...golden.new_tokens[r]!]),
      model.config.padTokenId,
      'left',
    );
    const logits = tf.tidy(() => vocabularyLogits(model, hiddenStates(model, batch))).dataSync() as Float32Array;
    const after = (r: number, t: number): Float32Array => {
      const place = (r + 1) * batch.width - golden.max_new_tokens - 1 + t;
      return logits.subarray(place * v, (place + 1) * v);
    };
    const first = goldenTensors(`${name}/golden.safetensors`).get('first_step_logits').data;
    expect(
      largestDifference(
        prompts.map((_, r) => after(r, 0)),
        first,
      ),
    ).toBeLessThan(1e-4);
    const uncached = golden.new_tokens.map((row, r) => row.map((_, t) => likeliest(after(r, t))));
    expect(uncached).toEqual(golden.new_tokens);
    disposeParameters(model.parameters);
  });

  it('scores at the last real token, and learns from pairs as TRL does', async () => {
    const model = await load('reward', 'reward');
    const golden = goldenJson<Golden & { scores: number[]; margin: number[]; loss_margin: number }>(
      'reward/golden.json',
    );
    const rows = golden.input_ids.map((row, r) => row.filter((_, t) => golden.attention_mask[r]![t]));
    const pairs = golden.margin.map((_, i) => ({ chosen: i, rejected: i + 5 }));
    for (const [margins, loss, file] of [
      [pairs.map(() => 0), golden.loss, 'grads'],
      [golden.margin, golden.loss_margin, 'grads_margin'],
    ] as const) {
      const result = gradientsOf(model.parameters, () => {
        const ranked = pairs.map((p, i) => ({ ...p, margin: margins[i]!, weight: 1 }));
        return rankingLoss(lastTokenScores(model, rows), ranked, 0);
      });
      expect(Math.abs(result.loss - loss)).toBeLessThan(1e-5);
      expectGradients(result.gradients, goldenTensors(`reward/${file}.safetensors`));
    }
    const scores = tf.tidy(() => lastTokenScores(model, rows)).dataSync();
    expect(largestDifference(scores, golden.scores)).toBeLessThan(1e-4);
    disposeParameters(model.parameters);
  });
});
