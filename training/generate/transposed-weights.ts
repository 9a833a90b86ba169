import * as tf from '@tensorflow/tfjs';
import type { Model } from '../model/model.js';
import { embeddingName } from '../model/parameter-shapes.js';
import { onTensorFlow } from '../ops/fused.js';

/**
 * The same model with [in, out] copies of its linear weights, for as long as these do not change: at one token a row, turning
 * the weights for each product would take most of a step. The results are the same to the bit. TensorFlow multiplies
 * transposed matrices as they lie and needs no copies.
 */
export function withTransposedWeights(model: Model): { model: Model; dispose(): void } {
  if (onTensorFlow()) return { model, dispose: () => undefined };
  const { architecture, tiedEmbeddings } = model.config;
  const onlyLookedUp = tiedEmbeddings ? null : embeddingName(architecture);
  const transposed = new Map<string, tf.Tensor2D>();
  for (const [name, weight] of model.parameters) {
    if (weight.rank === 2 && name !== onlyLookedUp)
      transposed.set(name, tf.transpose(weight as unknown as tf.Tensor2D));
  }
  return { model: { ...model, transposed }, dispose: () => tf.dispose([...transposed.values()]) };
}
