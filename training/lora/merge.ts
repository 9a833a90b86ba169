import * as tf from '@tensorflow/tfjs';
import type { LoraSettings, ModelConfig, NamedWeight, WeightSource } from '../interfaces.js';
import { parameterShapes } from '../model/parameter-shapes.js';
import { loraScale } from './lora-adapter.js';

/**
 * The base with an adapter taken into its weights, W + (alpha / rank)·B·A, worked out tensor by tensor as each is asked for.
 * Heads that the adapter brings replace the base's; a reward model has no vocabulary head.
 */
export function mergedWeights(
  base: { config: ModelConfig; weights: WeightSource },
  adapter: { settings: LoraSettings; weights: WeightSource },
): WeightSource {
  const given = new Set(adapter.weights.names());
  const shapes = parameterShapes(base.config, given.has('score.weight') ? 'reward' : 'none');
  return {
    names: () => [...shapes.keys()],
    shape: (name) => shapes.get(name)!,
    get(name): NamedWeight {
      if (given.has(name)) return adapter.weights.get(name);
      const weight = base.weights.get(name);
      const layer = name.replace(/\.weight$/, '');
      if (!given.has(`${layer}.lora_B.weight`)) return weight;
      const product = tf.tidy(() => {
        const [a, b] = ['A', 'B'].map((part) => {
          const { shape, data } = adapter.weights.get(`${layer}.lora_${part}.weight`);
          return tf.tensor2d(data, shape as [number, number]);
        }) as [tf.Tensor2D, tf.Tensor2D];
        return tf.mul(tf.matMul(b, a), loraScale(adapter.settings));
      });
      const added = product.dataSync() as Float32Array;
      product.dispose();
      return { shape: weight.shape, data: weight.data.map((w, i) => w + added[i]!) };
    },
  };
}
