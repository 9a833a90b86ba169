import * as tf from '@tensorflow/tfjs';
import { fusedOps } from './fused.js';

/** Numbers of one update, the corrections for the moments' start at 0 worked in. */
export interface AdamWFactors {
  /** What the gradient is multiplied by, for clipping. */
  gradientFactor: number;
  beta1: number;
  beta2: number;
  /** Added to the root of the second moment. */
  epsilon: number;
  stepSize: number;
  /** What decay leaves of the weight. */
  kept: number;
}

/** Moves the moments towards the gradient and the weight against it: kept·w − stepSize·m / (√v + ε). */
export function adamwUpdate(
  weight: tf.Variable,
  gradient: tf.Tensor,
  first: tf.Variable,
  second: tf.Variable,
  factors: AdamWFactors,
): void {
  const fused = fusedOps();
  const { gradientFactor, beta1, beta2, epsilon, stepSize, kept } = factors;
  tf.tidy(() => {
    if (fused) {
      const [share1, share2] = [(1 - beta1) * gradientFactor, (1 - beta2) * gradientFactor ** 2];
      const numbers = tf.tensor1d([beta1, share1, beta2, share2, epsilon, stepSize, kept]);
      const [w, m, v] = fused('AdamW', [weight, gradient, first, second, numbers], 3);
      weight.assign(w as never);
      first.assign(m as never);
      second.assign(v as never);
      return;
    }
    const g = gradientFactor === 1 ? gradient : tf.mul(gradient, gradientFactor);
    const m = tf.add(tf.mul(first, beta1), tf.mul(g, 1 - beta1));
    const v = tf.add(tf.mul(second, beta2), tf.mul(tf.square(g), 1 - beta2));
    const root = tf.add(tf.sqrt(v), epsilon);
    const left = kept === 1 ? weight : tf.mul(weight, kept);
    first.assign(m as never);
    second.assign(v as never);
    weight.assign(tf.sub(left, tf.mul(tf.div(m, root), stepSize)) as never);
  });
}
