import * as tf from '@tensorflow/tfjs';
import type { Random } from '@qingnang/kernel';
import type { Dropout } from './model.js';

/**
 * Sets a share of the entries to 0 and scales the others up; every call draws anew, so a resumed run needs the
 * generator's state. `undefined` for a share of 0, and nothing is drawn.
 */
export function dropoutBy(share: number, random: Random): Dropout | undefined {
  if (share === 0) return undefined;
  const scale = 1 / (1 - share);
  return (x) => {
    const values = new Float32Array(x.size);
    for (let i = 0; i < values.length; i++) values[i] = random.next() < share ? 0 : scale;
    return tf.mul(x, tf.tensor2d(values, x.shape));
  };
}
