import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Rows } from './rows.js';

/** Bytes held in memory before a file is begun, and written to it at once. */
const MEMORY = 4 * 2 ** 20;
/** Read at once: neighbours of a row come for nothing where rows are read in order. */
const STRETCH = 64 * 2 ** 10;

/** A file whose rows nobody can ask for any more is closed, and gone: its name was taken from it when it was made. */
const unused = new FinalizationRegistry<number>(closeSync);

/**
 * Encoded rows on the disk, of which memory holds the places alone: twelve bytes a row. A small set stays in memory. Rows are
 * added first and read then, in any order, each to the bit as it was.
 */
export class RowFile<T> implements Rows<T> {
  length = 0;
  private ends = new Float64Array(1024);
  private tail = Buffer.allocUnsafe(64 * 1024);
  /** Bytes in `tail`, which lies behind what is written. */
  private waiting = 0;
  private written = 0;
  private file: number | null = null;
  private readonly stretch = { from: 0, bytes: Buffer.alloc(0) };

  /** @param folder where the file is to lie, out of sight: as large as the rows */
  constructor(private readonly folder: string = tmpdir()) {}

  add(row: T): void {
    const bytes = serialize(row);
    if (this.waiting + bytes.length > MEMORY) this.writeOut();
    if (bytes.length > MEMORY) this.append(bytes);
    else {
      if (this.waiting + bytes.length > this.tail.length) this.grow(bytes.length);
      bytes.copy(this.tail, this.waiting);
      this.waiting += bytes.length;
    }
    if (this.length === this.ends.length) {
      const ends = new Float64Array(2 * this.length);
      ends.set(this.ends);
      this.ends = ends;
    }
    this.ends[this.length++] = this.written + this.waiting;
  }

  at(index: number): T | undefined {
    if (!(index >= 0 && index < this.length)) return undefined;
    const from = index === 0 ? 0 : this.ends[index - 1]!;
    const until = this.ends[index]!;
    const bytes =
      from >= this.written ? this.tail.subarray(from - this.written, until - this.written) : this.read(from, until);
    // Its own copy: typed arrays that come out of it may be views of it.
    return deserialize(Uint8Array.prototype.slice.call(bytes)) as T;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let index = 0; index < this.length; index++) yield this.at(index)!;
  }

  private grow(more: number): void {
    const tail = Buffer.allocUnsafe(Math.min(MEMORY, Math.max(2 * this.tail.length, this.waiting + more)));
    this.tail.copy(tail, 0, 0, this.waiting);
    this.tail = tail;
  }

  private writeOut(): void {
    const { waiting } = this;
    this.waiting = 0;
    this.append(this.tail.subarray(0, waiting));
  }

  private append(bytes: Buffer): void {
    this.file ??= this.create();
    for (let at = 0; at < bytes.length;) at += writeSync(this.file, bytes, at, bytes.length - at, this.written + at);
    this.written += bytes.length;
  }

  /** Readable by nobody else, and without a name: it goes with the process, however that ends. */
  private create(): number {
    const folder = mkdtempSync(join(this.folder, '.rows-'));
    const file = openSync(join(folder, 'rows'), 'w+', 0o600);
    try {
      rmSync(folder, { recursive: true });
    } catch {
      process.once('exit', () => rmSync(folder, { recursive: true, force: true })); // Windows keeps what is open
    }
    unused.register(this, file);
    return file;
  }

  private read(from: number, until: number): Buffer {
    const { stretch } = this;
    if (from < stretch.from || until > stretch.from + stretch.bytes.length) {
      const bytes = Buffer.allocUnsafe(Math.min(this.written - from, Math.max(STRETCH, until - from)));
      for (let at = 0; at < bytes.length;) {
        const found = readSync(this.file!, bytes, at, bytes.length - at, from + at);
        if (found === 0) throw new Error('The file of encoded rows ends before its time.');
        at += found;
      }
      stretch.from = from;
      stretch.bytes = bytes;
    }
    return stretch.bytes.subarray(from - stretch.from, until - stretch.from);
  }
}
