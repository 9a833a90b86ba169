import * as tf from '@tensorflow/tfjs';
import { ownGradient } from './own-gradient.js';

/** √(2/π), with the digits BLOOM was trained with. */
const SCALE = 0.79788456;
const CUBIC = 0.044715;

/** x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³))): the approximation of GELU by tanh, as BLOOM has it. */
export function geluByTanh(x: tf.Tensor2D): tf.Tensor2D {
  return ownGradient<tf.Tensor2D>(
    [x],
    (x2) => {
      const inner = tf.mul(tf.mul(x2!, SCALE), tf.add(tf.mul(tf.square(x2!), CUBIC), 1));
      const tanh = tf.tanh(inner);
      return { value: tf.mul(tf.mul(x2!, 0.5), tf.add(tanh, 1)) as tf.Tensor2D, saved: [x2!, tanh] };
    },
    (dy, [x2, tanh]) => {
      // ½(1 + tanh) + ½·x·(1 − tanh²)·√(2/π)·(1 + 3·0.044715·x²)
      const slope = tf.mul(tf.add(tf.mul(tf.square(x2!), 3 * CUBIC), 1), SCALE);
      const bent = tf.mul(tf.mul(x2!, tf.sub(1, tf.square(tanh!))), slope);
      return [tf.mul(dy, tf.mul(tf.add(tf.add(tanh!, 1), bent), 0.5))];
    },
  );
}
