import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isDiskFull } from '@qingnang/database';
import { DomainError } from '@qingnang/kernel';
import type { BlobStore, StoredBlob } from './blob-store.js';

/** Blobs as files under one folder; readable by this account only. */
export class FolderBlobStore implements BlobStore {
  constructor(private readonly root: string) {}

  async put(key: string, content: Readable, limit = Infinity): Promise<StoredBlob> {
    // Heard here until the pipeline listens: a sender may break off while the folder is being made.
    content.on('error', () => undefined);
    const target = this.path(key);
    const partial = `${target}.${randomBytes(6).toString('hex')}.part`;
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const meter = new Meter(limit);
    try {
      await pipeline(content, meter, createWriteStream(partial, { mode: 0o600, flush: true }));
      // A rename shows the file whole or not at all, also after a power cut.
      await rename(partial, target);
    } catch (error) {
      await rm(partial, { force: true });
      throw isDiskFull(error) ? storageFull(error) : error;
    }
    return { bytes: meter.bytes, sha256: meter.digest() };
  }

  async get(key: string): Promise<Readable> {
    const path = this.path(key);
    const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      throw new DomainError({
        code: 'storage.missing',
        status: 410,
        detail: 'This file is no longer stored.',
        cause: error,
      });
    });
    await file.close();
    return createReadStream(path);
  }

  async delete(key: string): Promise<void> {
    await rm(this.path(key), { force: true });
  }

  /** Refuses keys that would leave the folder. */
  private path(key: string): string {
    const path = normalize(join(this.root, key));
    if (!path.startsWith(normalize(this.root) + sep)) throw new RangeError('a blob key stays inside the store');
    return path;
  }
}

/** Counts and hashes what passes, and stops it past the limit. */
class Meter extends Transform {
  bytes = 0;
  private readonly hash = createHash('sha256');

  constructor(private readonly limit: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error?: Error | null, data?: Buffer) => void): void {
    this.bytes += chunk.length;
    if (this.bytes > this.limit) return done(tooLarge(this.limit));
    this.hash.update(chunk);
    done(null, chunk);
  }

  digest(): string {
    return this.hash.digest('hex');
  }
}

function tooLarge(limit: number): DomainError {
  return new DomainError({
    code: 'storage.too_large',
    status: 413,
    detail: `The file is larger than the ${limit} bytes allowed here; split it, or raise QINGNANG_UPLOAD_LIMIT_BYTES.`,
    details: { limit },
  });
}

function storageFull(cause: unknown): DomainError {
  return new DomainError({
    code: 'storage.full',
    status: 507,
    detail: 'The disk is full; nothing of this file was kept. Free some space and send it again.',
    retryable: true,
    cause,
  });
}
