import * as tf from '@tensorflow/tfjs';
import { fusedOps, type RunFused } from './fused.js';
import { ownGradient } from './own-gradient.js';

/** silu(gate)·up, both [n, f]; silu(x) = x·σ(x). */
export function swiglu(gate: tf.Tensor2D, up: tf.Tensor2D): tf.Tensor2D {
  const fused = fusedOps();
  if (fused) return fusedSwiglu(fused, gate, up);
  return ownGradient<tf.Tensor2D>(
    [gate, up],
    (g, u) => {
      const sigma = tf.sigmoid(g!);
      const silu = tf.mul(g!, sigma);
      return { value: tf.mul(silu, u!) as tf.Tensor2D, saved: [sigma, silu, u!] };
    },
    (dy, [sigma, silu, u]) => {
      // silu' = σ + silu·(1 − σ)
      const slope = tf.add(sigma!, tf.sub(silu!, tf.mul(silu!, sigma!)));
      return [tf.mul(tf.mul(dy, u!), slope), tf.mul(dy, silu!)];
    },
  );
}

function fusedSwiglu(fused: RunFused, gate: tf.Tensor2D, up: tf.Tensor2D): tf.Tensor2D {
  return ownGradient<tf.Tensor2D>(
    [gate, up],
    (g, u) => ({ value: fused('SwiGlu', [g!, u!], 1)[0] as tf.Tensor2D, saved: [g!, u!] }),
    (dy, [g, u]) => fused('SwiGluGrad', [dy, g!, u!], 2),
  );
}
