import * as tf from '@tensorflow/tfjs';
import { ownGradient } from './own-gradient.js';

/**
 * Rows of `table` [v, h] by index → [n, h]: the embedding, and the choice of the positions that carry loss.
 * The gradient is a scatter, which sums rows that were taken more than once and exists on every back end.
 */
export function gatherRows(table: tf.Tensor2D, indices: Int32Array): tf.Tensor2D {
  const [v, h] = table.shape;
  return ownGradient<tf.Tensor2D>(
    [table],
    (rows) => ({ value: tf.gather(rows as tf.Tensor2D, tf.tensor1d(indices, 'int32')), saved: [] }),
    (dy) => [tf.scatterND(tf.tensor2d(indices, [indices.length, 1], 'int32'), dy, [v, h])],
  );
}
