import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import type { SnapshotManifest, Split } from '@qingnang/contracts';
import { canonicalJson } from '@qingnang/kernel';

/** Rows a file: a few hundred megabytes at most, so that a reader can take files apart. */
const ROWS_PER_FILE = 50_000;

export type SnapshotFile = SnapshotManifest['files'][number];

/** Writes rows as gzipped JSONL files of one split, hashing what goes in and what comes out. Same rows, same bytes. */
export async function writeSplit(
  folder: string,
  split: Split,
  rows: AsyncIterable<object>,
  onRow: (row: object) => Promise<void> | void,
): Promise<SnapshotFile[]> {
  const files: SnapshotFile[] = [];
  let current: RowFile | null = null;
  for await (const row of rows) {
    current ??= new RowFile(folder, split, files.length);
    await current.write(row);
    await onRow(row);
    if (current.rows < ROWS_PER_FILE) continue;
    files.push(await current.close());
    current = null;
  }
  if (current) files.push(await current.close());
  return files;
}

class RowFile {
  rows = 0;
  private readonly path: string;
  private readonly gzip: Gzip;
  private readonly inside: Hash = createHash('sha256');
  private readonly outside: Hash = createHash('sha256');
  private readonly written: Promise<void>;

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
    const line = `${canonicalJson(row)}\n`;
    this.inside.update(line);
    this.rows += 1;
    if (!this.gzip.write(line)) await Promise.race([once(this.gzip, 'drain'), this.written]);
  }

  async close(): Promise<SnapshotFile> {
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
