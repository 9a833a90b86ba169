import * as tf from '@tensorflow/tfjs';
import type { EncodedExample } from '../interfaces.js';
import { gatherRows } from '../ops/gather-rows.js';
import { tokenLogProbs } from '../ops/token-log-probs.js';
import { hiddenStates, vocabularyLogits } from './forward.js';
import type { Dropout, Model } from './model.js';
import { padRows, type TokenBatch } from './token-batch.js';

/** A padded batch and, in row order, where a token to be learnt is predicted (one place before it) and which it is. */
export interface LearntBatch {
  batch: TokenBatch;
  /** Rows of the hidden states, `row · width + t`. */
  places: Int32Array;
  targets: Int32Array;
  /** Factor of each target's loss, where a text has another weight than 1. */
  weights?: Float32Array;
}

/** The part of an encoded text that a batch is made of. */
export type LearntText = Pick<EncodedExample, 'ids' | 'lossMask' | 'weight'>;

/** Rows padded on the right; a token without loss costs no logits. */
export function learntBatch(texts: readonly LearntText[], padTokenId: number): LearntBatch {
  return packedBatch(
    texts.map((text) => [text]),
    padTokenId,
  );
}

/**
 * Rows of several texts one after another, padded on the right. Each text sees only itself, counts its positions from 0 and
 * is not asked for its first token: loss and gradients are those of the texts in rows of their own.
 */
export function packedBatch(sequences: readonly (readonly LearntText[])[], padTokenId: number): LearntBatch {
  const batch = padRows(
    sequences.map((texts) => texts.flatMap(({ ids }) => Array.from(ids))),
    padTokenId,
    'right',
  );
  const segments = new Int32Array(batch.ids.length);
  const places: number[] = [];
  const targets: number[] = [];
  const weights: number[] = [];
  sequences.forEach((texts, row) => {
    let start = row * batch.width;
    texts.forEach(({ ids, lossMask, weight = 1 }, segment) => {
      segments.fill(segment, start, start + ids.length);
      for (let t = 0; t < ids.length; t++) {
        batch.positions[start + t] = t;
        if (t === 0 || !lossMask[t]) continue;
        places.push(start + t - 1);
        targets.push(ids[t]!);
        weights.push(weight);
      }
      start += ids.length;
    });
  });
  return {
    batch: sequences.some(({ length }) => length > 1) ? { ...batch, segments } : batch,
    places: Int32Array.from(places),
    targets: Int32Array.from(targets),
    ...(weights.some((weight) => weight !== 1) ? { weights: Float32Array.from(weights) } : {}),
  };
}

/** log π of each learnt token, [targets]. */
export function learntLogProbs(
  model: Model,
  learnt: LearntBatch,
  options: { temperature?: number; dropout?: Dropout | undefined } = {},
): tf.Tensor1D {
  const hidden = gatherRows(hiddenStates(model, learnt.batch, { dropout: options.dropout }), learnt.places);
  return tokenLogProbs(vocabularyLogits(model, hidden), learnt.targets, options.temperature ?? 1);
}
