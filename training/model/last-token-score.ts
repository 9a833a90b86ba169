import * as tf from '@tensorflow/tfjs';
import { someRows, type Rows } from '../data/rows.js';
import { gatherRows } from '../ops/gather-rows.js';
import { hiddenStates, rewardScores } from './forward.js';
import type { Dropout, Model } from './model.js';
import { padRows } from './token-batch.js';

/** Hidden states at the last real token of each sequence, [rows, hidden]. */
export function lastHidden(model: Model, sequences: readonly ArrayLike<number>[], dropout?: Dropout): tf.Tensor2D {
  const batch = padRows(sequences, model.config.padTokenId, 'right');
  const last = Int32Array.from(sequences, (s, row) => row * batch.width + s.length - 1);
  return gatherRows(hiddenStates(model, batch, { dropout }), last);
}

/** Raw scores of whole conversations, read at their last real token, [rows]. */
export function lastTokenScores(model: Model, sequences: readonly ArrayLike<number>[]): tf.Tensor1D {
  return rewardScores(model, lastHidden(model, sequences));
}

/** The same as numbers, a few rows at a time, without gradients. */
export function scoreSequences(model: Model, sequences: Rows<ArrayLike<number>>, rowsAtOnce = 16): number[] {
  const scores: number[] = [];
  for (let at = 0; at < sequences.length; at += rowsAtOnce) {
    const tensor = tf.tidy(() => lastTokenScores(model, someRows(sequences, at, rowsAtOnce)));
    scores.push(...(tensor.dataSync() as Float32Array));
    tensor.dispose();
  }
  return scores;
}
