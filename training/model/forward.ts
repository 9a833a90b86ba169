import * as tf from '@tensorflow/tfjs';
import { rotaryTables } from '../ops/rotary.js';
import { llamaStates } from './llama.js';
import type { Dropout, KeyValueCache, LayerCache, Model, Pass } from './model.js';
import { projection } from './projection.js';
import { attentionMask, type TokenBatch } from './token-batch.js';

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
  const pass: Pass = {
    rows,
    queries,
    keys,
    mask: tf.tensor4d(attentionMask(keyMask, rows, keys, queries), [rows, 1, queries, keys]),
    tables: rotaryTables(batch.positions, config.headDim, config.ropeTheta),
    cache,
    kept,
    dropout,
  };
  return llamaStates(model, batch.ids, pass);
}

/** Logits [n, vocabulary] of chosen hidden states [n, hidden]. */
export function vocabularyLogits(model: Model, hidden: tf.Tensor2D): tf.Tensor2D {
  return projection(model, model.config.tiedEmbeddings ? 'model.embed_tokens' : 'lm_head', hidden);
}

/** Values [n] of chosen hidden states, by the value head. */
export function stateValues(model: Model, hidden: tf.Tensor2D): tf.Tensor1D {
  return tf.reshape(projection(model, 'v_head', hidden), [hidden.shape[0]]);
}

/** Raw scores [n] of chosen hidden states, by the reward head. */
export function rewardScores(model: Model, hidden: tf.Tensor2D): tf.Tensor1D {
  return tf.reshape(projection(model, 'score', hidden), [hidden.shape[0]]);
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
