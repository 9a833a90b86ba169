import * as tf from '@tensorflow/tfjs';
import { onTensorFlow } from './fused.js';

/** Σx² over all entries; TensorFlow sums without writing the squares down. */
export function sumOfSquares(x: tf.Tensor): tf.Scalar {
  if (!onTensorFlow()) return tf.sum(tf.square(x));
  const backend = tf.backend() as unknown as { executeSingleInput(op: string, input: tf.Tensor): tf.Tensor };
  return tf.mul(backend.executeSingleInput('L2Loss', x), 2); // L2Loss is half the sum
}
