import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { SnapshotManifest } from '@qingnang/contracts';

type LeftOut = SnapshotManifest['left_out'][number];

/** Writes down what a freeze leaves out, a file a reason, as it goes by. */
export class LeftOutFiles {
  private readonly open = new Map<string, IdFile>();

  constructor(private readonly folder: string) {}

  async add(reason: string, id: string): Promise<void> {
    let file = this.open.get(reason);
    if (!file) {
      file = new IdFile(this.folder, `left-out-${reason}.txt`);
      this.open.set(reason, file);
    }
    await file.write(id);
  }

  /** How many were left out so far, by reason. */
  counts(): { reason: string; count: number }[] {
    return [...this.open].map(([reason, { count }]) => ({ reason, count })).sort(byReason);
  }

  async close(): Promise<LeftOut[]> {
    const closed: LeftOut[] = [];
    for (const [reason, file] of this.open) closed.push({ reason, ...(await file.close()) });
    return closed.sort(byReason);
  }
}

const byReason = (a: { reason: string }, b: { reason: string }): number => (a.reason < b.reason ? -1 : 1);

class IdFile {
  count = 0;
  private readonly hash: Hash = createHash('sha256');
  private readonly file: WriteStream;
  private readonly written: Promise<void>;

  constructor(
    folder: string,
    private readonly path: string,
  ) {
    this.file = createWriteStream(join(folder, path), { flush: true });
    this.written = finished(this.file);
    // Reported by write() and close(); until then nobody awaits it.
    this.written.catch(() => undefined);
  }

  async write(id: string): Promise<void> {
    const line = `${id}\n`;
    this.hash.update(line);
    this.count += 1;
    if (!this.file.write(line)) await Promise.race([once(this.file, 'drain'), this.written]);
  }

  async close(): Promise<{ count: number; path: string; sha256: string }> {
    this.file.end();
    await this.written;
    return { count: this.count, path: this.path, sha256: this.hash.digest('hex') };
  }
}

/** The lines of such a file from one on, without reading what lies before: they are all as long as the first. */
export async function readIds(path: string, from: number, count: number): Promise<string[]> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(size, LONGEST_LINE));
    await file.read(head, 0, head.length, 0);
    const width = head.indexOf('\n') + 1;
    const wanted = Buffer.alloc(Math.max(0, Math.min(count * width, size - from * width)));
    await file.read(wanted, 0, wanted.length, from * width);
    return wanted.toString('utf8').split('\n').filter(Boolean);
  } finally {
    await file.close();
  }
}

/** A pair is two ids with a colon between. */
const LONGEST_LINE = 200;
