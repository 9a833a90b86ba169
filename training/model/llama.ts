import * as tf from '@tensorflow/tfjs';
import type { ModelConfig } from '../interfaces.js';
import { attention, splitHeads } from '../ops/attention.js';
import { gatherRows } from '../ops/gather-rows.js';
import { linear } from '../ops/linear.js';
import { rmsNorm } from '../ops/rms-norm.js';
import { rotary, rotaryTables, type RotaryTables } from '../ops/rotary.js';
import { swiglu } from '../ops/swiglu.js';
import type { Parameters } from './parameters.js';
import { attentionMask, type TokenBatch } from './token-batch.js';

/** A model in use: its shape and its trainable tensors, head included. */
export interface Model {
  config: ModelConfig;
  parameters: Parameters;
}

/** Keys (rotated) and values [b·kvHeads, s, d] of one layer, of all tokens so far. */
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

interface Seen {
  rows: number;
  queries: number;
  keys: number;
  mask: tf.Tensor4D;
  tables: RotaryTables;
}

interface HiddenOptions {
  /** The batch continues the tokens it holds. */
  cache?: KeyValueCache | undefined;
  /** Receives each layer's keys and values of all tokens. */
  kept?: LayerCache[];
  /** On the embedding and on what each branch adds. Off outside SFT: PPO's ratios need the same pass twice. */
  dropout?: Dropout | undefined;
}

const keepAll: Dropout = (x) => x;

/**
 * Hidden states after the last norm, [rows·width, hidden], one row a token, row of the batch after row.
 */
export function hiddenStates(
  model: Model,
  batch: TokenBatch,
  { cache, kept, dropout = keepAll }: HiddenOptions = {},
): tf.Tensor2D {
  const { config } = model;
  const keyMask = cache ? joinMasks(cache, batch) : batch.mask;
  const keys = (cache?.width ?? 0) + batch.width;
  const { rows, width: queries } = batch;
  const seen: Seen = {
    rows,
    queries,
    keys,
    mask: tf.tensor4d(attentionMask(keyMask, rows, keys, queries), [rows, 1, queries, keys]),
    tables: rotaryTables(batch.positions, config.headDim, config.ropeTheta),
  };
  let x = dropout(gatherRows(matrix(model, 'model.embed_tokens.weight'), batch.ids));
  for (let layer = 0; layer < config.layers; layer++) {
    const past = cache?.layers[layer];
    const { mixed, now } = selfAttention(model, layer, x, seen, past);
    kept?.push(now);
    x = tf.add(x, dropout(mixed));
    x = tf.add(x, dropout(feedForward(model, layer, x)));
  }
  return rmsNorm(x, vector(model, 'model.norm.weight'), config.rmsNormEps);
}

/** Logits [n, vocabulary] of chosen hidden states [n, hidden]. */
export function vocabularyLogits(model: Model, hidden: tf.Tensor2D): tf.Tensor2D {
  const name = model.config.tiedEmbeddings ? 'model.embed_tokens.weight' : 'lm_head.weight';
  return linear(hidden, matrix(model, name));
}

/** Values [n] of chosen hidden states, by the value head. */
export function stateValues(model: Model, hidden: tf.Tensor2D): tf.Tensor1D {
  const raw = tf.reshape(linear(hidden, matrix(model, 'v_head.weight')), [hidden.shape[0]]);
  return tf.add(raw, vector(model, 'v_head.bias'));
}

/** Raw scores [n] of chosen hidden states, by the reward head. */
export function rewardScores(model: Model, hidden: tf.Tensor2D): tf.Tensor1D {
  return tf.reshape(linear(hidden, matrix(model, 'score.weight')), [hidden.shape[0]]);
}

function selfAttention(
  model: Model,
  layer: number,
  x: tf.Tensor2D,
  seen: Seen,
  past: LayerCache | undefined,
): { mixed: tf.Tensor2D; now: LayerCache } {
  const { heads, kvHeads, headDim, rmsNormEps } = model.config;
  const at = `model.layers.${layer}`;
  const normed = rmsNorm(x, vector(model, `${at}.input_layernorm.weight`), rmsNormEps);
  const project = (name: string): tf.Tensor2D => linear(normed, matrix(model, `${at}.self_attn.${name}.weight`));
  const q = rotary(project('q_proj'), heads, seen.tables);
  let keys = splitHeads(rotary(project('k_proj'), kvHeads, seen.tables), seen.rows, kvHeads, headDim);
  let values = splitHeads(project('v_proj'), seen.rows, kvHeads, headDim);
  if (past) {
    keys = tf.concat([past.keys, keys], 1);
    values = tf.concat([past.values, values], 1);
  }
  const mixed = attention(q, keys, values, seen.mask, {
    batch: seen.rows,
    queries: seen.queries,
    keys: seen.keys,
    kvHeads,
    group: heads / kvHeads,
    headDim,
  });
  return { mixed: linear(mixed, matrix(model, `${at}.self_attn.o_proj.weight`)), now: { keys, values } };
}

function feedForward(model: Model, layer: number, x: tf.Tensor2D): tf.Tensor2D {
  const at = `model.layers.${layer}`;
  const normed = rmsNorm(x, vector(model, `${at}.post_attention_layernorm.weight`), model.config.rmsNormEps);
  const gate = linear(normed, matrix(model, `${at}.mlp.gate_proj.weight`));
  const up = linear(normed, matrix(model, `${at}.mlp.up_proj.weight`));
  return linear(swiglu(gate, up), matrix(model, `${at}.mlp.down_proj.weight`));
}

/** Masks of the tokens so far and of the new ones, row by row. */
export function joinMasks(cache: KeyValueCache, batch: TokenBatch): Uint8Array {
  const width = cache.width + batch.width;
  const joined = new Uint8Array(batch.rows * width);
  for (let r = 0; r < batch.rows; r++) {
    joined.set(cache.mask.subarray(r * cache.width, (r + 1) * cache.width), r * width);
    joined.set(batch.mask.subarray(r * batch.width, (r + 1) * batch.width), r * width + cache.width);
  }
  return joined;
}

function matrix(model: Model, name: string): tf.Tensor2D {
  return model.parameters.get(name)! as unknown as tf.Tensor2D;
}

function vector(model: Model, name: string): tf.Tensor1D {
  return model.parameters.get(name)! as unknown as tf.Tensor1D;
}
