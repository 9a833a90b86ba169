import type { Readable } from 'node:stream';

export interface StoredBlob {
  bytes: number;
  /** Lower-case hex SHA-256 of the content. */
  sha256: string;
}

/** Where files live. Keys are relative paths with forward slashes; a key is written once. */
export interface BlobStore {
  /** Streams in, whole or not at all. Throws `storage.too_large` past `limit` bytes, `storage.full` on a full disk. */
  put(key: string, content: Readable, limit?: number): Promise<StoredBlob>;
  /** Throws `storage.missing` where there is none. */
  get(key: string): Promise<Readable>;
  delete(key: string): Promise<void>;
}

export const BLOB_STORE = Symbol('blob-store');
