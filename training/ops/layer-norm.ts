import * as tf from '@tensorflow/tfjs';
import { ownGradient } from './own-gradient.js';

/** (x − mean) / √(variance + ε) · gain + bias, over the last axis, variance biased; x [n, h], gain and bias [h]. */
export function layerNorm(x: tf.Tensor2D, gain: tf.Tensor1D, bias: tf.Tensor1D, epsilon: number): tf.Tensor2D {
  return ownGradient<tf.Tensor2D>(
    [x, gain, bias],
    (x2, g, b) => {
      const centred = tf.sub(x2!, tf.mean(x2!, 1, true));
      const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), epsilon)); // [n, 1]
      const unit = tf.mul(centred, inverse); // [n, h]
      return { value: tf.add(tf.mul(unit, g!), b!) as tf.Tensor2D, saved: [unit, inverse, g!] };
    },
    (dy, [unit, inverse, g]) => {
      const inner = tf.mul(dy, g!);
      const along = tf.mean(tf.mul(inner, unit!), 1, true); // [n, 1]
      const dx = tf.mul(tf.sub(tf.sub(inner, tf.mean(inner, 1, true)), tf.mul(unit!, along)), inverse!);
      return [dx, tf.sum(tf.mul(dy, unit!), 0), tf.sum(dy, 0)];
    },
  );
}
