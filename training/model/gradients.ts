import * as tf from '@tensorflow/tfjs';
import type { Gradients } from './adamw-optimiser.js';
import type { Parameters } from './parameters.js';

/**
 * Value of a scalar loss and its gradient for the parameters; the caller owns the gradients.
 * Parameters that the loss does not reach are left out.
 */
export function gradientsOf(parameters: Parameters, loss: () => tf.Scalar): { loss: number; gradients: Gradients } {
  const { value, grads } = tf.variableGrads(loss, [...parameters.values()]);
  const gradients: Gradients = {};
  for (const [name, variable] of parameters) {
    const gradient = grads[variable.name];
    if (gradient) gradients[name] = gradient;
  }
  const number = (value.dataSync() as Float32Array)[0]!;
  value.dispose();
  return { loss: number, gradients };
}

/** Adds `more` into `sum` and disposes what is no longer needed. */
export function addGradients(sum: Gradients | null, more: Gradients): Gradients {
  if (sum === null) return more;
  for (const [name, gradient] of Object.entries(more)) {
    const before = sum[name];
    if (!before) {
      sum[name] = gradient;
      continue;
    }
    sum[name] = tf.add(before, gradient);
    tf.dispose([before, gradient]);
  }
  return sum;
}
