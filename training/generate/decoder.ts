import * as tf from '@tensorflow/tfjs';
import { hiddenStates, joinMasks, vocabularyLogits } from '../model/forward.js';
import type { KeyValueCache, LayerCache, Model } from '../model/model.js';
import type { TokenBatch } from '../model/token-batch.js';
import { gatherRows } from '../ops/gather-rows.js';
import { freeCache, joinCaches, keepRows } from './key-value-cache.js';

/**
 * A batch of texts as the model has read them so far: keys and values are kept, so a new token costs one token.
 * Rows may be taken over from another decoder and dropped between steps. Owns tensors until `dispose`.
 */
export class Decoder {
  private cache: KeyValueCache | undefined;
  /** Of the next token of each row. */
  private positions: number[] = [];

  constructor(private readonly model: Model) {}

  get rows(): number {
    return this.positions.length;
  }

  /** Reads some columns of all rows. @returns the logits [vocabulary] after the last column of each row */
  read(batch: TokenBatch): Float32Array[] {
    const layers: LayerCache[] = [];
    const logits = tf.tidy(() => {
      const hidden = hiddenStates(this.model, batch, { cache: this.cache, kept: layers });
      for (const { keys, values } of layers) [keys, values].forEach((t) => tf.keep(t));
      const last = Int32Array.from({ length: batch.rows }, (_, row) => (row + 1) * batch.width - 1);
      return vocabularyLogits(this.model, gatherRows(hidden, last));
    });
    const numbers = logits.dataSync() as Float32Array;
    logits.dispose();
    const mask = this.cache ? joinMasks(this.cache, batch) : batch.mask;
    const width = (this.cache?.width ?? 0) + batch.width;
    freeCache(this.cache);
    this.cache = { layers, mask, width };
    this.positions = Array.from({ length: batch.rows }, (_, row) => batch.positions[(row + 1) * batch.width - 1]! + 1);
    const v = this.model.config.vocabSize;
    return this.positions.map((_, row) => numbers.subarray(row * v, (row + 1) * v));
  }

  /** Reads one token of each row, `null` for a row that is done and stays as padding. */
  readTokens(ids: readonly (number | null)[]): Float32Array[] {
    return this.read({
      rows: ids.length,
      width: 1,
      ids: Int32Array.from(ids, (id) => id ?? this.model.config.padTokenId),
      mask: Uint8Array.from(ids, (id) => (id === null ? 0 : 1)),
      positions: Int32Array.from(this.positions),
    });
  }

  /** Takes over the rows of another one, behind its own; the other is empty then. */
  takeOver(other: Decoder): void {
    this.cache = this.cache && other.cache ? joinCaches(this.cache, other.cache) : (this.cache ?? other.cache);
    this.positions = [...this.positions, ...other.positions];
    other.cache = undefined;
    other.positions = [];
  }

  /** Goes on with these rows only, in this order. */
  keep(rows: readonly number[]): void {
    if (rows.length === this.rows || !this.cache) return;
    if (rows.length === 0) return this.dispose();
    this.cache = keepRows(this.cache, rows);
    this.positions = rows.map((row) => this.positions[row]!);
  }

  dispose(): void {
    freeCache(this.cache);
    this.cache = undefined;
    this.positions = [];
  }
}
