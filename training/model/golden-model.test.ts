import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { selectBackend, type BackendName } from '../backend/select-backend.js';
import { goldenConfig, goldenJson, goldenTensors, largestDifference } from '../testing/golden.js';
import { tokenLogProbs } from '../ops/token-log-probs.js';
import { gatherRows } from '../ops/gather-rows.js';
import { gradientsOf } from './gradients.js';
import { rankingLoss } from '../reward/ranking-loss.js';
import { lastTokenScores } from './last-token-score.js';
import { hiddenStates, vocabularyLogits } from './forward.js';
import type { Model } from './model.js';
import { loadParameters } from './parameters.js';
import type { TokenBatch } from './token-batch.js';
import type { WeightSource } from '../interfaces.js';

interface Golden {
  input_ids: number[][];
  attention_mask: number[][];
  labels: number[][];
  loss: number;
}

/** Positions run on over padding, as transformers counts without position ids. */
function batchOf({ input_ids, attention_mask }: Golden): TokenBatch {
  const width = input_ids[0]!.length;
  return {
    rows: input_ids.length,
    width,
    ids: Int32Array.from(input_ids.flat()),
    mask: Uint8Array.from(attention_mask.flat()),
    positions: Int32Array.from(input_ids.flatMap((row) => row.map((_, t) => t))),
  };
}

function expectGradients(gradients: Record<string, tf.Tensor>, golden: WeightSource): void {
  expect(Object.keys(gradients).sort()).toEqual([...golden.names()].sort());
  for (const [name, gradient] of Object.entries(gradients)) {
    const expected = golden.get(name).data;
    const largest = expected.reduce((worst, x) => Math.max(worst, Math.abs(x)), 0);
    expect(largestDifference(gradient.dataSync(), expected), name).toBeLessThan(1e-5 + 1e-4 * largest);
  }
}

describe.each<BackendName>(['cpu', 'wasm'])('Llama as transformers computes it, on %s', (backend) => {
  let model: Model;
  let reward: Model;
  beforeAll(async () => {
    await selectBackend(backend);
    const config = goldenConfig('llama-gqa/config.json');
    model = { config, parameters: loadParameters(config, goldenTensors('llama-gqa/model.safetensors'), 'none') };
    const rewardConfig = goldenConfig('reward/config.json');
    reward = {
      config: rewardConfig,
      parameters: loadParameters(rewardConfig, goldenTensors('reward/model.safetensors'), 'reward'),
    };
  });

  it('gives the logits of full, left-padded and right-padded rows', () => {
    const golden = goldenJson<Golden>('llama-gqa/golden.json');
    const expected = goldenTensors('llama-gqa/golden.safetensors').get('logits').data;
    const logits = tf.tidy(() => vocabularyLogits(model, hiddenStates(model, batchOf(golden)))).dataSync();
    const v = model.config.vocabSize;
    golden.attention_mask.flat().forEach((real, place) => {
      if (!real) return;
      const row = (of: ArrayLike<number>): number[] => Array.from({ length: v }, (_, i) => of[place * v + i]!);
      expect(largestDifference(row(logits), row(expected))).toBeLessThan(1e-4);
    });
  });

  it('gives the loss and every gradient', () => {
    const golden = goldenJson<Golden>('llama-gqa/golden.json');
    const batch = batchOf(golden);
    const places: number[] = [];
    const targets: number[] = [];
    golden.labels.forEach((row, r) =>
      row.forEach((label, t) => {
        if (label === -100 || t === 0) return;
        places.push(r * batch.width + t - 1);
        targets.push(label);
      }),
    );
    const { loss, gradients } = gradientsOf(model.parameters, () => {
      const hidden = gatherRows(hiddenStates(model, batch), Int32Array.from(places));
      const logProbs = tokenLogProbs(vocabularyLogits(model, hidden), Int32Array.from(targets));
      return tf.neg(tf.mean(logProbs)) as tf.Scalar;
    });
    expect(Math.abs(loss - golden.loss)).toBeLessThan(1e-5);
    expectGradients(gradients, goldenTensors('llama-gqa/grads.safetensors'));
  });

  it('scores at the last real token, and learns from pairs as TRL does', () => {
    const golden = goldenJson<Golden & { scores: number[]; margin: number[]; loss_margin: number }>(
      'reward/golden.json',
    );
    const rows = golden.input_ids.map((row, r) =>
      row.slice(
        0,
        golden.attention_mask[r]!.reduce((sum, m) => sum + m, 0),
      ),
    );
    const pairs = golden.margin.map((_, i) => ({ chosen: i, rejected: i + 5 }));
    for (const [margins, loss, file] of [
      [pairs.map(() => 0), golden.loss, 'grads'],
      [golden.margin, golden.loss_margin, 'grads_margin'],
    ] as const) {
      const result = gradientsOf(reward.parameters, () => {
        const scores = lastTokenScores(reward, rows);
        return rankingLoss(
          scores,
          pairs.map((p, i) => ({ ...p, margin: margins[i]!, weight: 1 })),
          0,
        );
      });
      expect(Math.abs(result.loss - loss)).toBeLessThan(1e-5);
      expectGradients(result.gradients, goldenTensors(`reward/${file}.safetensors`));
    }
    const scores = tf.tidy(() => lastTokenScores(reward, rows)).dataSync();
    expect(largestDifference(scores, golden.scores)).toBeLessThan(1e-4);
  });
});
