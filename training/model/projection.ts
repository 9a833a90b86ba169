import * as tf from '@tensorflow/tfjs';
import { frozenLinear, linear } from '../ops/linear.js';
import { matrix, vector, type Model } from './model.js';

/**
 * x·Wᵀ + b by the parameters `<name>.weight` [out, in] and, where the model has one, `<name>.bias` [out]; x [n, in].
 * Every linear layer of every architecture goes through here, so that an adapter can be added in one place.
 */
export function projection(model: Model, name: string, x: tf.Tensor2D): tf.Tensor2D {
  const weight = `${name}.weight`;
  const plain = model.frozen?.has(weight) ? frozenLinear : linear;
  const transposed = model.transposed?.get(weight);
  const y: tf.Tensor2D = transposed ? tf.matMul(x, transposed) : plain(x, matrix(model, weight));
  const bias = `${name}.bias`;
  const sum: tf.Tensor2D = model.parameters.has(bias) ? tf.add(y, vector(model, bias)) : y;
  const added = model.adapter?.delta(name, x);
  return added ? tf.add(sum, added) : sum;
}
