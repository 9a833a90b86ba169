import * as tf from '@tensorflow/tfjs';
import { onTensorFlow } from './fused.js';
import { ownGradient } from './own-gradient.js';

/**
 * y = x·Wᵀ; x [n, in], weight [out, in] as Hugging Face keeps it, y [n, out].
 * Transposes are explicit: wasm multiplies fast only without transpose flags, and autodiff would use them. TensorFlow
 * multiplies transposed matrices as they lie.
 */
export function linear(x: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor2D {
  if (onTensorFlow()) return flaggedLinear(x, weight);
  return ownGradient<tf.Tensor2D>(
    [x, weight],
    (x2, w) => ({ value: tf.matMul(x2 as tf.Tensor2D, tf.transpose(w as tf.Tensor2D)), saved: [x2!, w!] }),
    (dy, [x2, w]) => [tf.matMul(dy as tf.Tensor2D, w as tf.Tensor2D), outerSum(dy as tf.Tensor2D, x2 as tf.Tensor2D)],
  );
}

/** The same by a weight that does not learn: no gradient is worked out for it, which is a third of a step's products. */
export function frozenLinear(x: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor2D {
  const product = (x2: tf.Tensor2D): tf.Tensor2D =>
    onTensorFlow() ? tf.matMul(x2, weight, false, true) : tf.matMul(x2, tf.transpose(weight));
  return ownGradient<tf.Tensor2D>(
    [x],
    (x2) => ({ value: product(x2 as tf.Tensor2D), saved: [] }),
    (dy) => [tf.matMul(dy as tf.Tensor2D, weight)],
  );
}

function flaggedLinear(x: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor2D {
  return ownGradient<tf.Tensor2D>(
    [x, weight],
    (x2, w) => ({ value: tf.matMul(x2 as tf.Tensor2D, w as tf.Tensor2D, false, true), saved: [x2!, w!] }),
    (dy, [x2, w]) => [
      tf.matMul(dy as tf.Tensor2D, w as tf.Tensor2D),
      tf.matMul(dy as tf.Tensor2D, x2 as tf.Tensor2D, true, false),
    ],
  );
}

/** dyᵀ·x [out, in], transposing whichever is smaller: dy itself, or x and the product. */
function outerSum(dy: tf.Tensor2D, x: tf.Tensor2D): tf.Tensor2D {
  const [n, out] = dy.shape;
  const width = x.shape[1];
  if (n * out <= n * width + out * width) return tf.matMul(tf.transpose(dy), x);
  return tf.transpose(tf.matMul(tf.transpose(x), dy));
}
