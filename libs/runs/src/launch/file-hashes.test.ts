import { createHash } from 'node:crypto';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
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

/** Writes a file that looks as old as another: only reading would tell them apart. */
async function write(name: string, text: string, second = 1_000_000_000): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  await utimes(path, second, second);
  return path;
}

describe('the hash of a file', () => {
  it('is read once, and again when size or time have changed', async () => {
    const path = await write('model.safetensors', 'first');
    expect(await hashFile(path)).toBe(sha('first'));
    await write('model.safetensors', 'other');
    expect(await hashFile(path), 'not read again').toBe(sha('first'));
    await write('model.safetensors', 'other', 1_000_000_001);
    expect(await hashFile(path)).toBe(sha('other'));
    await write('model.safetensors', 'longer', 1_000_000_001);
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

  it('may be told by whoever has just compared it', async () => {
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
