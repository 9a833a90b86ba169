import * as tf from '@tensorflow/tfjs';
import type { RotaryFrequencies } from '../maths/rope-frequencies.js';
import { fusedOps, type RunFused } from './fused.js';
import { ownGradient } from './own-gradient.js';

/** What turns the tokens of one batch; n tokens, heads of size d. */
export interface RotaryTables {
  /** [n, 1, d], the same for both halves of a head, as Llama splits it. */
  cos: tf.Tensor3D;
  sin: tf.Tensor3D;
  /** [d, d]: (a, b) → (−b, a) as a product, five times cheaper on wasm than moving the halves. Its transpose is its negative. */
  quarterTurn: tf.Tensor2D;
}

/** Tables for tokens at `positions`. The caller disposes (or tidies) them. */
export function rotaryTables(
  positions: ArrayLike<number>,
  { frequencies, magnitude }: RotaryFrequencies,
): RotaryTables {
  const half = frequencies.length;
  const headDim = 2 * half;
  const n = positions.length;
  const cos = new Float32Array(n * headDim);
  const sin = new Float32Array(n * headDim);
  for (let t = 0; t < n; t++) {
    for (let i = 0; i < half; i++) {
      const angle = positions[t]! * frequencies[i]!;
      const at = t * headDim + i;
      cos[at] = cos[at + half] = magnitude * Math.cos(angle);
      sin[at] = sin[at + half] = magnitude * Math.sin(angle);
    }
  }
  const turn = new Float32Array(headDim * headDim);
  for (let i = 0; i < half; i++) {
    turn[(i + half) * headDim + i] = -1;
    turn[i * headDim + i + half] = 1;
  }
  return {
    cos: tf.tensor3d(cos, [n, 1, headDim]),
    sin: tf.tensor3d(sin, [n, 1, headDim]),
    quarterTurn: tf.tensor2d(turn, [headDim, headDim]),
  };
}

/** x·cos + turned(x)·sin for each head of x [n, heads·d]. */
export function rotary(x: tf.Tensor2D, heads: number, tables: RotaryTables): tf.Tensor2D {
  const fused = fusedOps();
  if (fused) return fusedRotary(fused, x, heads, tables);
  const [n, width] = x.shape;
  const d = width / heads;
  const byHead: [number, number, number] = [n, heads, d];
  const turned = (of: tf.Tensor, by: tf.Tensor): tf.Tensor =>
    tf.reshape(tf.matMul(tf.reshape(of, [n * heads, d]), by as tf.Tensor2D), byHead);
  return ownGradient<tf.Tensor2D>(
    [x],
    (x2) => {
      const { cos, sin, quarterTurn } = tables;
      const value = tf.add(tf.mul(tf.reshape(x2!, byHead), cos), tf.mul(turned(x2!, quarterTurn), sin));
      return { value: tf.reshape(value, [n, width]) as tf.Tensor2D, saved: [cos, sin, quarterTurn] };
    },
    (dy, [cos, sin, quarterTurn]) => {
      const dy3 = tf.reshape(dy, byHead);
      const back = tf.sub(tf.mul(dy3, cos!), turned(tf.mul(dy3, sin!), quarterTurn!));
      return [tf.reshape(back, [n, width])];
    },
  );
}

function fusedRotary(fused: RunFused, x: tf.Tensor2D, heads: number, tables: RotaryTables): tf.Tensor2D {
  const turn = (of: tf.Tensor, cos: tf.Tensor, sin: tf.Tensor, sign: 1 | -1): tf.Tensor =>
    fused('Rotary', [of, cos, sin], 1, { heads: { int: heads }, sign: { float: sign } })[0]!;
  return ownGradient<tf.Tensor2D>(
    [x],
    (x2) => ({ value: turn(x2!, tables.cos, tables.sin, 1) as tf.Tensor2D, saved: [tables.cos, tables.sin] }),
    (dy, [cos, sin]) => [turn(dy, cos!, sin!, -1)],
  );
}
