import { createHash } from 'node:crypto';
import { mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashFile, hashWeights, rememberHash } from './file-hashes.js';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qingnang-hashes-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const changed = async (path: string): Promise<bigint> =>
  (await stat(path, { bigint: true }).catch(() => null))?.ctimeNs ?? 0n;

/** Writes a file that looks as old as another but for the moment it was changed, which a clock of few ticks may repeat. */
async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  const before = await changed(path);
  do {
    await writeFile(path, text);
    await utimes(path, 1_000_000_000, 1_000_000_000);
  } while ((await changed(path)) === before);
  return path;
}

describe('the hash of a file', () => {
  it('is that of what it holds now, also where its time was set back', async () => {
    const path = await write('model.safetensors', 'first');
    expect(await hashFile(path)).toBe(sha('first'));
    await write('model.safetensors', 'other');
    expect(await hashFile(path)).toBe(sha('other'));
    await write('model.safetensors', 'longer');
    expect(await hashFile(path)).toBe(sha('longer'));
  });

  it('is that of the weights where they are one file; shards are hashed as one', async () => {
    await write('model.safetensors', 'whole');
    expect(await hashWeights(folder)).toBe(sha('whole'));
    await rm(join(folder, 'model.safetensors'));
    await write('model-00001-of-00002.safetensors', 'one');
    await write('model-00002-of-00002.safetensors', 'two');
    expect(await hashWeights(folder)).toBe(sha('onetwo'));
    await write('model-00002-of-00002.safetensors', 'three');
    expect(await hashWeights(folder)).toBe(sha('onethree'));
  });

  it('is not read again while nothing has changed: it may be told by whoever has just compared it', async () => {
    const path = await write('model.safetensors', 'arrived');
    await rememberHash(path, sha('told'));
    expect(await hashFile(path)).toBe(sha('told'));
  });

  it('is not that of a file which is gone', async () => {
    await hashFile(await write('model.safetensors', 'here'));
    await rm(join(folder, 'model.safetensors'));
    await expect(hashWeights(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
