import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLock } from './job-lock.js';
import { keepRequestKey } from './request-key.js';

let work: string;
beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'qingnang-work-'));
});
afterEach(() => rm(work, { recursive: true, force: true }));

describe('the lock of a work folder', () => {
  const living = [11, 12, 13, 14, 15];
  const take = (pid: number) => takeLock(work, pid, (each) => living.includes(each));
  const left = async (pid: number): Promise<void> => {
    await mkdir(join(work, 'at-work'), { recursive: true });
    await writeFile(join(work, 'at-work', `${pid}.left`), '');
  };

  it('is held by one call and free after it', async () => {
    const release = await take(11);
    await expect(take(12)).rejects.toThrow(/process 11/);
    await release();
    await (
      await take(12)
    )();
    expect(await readdir(work)).toEqual([]);
  });

  it('left by a dead process, or by one of our number before a restart, is taken over', async () => {
    await left(99);
    await (
      await take(11)
    )();
    await left(11);
    await (
      await take(11)
    )();
  });

  it('goes to one of many that find it free, or dead, at the same moment', async () => {
    for (let round = 0; round < 20; round++) {
      if (round % 2 === 1) await left(99);
      const calls = await Promise.allSettled(living.map(take));
      const held = calls.flatMap((call) => (call.status === 'fulfilled' ? [call.value] : []));
      expect(held).toHaveLength(1);
      await held[0]!();
    }
    expect(await readdir(work)).toEqual([]);
  });

  it('is not given back by whoever has lost it', async () => {
    const release = await take(11);
    await rm(join(work, 'at-work'), { recursive: true });
    await take(12);
    await release();
    await expect(take(13)).rejects.toThrow(/process 12/);
  });
});

describe('the key of a request', () => {
  it('is the same until it is forgotten, and another for another request', async () => {
    const first = await keepRequestKey(work, { name: 'a', seed: 1 });
    expect(await keepRequestKey(work, { seed: 1, name: 'a' })).toMatchObject({ key: first.key, before: true });
    expect((await keepRequestKey(work, { name: 'b', seed: 1 })).key).not.toBe(first.key);
    await first.forget();
    expect(await keepRequestKey(work, { name: 'a', seed: 1 })).toMatchObject({ before: false });
  });
});
