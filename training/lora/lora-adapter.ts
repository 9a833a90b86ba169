import * as tf from '@tensorflow/tfjs';
import type { Random } from '@qingnang/kernel';
import type { LoraSettings, WeightSource } from '../interfaces.js';
import { dropoutBy } from '../model/dropout.js';
import type { Adapter, Dropout, Model } from '../model/model.js';
import { weightSource, type Parameters } from '../model/parameters.js';
import { isHead } from '../model/trainable.js';
import { linear } from '../ops/linear.js';
import { adapterShapes, layerOf } from './lora-layers.js';

/** Low-rank adaptation (Hu et al., 2021): y = x·Wᵀ + (alpha / rank)·(x·Aᵀ)·Bᵀ; A [rank, in] and B [out, rank] learn. */
export class LoraAdapter implements Adapter {
  constructor(
    readonly settings: LoraSettings,
    /** `<layer>.lora_A.weight` and `<layer>.lora_B.weight`. */
    readonly parameters: Parameters,
    private readonly dropout?: Dropout,
  ) {}

  delta(layer: string, x: tf.Tensor2D): tf.Tensor2D | null {
    const a = this.parameters.get(`${layer}.lora_A.weight`);
    const b = this.parameters.get(`${layer}.lora_B.weight`);
    if (!a || !b) return null;
    const inner = linear(this.dropout ? this.dropout(x) : x, a as unknown as tf.Tensor2D);
    return tf.mul(linear(inner, b as unknown as tf.Tensor2D), loraScale(this.settings));
  }

  whileLearning(random: Random): Adapter {
    return new LoraAdapter(this.settings, this.parameters, dropoutBy(this.settings.dropout, random));
  }
}

/** What B·A is multiplied by: alpha / rank, with rank-stabilised LoRA alpha / √rank. */
export function loraScale({ alpha, rank, rankStabilised }: LoraSettings): number {
  return alpha / (rankStabilised ? Math.sqrt(rank) : rank);
}

/**
 * Puts an adapter on a model and freezes everything else but a reward or value head.
 * @param source tensors of an adapter that goes on, which also replace the heads; by default A is drawn from
 *   U(±1/√in) and B is 0, as PEFT does, so that the first forward pass is the base's
 * @throws InputError for a target no layer ends in, or tensors that do not fit
 */
export function withLora(model: Model, settings: LoraSettings, from: WeightSource | Random): Model {
  const shapes = adapterShapes(model.config, settings);
  const source = 'next' in from ? drawAdapter(shapes, from) : from;
  const parameters = new Map<string, tf.Variable>();
  for (const [name, shape] of shapes) {
    const tensor = tf.tensor(source.get(name).data.slice(), shape, 'float32');
    parameters.set(name, tf.variable(tensor));
    tensor.dispose();
  }
  const given = new Set(source.names());
  const frozen = new Set<string>();
  for (const [name, variable] of model.parameters) {
    if (!isHead(name)) frozen.add(name);
    else if (given.has(name)) tf.tidy(() => variable.assign(tf.tensor(source.get(name).data.slice(), variable.shape)));
  }
  return { ...model, frozen, adapter: new LoraAdapter(settings, parameters) };
}

function drawAdapter(shapes: ReadonlyMap<string, number[]>, random: Random): WeightSource {
  const drawn = new Map(
    [...shapes].map(([name, shape]) => {
      const data = new Float32Array(shape[0]! * shape[1]!);
      const bound = layerOf(name)!.part === 'A' ? 1 / Math.sqrt(shape[1]!) : 0;
      if (bound > 0) for (let i = 0; i < data.length; i++) data[i] = bound * (2 * random.next() - 1);
      return [name, { shape, data }] as const;
    }),
  );
  return weightSource(drawn);
}
