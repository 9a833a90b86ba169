import * as tf from '@tensorflow/tfjs';
import { fusedOps, type RunFused } from './fused.js';
import { ownGradient } from './own-gradient.js';

export interface AttentionShape {
  batch: number;
  /** Query positions of a row. */
  queries: number;
  /** Key positions of a row. */
  keys: number;
  kvHeads: number;
  /** Query heads that share one key head. */
  group: number;
  headDim: number;
}

/** [b·t, n·d] → [b·n, t, d]. */
export function splitHeads(x: tf.Tensor, batch: number, heads: number, headDim: number): tf.Tensor3D {
  const length = x.shape[0]! / batch;
  const split = tf.transpose(tf.reshape(x, [batch, length, heads, headDim]), [0, 2, 1, 3]);
  return tf.reshape(split, [batch * heads, length, headDim]);
}

/** [b·n, t, d] → [b·t, n·d]. */
function mergeHeads(x: tf.Tensor, batch: number, heads: number, headDim: number): tf.Tensor2D {
  const length = x.size / (batch * heads * headDim);
  const merged = tf.transpose(tf.reshape(x, [batch, heads, length, headDim]), [0, 2, 1, 3]);
  return tf.reshape(merged, [batch * length, heads * headDim]);
}

/**
 * softmax(q·kᵀ/√d + mask)·v. q [b·t, heads·d]; k and v split already, [b·kvHeads, s, d]; mask [b, 1, t, s], 0 or
 * very negative; with ALiBi [b, heads, t, s].
 * The query heads of one key head lie side by side, so that keys are never repeated: q becomes [b·kvHeads, group·t, d].
 */
export function attention(
  q: tf.Tensor2D,
  k: tf.Tensor3D,
  v: tf.Tensor3D,
  mask: tf.Tensor4D,
  shape: AttentionShape,
): tf.Tensor2D {
  const fused = fusedOps();
  if (fused) return fusedAttention(fused, [q, k, v], mask, shape);
  const { batch, queries, keys, kvHeads, group, headDim } = shape;
  const heads = kvHeads * group;
  const scale = 1 / Math.sqrt(headDim);
  const grouped: [number, number, number] = [batch * kvHeads, group * queries, headDim];
  const square: [number, number, number] = [batch * kvHeads, group * queries, keys];
  return ownGradient<tf.Tensor2D>(
    [q, k, v],
    (q2, k3, v3) => {
      const qs = tf.mul(tf.reshape(splitHeads(q2!, batch, heads, headDim), grouped), scale);
      const raw = tf.matMul(qs, k3 as tf.Tensor3D, false, true); // [b·kv, g·t, s]
      const scores = tf.add(tf.reshape(raw, [batch, heads, queries, keys]), mask);
      const weights = tf.reshape(tf.softmax(scores), square);
      const mixed = tf.matMul(weights, v3 as tf.Tensor3D); // [b·kv, g·t, d]
      return { value: mergeHeads(mixed, batch, heads, headDim), saved: [qs, k3!, v3!, weights] };
    },
    (dy, [qs, k3, v3, weights]) => {
      const dMixed = tf.reshape(splitHeads(dy, batch, heads, headDim), grouped);
      const dV = tf.matMul(weights as tf.Tensor3D, dMixed, true, false);
      const dWeights = tf.matMul(dMixed, v3 as tf.Tensor3D, false, true);
      const weighted = tf.mul(dWeights, weights!);
      const dScores = tf.sub(weighted, tf.mul(weights!, tf.sum(weighted, 2, true))) as tf.Tensor3D;
      const dQ = tf.mul(tf.matMul(dScores, k3 as tf.Tensor3D), scale);
      const dK = tf.matMul(dScores, qs as tf.Tensor3D, true, false);
      return [mergeHeads(dQ, batch, heads, headDim), dK, dV];
    },
  );
}

/** The same with scale, mask and softmax in one pass over the scores. */
function fusedAttention(
  fused: RunFused,
  inputs: [tf.Tensor2D, tf.Tensor3D, tf.Tensor3D],
  mask: tf.Tensor4D,
  { batch, queries, kvHeads, group, headDim }: AttentionShape,
): tf.Tensor2D {
  const heads = kvHeads * group;
  const grouped: [number, number, number] = [batch * kvHeads, group * queries, headDim];
  const scale = { scale: { float: 1 / Math.sqrt(headDim) } };
  const split = (x: tf.Tensor): tf.Tensor3D => tf.reshape(splitHeads(x, batch, heads, headDim), grouped);
  return ownGradient<tf.Tensor2D>(
    inputs,
    (q2, k3, v3) => {
      const q3 = split(q2!);
      const raw = tf.matMul(q3, k3 as tf.Tensor3D, false, true); // [b·kv, g·t, s]
      const weights = fused('MaskedSoftmax', [raw, mask], 1, scale)[0] as tf.Tensor3D;
      const mixed = tf.matMul(weights, v3 as tf.Tensor3D); // [b·kv, g·t, d]
      return { value: mergeHeads(mixed, batch, heads, headDim), saved: [q3, k3!, v3!, weights] };
    },
    (dy, [q3, k3, v3, weights]) => {
      const dMixed = split(dy);
      const dV = tf.matMul(weights as tf.Tensor3D, dMixed, true, false);
      const dWeights = tf.matMul(dMixed, v3 as tf.Tensor3D, false, true);
      const dScores = fused('SoftmaxGrad', [dWeights, weights!], 1, scale)[0] as tf.Tensor3D;
      const dQ = tf.matMul(dScores, k3 as tf.Tensor3D);
      return [mergeHeads(dQ, batch, heads, headDim), tf.matMul(dScores, q3 as tf.Tensor3D, true, false), dV];
    },
  );
}
