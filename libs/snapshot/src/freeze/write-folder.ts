import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import { type SnapshotManifest, split as splits, type Split } from '@qingnang/contracts';
import { canonicalJson } from '@qingnang/kernel';

/** Rows a file: a few hundred megabytes at most, so that a reader can take files apart. */
const ROWS_PER_FILE = 50_000;
/** Characters given to gzip at once: each write is a trip to another thread. The bytes that come out are the same. */
const AT_ONCE = 64 * 1024;

export type SnapshotFile = SnapshotManifest['files'][number];

/**
 * Writes rows as gzipped JSONL files, each split into its own, hashing what goes in and what comes out. Same rows, same
 * bytes.
 */
export class SplitFiles {
  private readonly open = new Map<Split, RowFile>();
  private readonly closed = new Map<Split, SnapshotFile[]>();

  constructor(private readonly folder: string) {}

  async add(split: Split, row: object): Promise<void> {
    const before = this.closed.get(split) ?? [];
    const file = this.open.get(split) ?? new RowFile(this.folder, split, before.length);
    this.open.set(split, file);
    await file.write(row);
    if (file.rows < ROWS_PER_FILE) return;
    this.open.delete(split);
    this.closed.set(split, [...before, await file.close()]);
  }

  /** Every file, split by split. */
  async close(): Promise<SnapshotFile[]> {
    const files: SnapshotFile[] = [];
    for (const split of splits.options) {
      const last = await this.open.get(split)?.close();
      files.push(...(this.closed.get(split) ?? []), ...(last ? [last] : []));
    }
    return files;
  }
}

class RowFile {
  rows = 0;
  private readonly path: string;
  private readonly gzip: Gzip;
  private readonly inside: Hash = createHash('sha256');
  private readonly outside: Hash = createHash('sha256');
  private readonly written: Promise<void>;
  private held = '';

  constructor(
    folder: string,
    private readonly split: Split,
    index: number,
  ) {
    this.path = `${split}-${String(index).padStart(5, '0')}.jsonl.gz`;
    // The level is part of the bytes, so it is said here and not left to a default.
    this.gzip = createGzip({ level: 6 });
    const file = createWriteStream(join(folder, this.path), { flush: true });
    this.gzip.on('data', (chunk: Buffer) => this.outside.update(chunk));
    this.gzip.on('error', (error) => file.destroy(error));
    file.on('error', (error) => this.gzip.destroy(error));
    this.gzip.pipe(file);
    this.written = finished(file);
    // Reported by close(); until then nobody awaits it.
    this.written.catch(() => undefined);
  }

  async write(row: object): Promise<void> {
    this.held += `${canonicalJson(row)}\n`;
    this.rows += 1;
    if (this.held.length >= AT_ONCE) await this.pass();
  }

  private async pass(): Promise<void> {
    const bytes = Buffer.from(this.held);
    this.held = '';
    this.inside.update(bytes);
    if (!this.gzip.write(bytes)) await Promise.race([once(this.gzip, 'drain'), this.written]);
  }

  async close(): Promise<SnapshotFile> {
    await this.pass();
    this.gzip.end();
    await this.written;
    return {
      path: this.path,
      split: this.split,
      rows: this.rows,
      sha256: this.outside.digest('hex'),
      content_sha256: this.inside.digest('hex'),
    };
  }
}
