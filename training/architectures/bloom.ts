import * as tf from '@tensorflow/tfjs';
import { attention, splitHeads } from '../ops/attention.js';
import { gatherRows } from '../ops/gather-rows.js';
import { geluByTanh } from '../ops/gelu.js';
import { layerNorm } from '../ops/layer-norm.js';
import { matrix, vector, type Model, type Pass } from '../model/model.js';
import { projection } from '../model/projection.js';

/** BLOOM: LayerNorm with bias, also on the embedding, ALiBi, one fused matrix for q, k and v, GELU. @returns [n, hidden] */
export function bloomStates(model: Model, ids: Int32Array, pass: Pass): tf.Tensor2D {
  const words = gatherRows(matrix(model, 'transformer.word_embeddings.weight'), ids);
  let x = pass.dropout(norm(model, 'transformer.word_embeddings_layernorm', words));
  for (let layer = 0; layer < model.config.layers; layer++) {
    x = tf.add(x, pass.dropout(selfAttention(model, layer, x, pass)));
    x = tf.add(x, pass.dropout(feedForward(model, layer, x)));
  }
  return norm(model, 'transformer.ln_f', x);
}

function selfAttention(model: Model, layer: number, x: tf.Tensor2D, pass: Pass): tf.Tensor2D {
  const { heads, headDim, hiddenSize } = model.config;
  const { rows, queries, cache, kept } = pass;
  const at = `transformer.h.${layer}`;
  const fused = projection(model, `${at}.self_attention.query_key_value`, norm(model, `${at}.input_layernorm`, x));
  // Interleaved: q, k and v of head 0, then of head 1, …
  const parts = tf.unstack(tf.reshape(fused, [fused.shape[0], heads, 3, headDim]), 2); // each [n, heads, d]
  const [q, k, v] = parts.map((part) => tf.reshape(part, [fused.shape[0], hiddenSize])) as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  let keys = splitHeads(k, rows, heads, headDim);
  let values = splitHeads(v, rows, heads, headDim);
  const past = cache?.layers[layer];
  if (past) {
    keys = tf.concat([past.keys, keys], 1);
    values = tf.concat([past.values, values], 1);
  }
  kept?.push({ keys, values });
  const shape = { batch: rows, queries, keys: pass.keys, kvHeads: heads, group: 1, headDim };
  return projection(model, `${at}.self_attention.dense`, attention(q, keys, values, pass.mask, shape));
}

function feedForward(model: Model, layer: number, x: tf.Tensor2D): tf.Tensor2D {
  const at = `transformer.h.${layer}`;
  const inner = projection(model, `${at}.mlp.dense_h_to_4h`, norm(model, `${at}.post_attention_layernorm`, x));
  return projection(model, `${at}.mlp.dense_4h_to_h`, geluByTanh(inner));
}

function norm(model: Model, name: string, x: tf.Tensor2D): tf.Tensor2D {
  return layerNorm(x, vector(model, `${name}.weight`), vector(model, `${name}.bias`), model.config.normEpsilon);
}
