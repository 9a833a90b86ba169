import type * as tf from '@tensorflow/tfjs';
import type { Random } from '@qingnang/kernel';
import type { LoraSettings, ModelConfig } from '../interfaces.js';
import type { RotaryTables } from '../ops/rotary.js';
import type { Parameters } from './parameters.js';

/** A model in use: its shape and its trainable tensors, head included. */
export interface Model {
  config: ModelConfig;
  parameters: Parameters;
  /** [in, out] copies of linear weights by name, while a model speaks and does not learn; `generate/transposed-weights.ts`. */
  transposed?: ReadonlyMap<string, tf.Tensor2D>;
  /** Names of parameters that stay as they are; `trainable` gives the others. */
  frozen?: ReadonlySet<string>;
  /** Learns in place of the frozen base. */
  adapter?: Adapter;
}

/** What is added to some linear layers, with tensors of its own. `lora/` has one. */
export interface Adapter {
  settings: LoraSettings;
  parameters: Parameters;
  /** Added to the linear layer of this name, x [n, in] → [n, out]; `null` where it has nothing to add. */
  delta(layer: string, x: tf.Tensor2D): tf.Tensor2D | null;
  /** The same tensors, with dropout. */
  whileLearning(random: Random): Adapter;
}

/** Keys (rotated where positions are rotary) and values [b·kvHeads, s, d] of one layer, of all tokens so far. */
export interface LayerCache {
  keys: tf.Tensor3D;
  values: tf.Tensor3D;
}

/** Sets some of a branch's units to 0 while a model learns from little text; nothing otherwise. */
export type Dropout = (x: tf.Tensor2D) => tf.Tensor2D;

/** What tokens seen earlier left behind, for generating one token at a time. */
export interface KeyValueCache {
  layers: LayerCache[];
  /** Of all tokens so far, [rows × width]. */
  mask: Uint8Array;
  width: number;
}

/** What the layers of one forward pass share. */
export interface Pass {
  rows: number;
  /** New tokens of a row. */
  queries: number;
  /** New and cached tokens of a row. */
  keys: number;
  /** Added to the scores: [rows, 1, queries, keys], with ALiBi [rows, heads, queries, keys]. */
  mask: tf.Tensor4D;
  /** `null` where positions are not rotary. */
  tables: RotaryTables | null;
  cache: KeyValueCache | undefined;
  /** Receives each layer's keys and values of all tokens. */
  kept: LayerCache[] | undefined;
  dropout: Dropout;
}

/** A parameter of rank 2. */
export function matrix(model: Model, name: string): tf.Tensor2D {
  return model.parameters.get(name)! as unknown as tf.Tensor2D;
}

/** A parameter of rank 1. */
export function vector(model: Model, name: string): tf.Tensor1D {
  return model.parameters.get(name)! as unknown as tf.Tensor1D;
}
