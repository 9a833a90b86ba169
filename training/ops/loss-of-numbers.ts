import * as tf from '@tensorflow/tfjs';
import { ownGradient } from './own-gradient.js';

export interface LossAndGradients {
  loss: number;
  /** One list for each input, of its length. */
  gradients: Float32Array[];
}

/**
 * A loss over a few short vectors, worked out with its gradient by a plain function of `maths/`, so that the formula
 * that is checked against the references is the one that trains. The vectors hold one number a token or a row.
 */
export function lossOfNumbers(
  inputs: readonly tf.Tensor1D[],
  compute: (...inputs: Float32Array[]) => LossAndGradients,
): tf.Scalar {
  return ownGradient<tf.Scalar>(
    inputs,
    (...tensors) => {
      const { loss, gradients } = compute(...tensors.map((t) => t.dataSync() as Float32Array));
      return { value: tf.scalar(loss), saved: gradients.map((g) => tf.tensor1d(g)) };
    },
    (dy, saved) => saved.map((gradient) => tf.mul(gradient, dy)),
  );
}
