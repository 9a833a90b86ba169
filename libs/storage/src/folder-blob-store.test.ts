import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256 } from '@qingnang/kernel';
import { FolderBlobStore } from './folder-blob-store.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'qingnang-blobs-'));
});
afterEach(() => rm(root, { recursive: true }));

test('what is put comes back, with its size and hash', async () => {
  const store = new FolderBlobStore(root);
  const stored = await store.put('uploads/a/血压.csv', Readable.from([Buffer.from('科室,'), Buffer.from('回答')]));
  expect(stored).toEqual({ bytes: 13, sha256: sha256('科室,回答') });
  expect(await text(await store.get('uploads/a/血压.csv'))).toBe('科室,回答');
});

test('a file past the limit, and one whose sender breaks off, leave nothing behind', async () => {
  const store = new FolderBlobStore(root);
  await expect(store.put('a', Readable.from([Buffer.alloc(11)]), 10)).rejects.toMatchObject({
    code: 'storage.too_large',
  });
  const broken = new Readable({ read() {} });
  broken.push('half');
  setImmediate(() => broken.destroy(new Error('cut')));
  await expect(store.put('b', broken)).rejects.toThrow();
  expect(await readdir(root)).toEqual([]);
});

test('a key cannot leave the folder, and a missing blob is named as such', async () => {
  const store = new FolderBlobStore(root);
  await expect(store.get('../secret')).rejects.toThrow('inside the store');
  await expect(store.get('nowhere')).rejects.toMatchObject({ code: 'storage.missing' });
});
