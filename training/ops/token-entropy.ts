import * as tf from '@tensorflow/tfjs';
import { ownGradient } from './own-gradient.js';

/** Entropy in nats of softmax(logits/τ), row by row; logits [n, v] → [n]. */
export function tokenEntropy(logits: tf.Tensor2D, temperature = 1): tf.Tensor1D {
  const n = logits.shape[0];
  return ownGradient<tf.Tensor1D>(
    [logits],
    (x) => {
      const scaled = (temperature === 1 ? x! : tf.div(x!, temperature)) as tf.Tensor2D;
      const p = tf.softmax(scaled);
      const logSum = tf.sub(tf.max(scaled, 1), tf.log(tf.max(p, 1)));
      const expected = tf.sum(tf.mul(p, scaled), 1);
      const centred = tf.sub(scaled, tf.reshape(expected, [n, 1]));
      return { value: tf.sub(logSum, expected) as tf.Tensor1D, saved: [p, centred] };
    },
    (dy, [p, centred]) => [tf.div(tf.neg(tf.mul(tf.mul(p!, centred!), tf.reshape(dy, [n, 1]))), temperature)],
  );
}
