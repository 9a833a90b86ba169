import type { Model } from '../model/model.js';
import { padRows, type TokenBatch } from '../model/token-batch.js';
import { Decoder } from './decoder.js';

/** What a row did with its logits: said a token and goes on, is done, or begins anew from its prompt. */
export type RowStep = { id: number } | 'done' | 'again';

/** A text to be continued. What it says and to whom is its own affair. */
export interface BatchRow {
  readonly prompt: ArrayLike<number>;
  /** Nobody wants it any more: it leaves before the next step. */
  readonly cancelled: boolean;
  /** @param logits [vocabulary], valid during the call only */
  next(logits: Float32Array): RowStep;
  /** It cannot be continued; no more calls follow. */
  fail(error: unknown): void;
}

export interface BatchLimits {
  /** Rows that speak at the same time. */
  maxRows: number;
  /** Tokens of prompts read in one step, padding included: as long do those who speak wait for those who come. */
  prefillTokens: number;
}

/** Rows whose prompts are being read, some columns a step. */
interface Prefill {
  rows: BatchRow[];
  batch: TokenBatch;
  read: number;
  decoder: Decoder;
}

/**
 * Texts continued together, each from its own arrival to its own end (continuous batching, Yu et al. 2022, "Orca"): rows
 * join between two steps and leave when they are done. A row says what it would say alone, but for rounding.
 */
export class ContinuousBatch {
  private readonly queue: BatchRow[] = [];
  private prefill: Prefill | null = null;
  private rows: BatchRow[] = [];
  private nextIds: number[] = [];
  private readonly decoder: Decoder;

  constructor(
    private readonly model: Model,
    private readonly limits: BatchLimits,
  ) {
    this.decoder = new Decoder(model);
  }

  /** Rows that speak or whose prompt is being read. */
  get running(): number {
    return this.rows.length + (this.prefill?.rows.length ?? 0);
  }

  get waiting(): number {
    return this.queue.length;
  }

  add(row: BatchRow): void {
    this.queue.push(row);
  }

  /** Reads some of the waiting prompts and lets every row say one token. @returns whether there is more to do */
  step(): boolean {
    try {
      this.dropCancelled();
      this.prefill ??= this.nextPrefill();
      if (this.prefill) this.readPrompts(this.prefill);
      if (this.rows.length > 0) this.say(this.decoder.readTokens(this.nextIds));
    } catch (error) {
      this.failAll(error);
    }
    return this.running + this.waiting > 0;
  }

  dispose(): void {
    this.prefill?.decoder.dispose();
    this.decoder.dispose();
  }

  private dropCancelled(): void {
    const wanted = this.queue.filter((row) => !row.cancelled);
    this.queue.splice(0, this.queue.length, ...wanted);
    if (this.prefill?.rows.every((row) => row.cancelled)) {
      this.prefill.decoder.dispose();
      this.prefill = null;
    }
    if (this.rows.some((row) => row.cancelled)) this.keep(this.rows.map((row) => !row.cancelled));
  }

  /** The first who wait, as many as fit one step together; a long prompt alone. */
  private nextPrefill(): Prefill | null {
    const room = this.limits.maxRows - this.rows.length;
    let count = 0;
    for (let width = 0; count < Math.min(room, this.queue.length); count++) {
      width = Math.max(width, this.queue[count]!.prompt.length);
      if (count > 0 && width * (count + 1) > this.limits.prefillTokens) break;
    }
    if (count === 0) return null;
    const rows = this.queue.splice(0, count);
    const prompts = rows.map((row) => row.prompt);
    const batch = padRows(prompts, this.model.config.padTokenId, 'left');
    return { rows, batch, read: 0, decoder: new Decoder(this.model) };
  }

  private readPrompts(prefill: Prefill): void {
    const { batch, rows, decoder } = prefill;
    const columns = Math.max(1, Math.floor(this.limits.prefillTokens / rows.length));
    const until = Math.min(batch.width, prefill.read + columns);
    const logits = decoder.read(columnsOf(batch, prefill.read, until));
    prefill.read = until;
    if (until < batch.width) return;
    this.prefill = null;
    const before = this.rows.length;
    this.decoder.takeOver(decoder);
    this.rows.push(...rows);
    this.nextIds.push(...rows.map(() => 0));
    this.say(logits, before);
  }

  /** Gives the rows from `first` on their logits; who is done leaves. */
  private say(logits: readonly Float32Array[], first = 0): void {
    const stays = this.rows.map(() => true);
    logits.forEach((each, i) => {
      const row = this.rows[first + i]!;
      const step = row.cancelled ? 'done' : attempt(row, each);
      if (step === 'again') this.queue.unshift(row);
      if (typeof step === 'object') this.nextIds[first + i] = step.id;
      else stays[first + i] = false;
    });
    if (stays.includes(false)) this.keep(stays);
  }

  private keep(stays: readonly boolean[]): void {
    this.decoder.keep([...stays.keys()].filter((row) => stays[row]));
    this.rows = this.rows.filter((_, row) => stays[row]);
    this.nextIds = this.nextIds.filter((_, row) => stays[row]);
  }

  /** The model itself failed, out of memory for example: those who were part of the step cannot go on, those who wait can. */
  private failAll(error: unknown): void {
    const failed = [...this.rows, ...(this.prefill?.rows ?? [])];
    this.dispose();
    this.prefill = null;
    this.rows = [];
    this.nextIds = [];
    for (const row of failed) row.fail(error);
  }
}

/** One row's mistake is not the others'. */
function attempt(row: BatchRow, logits: Float32Array): RowStep {
  try {
    return row.next(logits);
  } catch (error) {
    row.fail(error);
    return 'done';
  }
}

function columnsOf(batch: TokenBatch, from: number, to: number): TokenBatch {
  const width = to - from;
  if (width === batch.width) return batch;
  const cut = <T extends Int32Array | Uint8Array>(all: T, into: T): T => {
    for (let row = 0; row < batch.rows; row++) {
      into.set(all.subarray(row * batch.width + from, row * batch.width + to), row * width);
    }
    return into;
  };
  const size = batch.rows * width;
  return {
    rows: batch.rows,
    width,
    ids: cut(batch.ids, new Int32Array(size)),
    mask: cut(batch.mask, new Uint8Array(size)),
    positions: cut(batch.positions, new Int32Array(size)),
  };
}
