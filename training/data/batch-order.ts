import type { DataConfig } from '@qingnang/contracts';
import { createRandom } from '@qingnang/kernel';
import { byLength, packRows } from './pack-rows.js';
import { rowOrder, type MixPart, type RowOrder, type RowPlace } from './row-order.js';

export interface BatchOrderOptions {
  parts: readonly MixPart[];
  /** Tokens of each row, of all parts one after another. */
  lengths: ArrayLike<number>;
  batching: DataConfig['batching'];
  /** Rows looked at together; rounded up to whole batches. */
  window: number;
  /** Sequences of one batch. */
  batchSize: number;
  /** Tokens of a packed sequence. */
  sequenceLength: number;
  seed: number;
}

/** Place in the endless series of batches; small enough for a checkpoint. */
export interface BatchPlace {
  /** Where the rows of the window begin. */
  rows: RowPlace;
  /** Rows left over by the window before. */
  carried: number[];
  window: number;
  /** Batches of the window already handed out. */
  at: number;
}

/**
 * Batches of sequences, a sequence being one row or several packed ones. Rows are drawn a window at a time and put together
 * there, which follows from the place alone: a run that goes on in the middle of a window gets the very batches it would have.
 */
export class BatchOrder {
  private order: RowOrder;
  private place: BatchPlace;
  private batches: number[][][] = [];
  private left: number[] = [];

  constructor(
    private readonly options: BatchOrderOptions,
    place?: BatchPlace,
  ) {
    this.order = rowOrder(options.parts, options.seed, place?.rows);
    this.place = place ? { ...place } : { rows: this.order.state(), carried: [], window: 0, at: 0 };
    this.plan();
  }

  /** Rows of each sequence of the next batch. */
  next(): number[][] {
    while (this.place.at === this.batches.length) {
      this.place = { rows: this.order.state(), carried: this.left, window: this.place.window + 1, at: 0 };
      this.plan();
    }
    return this.batches[this.place.at++]!;
  }

  state(): BatchPlace {
    return { ...this.place };
  }

  private plan(): void {
    const { batching, window, batchSize, lengths, sequenceLength, seed } = this.options;
    const wanted = batching === 'padded' ? batchSize : Math.ceil(window / batchSize) * batchSize;
    const rows = [...this.place.carried, ...Array.from({ length: wanted }, () => this.order.next())];
    this.left = [];
    if (batching === 'padded') {
      this.batches = [rows.map((row) => [row])];
      return;
    }
    const random = createRandom(seed + 7919 * this.place.window);
    if (batching === 'length_buckets') {
      const single = byLength(rows, lengths).map((row) => [row]);
      this.batches = random.shuffle(chunks(single, batchSize));
      return;
    }
    // The last sequences are the emptiest: they wait for the next window, where they are filled up.
    const packed = packRows(rows, lengths, sequenceLength);
    const full = packed.length - (packed.length % batchSize);
    this.left = packed.slice(full).flat();
    this.batches = chunks(random.shuffle(packed.slice(0, full)), batchSize);
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_chunk, n) => items.slice(n * size, (n + 1) * size));
}
