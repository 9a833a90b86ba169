import * as tf from '@tensorflow/tfjs';
import { attention, splitHeads } from '../ops/attention.js';
import { gatherRows } from '../ops/gather-rows.js';
import { rmsNorm } from '../ops/rms-norm.js';
import { rotary } from '../ops/rotary.js';
import { swiglu } from '../ops/swiglu.js';
import { matrix, vector, type Model, type Pass } from '../model/model.js';
import { projection } from '../model/projection.js';

/** The Llama family (Llama, Qwen2): RMSNorm, rotary positions, grouped-query attention, SwiGLU. @returns [n, hidden] */
export function llamaStates(model: Model, ids: Int32Array, pass: Pass): tf.Tensor2D {
  const { config } = model;
  let x = pass.dropout(gatherRows(matrix(model, 'model.embed_tokens.weight'), ids));
  for (let layer = 0; layer < config.layers; layer++) {
    x = tf.add(x, pass.dropout(selfAttention(model, layer, x, pass)));
    x = tf.add(x, pass.dropout(feedForward(model, layer, x)));
  }
  return rmsNorm(x, vector(model, 'model.norm.weight'), config.normEpsilon);
}

function selfAttention(model: Model, layer: number, x: tf.Tensor2D, pass: Pass): tf.Tensor2D {
  const { heads, kvHeads, headDim, normEpsilon } = model.config;
  const { rows, queries, cache, kept } = pass;
  const tables = pass.tables!;
  const at = `model.layers.${layer}`;
  const normed = rmsNorm(x, vector(model, `${at}.input_layernorm.weight`), normEpsilon);
  const project = (name: string): tf.Tensor2D => projection(model, `${at}.self_attn.${name}`, normed);
  const q = rotary(project('q_proj'), heads, tables);
  let keys = splitHeads(rotary(project('k_proj'), kvHeads, tables), rows, kvHeads, headDim);
  let values = splitHeads(project('v_proj'), rows, kvHeads, headDim);
  const past = cache?.layers[layer];
  if (past) {
    keys = tf.concat([past.keys, keys], 1);
    values = tf.concat([past.values, values], 1);
  }
  kept?.push({ keys, values });
  const shape = { batch: rows, queries, keys: pass.keys, kvHeads, group: heads / kvHeads, headDim };
  const mixed = attention(q, keys, values, pass.mask, shape);
  return projection(model, `${at}.self_attn.o_proj`, mixed);
}

function feedForward(model: Model, layer: number, x: tf.Tensor2D): tf.Tensor2D {
  const at = `model.layers.${layer}`;
  const normed = rmsNorm(x, vector(model, `${at}.post_attention_layernorm.weight`), model.config.normEpsilon);
  const gate = projection(model, `${at}.mlp.gate_proj`, normed);
  const up = projection(model, `${at}.mlp.up_proj`, normed);
  return projection(model, `${at}.mlp.down_proj`, swiglu(gate, up));
}
