import * as tf from '@tensorflow/tfjs';
import type { KeyValueCache } from '../model/model.js';

/**
 * The rows of two batches in one; both are used up. The narrower one gets padding on its left, which no query sees.
 */
export function joinCaches(first: KeyValueCache, second: KeyValueCache): KeyValueCache {
  const width = Math.max(first.width, second.width);
  const joined = first.layers.map((layer, l) => {
    const other = second.layers[l]!;
    const both = (a: tf.Tensor3D, b: tf.Tensor3D): tf.Tensor3D =>
      tf.tidy(() => tf.concat([padLeft(a, width), padLeft(b, width)], 0));
    return { keys: both(layer.keys, other.keys), values: both(layer.values, other.values) };
  });
  const mask = new Uint8Array([...padMask(first, width), ...padMask(second, width)]);
  freeCache(first);
  freeCache(second);
  return { layers: joined, mask, width };
}

/** Only these rows, without the columns that are padding in all of them. The old cache is used up. */
export function keepRows(cache: KeyValueCache, kept: readonly number[]): KeyValueCache {
  const rows = cache.mask.length / cache.width;
  const masks = kept.map((row) => cache.mask.subarray(row * cache.width, (row + 1) * cache.width));
  const from = Math.min(...masks.map((mask) => mask.indexOf(1)));
  const width = cache.width - from;
  const rowsOf = (x: tf.Tensor3D): tf.Tensor3D =>
    tf.tidy(() => {
      const [heads, d] = [x.shape[0] / rows, x.shape[2]];
      const byRow = tf.reshape(x, [rows, heads * cache.width * d]);
      const chosen = tf.reshape(tf.gather(byRow, tf.tensor1d([...kept], 'int32')), [
        kept.length * heads,
        cache.width,
        d,
      ]);
      return (from === 0 ? chosen : tf.slice(chosen, [0, from, 0])) as tf.Tensor3D;
    });
  const layers = cache.layers.map(({ keys, values }) => ({ keys: rowsOf(keys), values: rowsOf(values) }));
  freeCache(cache);
  return { layers, mask: new Uint8Array(masks.flatMap((mask) => [...mask.subarray(from)])), width };
}

export function freeCache(cache: KeyValueCache | undefined): void {
  for (const { keys, values } of cache?.layers ?? []) tf.dispose([keys, values]);
}

function padLeft(x: tf.Tensor3D, width: number): tf.Tensor3D {
  const missing = width - x.shape[1];
  return missing === 0 ? x : tf.concat([tf.zeros([x.shape[0], missing, x.shape[2]]), x], 1);
}

function padMask(cache: KeyValueCache, width: number): Uint8Array {
  const rows = cache.mask.length / cache.width;
  const mask = new Uint8Array(rows * width);
  for (let row = 0; row < rows; row++) {
    mask.set(cache.mask.subarray(row * cache.width, (row + 1) * cache.width), (row + 1) * width - cache.width);
  }
  return mask;
}
