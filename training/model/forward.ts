import * as tf from '@tensorflow/tfjs';
import { alibiSlopes } from '../maths/alibi.js';
import { ropeFrequencies } from '../maths/rope-frequencies.js';
import { rotaryTables } from '../ops/rotary.js';
import { bloomStates } from '../architectures/bloom.js';
import { llamaStates } from '../architectures/llama.js';
import { embeddingName } from './parameter-shapes.js';
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
  const bloom = config.architecture === 'bloom';
  const seen = tf.tensor4d(attentionMask(keyMask, rows, keys, queries, batch.segments), [rows, 1, queries, keys]);
  const pass: Pass = {
    rows,
    queries,
    keys,
    mask: bloom ? tf.add(seen, alibi(keyMask, rows, config.heads, batch.segments)) : seen,
    tables: bloom
      ? null
      : rotaryTables(batch.positions, ropeFrequencies(config.headDim, config.ropeTheta, config.ropeScaling)),
    cache,
    kept,
    dropout,
  };
  return bloom ? bloomStates(model, batch.ids, pass) : llamaStates(model, batch.ids, pass);
}

/**
 * Slope times position of each key, [rows, heads, 1, keys]. A query's own position would add the same to all its scores,
 * so keys count from the first real token of their row, or of packed texts from their own: large numbers would cost digits.
 */
function alibi(keyMask: Uint8Array, rows: number, heads: number, segments?: Int32Array): tf.Tensor4D {
  const keys = keyMask.length / rows;
  const slopes = alibiSlopes(heads);
  const bias = new Float32Array(rows * heads * keys);
  for (let r = 0; r < rows; r++) {
    let position = 0;
    for (let s = 0; s < keys; s++) {
      const key = r * keys + s;
      if (!keyMask[key]) continue;
      if (s > 0 && segments?.[key] !== segments?.[key - 1]) position = 0;
      for (let h = 0; h < heads; h++) bias[(r * heads + h) * keys + s] = slopes[h]! * position;
      position += 1;
    }
  }
  return tf.tensor4d(bias, [rows, heads, 1, keys]);
}

/** Logits [n, vocabulary] of chosen hidden states [n, hidden]. */
export function vocabularyLogits(model: Model, hidden: tf.Tensor2D): tf.Tensor2D {
  const { architecture, tiedEmbeddings } = model.config;
  return projection(model, tiedEmbeddings ? embeddingName(architecture) : 'lm_head', hidden);
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
