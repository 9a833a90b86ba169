import * as tf from '@tensorflow/tfjs';
import { fusedOps, type RunFused } from './fused.js';
import { ownGradient } from './own-gradient.js';

/** x / √(mean(x²) + ε) · gain; x [n, h], gain [h]. */
export function rmsNorm(x: tf.Tensor2D, gain: tf.Tensor1D, epsilon: number): tf.Tensor2D {
  const fused = fusedOps();
  if (fused) return fusedRmsNorm(fused, x, gain, epsilon);
  const width = x.shape[1];
  return ownGradient<tf.Tensor2D>(
    [x, gain],
    (x2, g) => {
      const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(x2!), 1, true), epsilon)); // [n, 1]
      const unit = tf.mul(x2!, inverse); // [n, h]
      return { value: tf.mul(unit, g!) as tf.Tensor2D, saved: [unit, inverse, g!] };
    },
    (dy, [unit, inverse, g]) => {
      const inner = tf.mul(dy, g!);
      const along = tf.div(tf.sum(tf.mul(inner, unit!), 1, true), width); // [n, 1]
      const dx = tf.mul(tf.sub(inner, tf.mul(unit!, along)), inverse!);
      return [dx, tf.sum(tf.mul(dy, unit!), 0)];
    },
  );
}

function fusedRmsNorm(fused: RunFused, x: tf.Tensor2D, gain: tf.Tensor1D, epsilon: number): tf.Tensor2D {
  return ownGradient<tf.Tensor2D>(
    [x, gain],
    (x2, g) => {
      const [value, inverse] = fused('RmsNorm', [x2!, g!], 2, { epsilon: { float: epsilon } });
      return { value: value as tf.Tensor2D, saved: [x2!, g!, inverse!] };
    },
    (dy, [x2, g, inverse]) => fused('RmsNormGrad', [dy, x2!, g!, inverse!], 2),
  );
}
