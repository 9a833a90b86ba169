import * as tf from '@tensorflow/tfjs';
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
}

/** Rows padded on the right; a token without loss costs no logits. */
export function learntBatch(
  examples: readonly { ids: Int32Array; lossMask: Uint8Array }[],
  padTokenId: number,
): LearntBatch {
  const batch = padRows(
    examples.map((e) => e.ids),
    padTokenId,
    'right',
  );
  const places: number[] = [];
  const targets: number[] = [];
  examples.forEach(({ ids, lossMask }, row) => {
    for (let t = 1; t < ids.length; t++) {
      if (!lossMask[t]) continue;
      places.push(row * batch.width + t - 1);
      targets.push(ids[t]!);
    }
  });
  return { batch, places: Int32Array.from(places), targets: Int32Array.from(targets) };
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
