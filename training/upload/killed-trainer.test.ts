import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobFolder } from './job-folder.js';
import { noteKilled, signalOf } from './killed-trainer.js';

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'qingnang-killed-'));
});
afterEach(() => rm(path, { recursive: true }));

describe('a trainer that was killed', () => {
  it('is told from one that ended by itself or was asked to', () => {
    expect(signalOf(null, 'SIGKILL')).toBe('SIGKILL');
    expect(signalOf(137, null)).toBe('SIGKILL'); // behind a shell
    expect(signalOf(139, null)).toBe('SIGSEGV');
    expect([0, 1, 2, 75, 130, 143].map((code) => signalOf(code, null))).toEqual(new Array(6).fill(null));
  });

  it('goes on at its newest checkpoint, until it has been killed there four times', async () => {
    const folder = new JobFolder(path);
    expect(await noteKilled(folder, 'SIGABRT')).toMatchObject({ step: null, times: 1, tooOften: false });
    await mkdir(join(path, 'checkpoints', 'step-8'), { recursive: true });
    for (const times of [1, 2, 3])
      expect(await noteKilled(folder, 'SIGKILL')).toMatchObject({ step: 8, times, tooOften: false });
    const last = await noteKilled(folder, 'SIGKILL');
    expect(last).toMatchObject({ times: 4, tooOften: true });
    expect(last.said).toMatch(/killed by SIGKILL .* step 8, for the 4th time there: look at the memory/);
    await mkdir(join(path, 'checkpoints', 'step-16'));
    expect(await noteKilled(folder, 'SIGKILL')).toMatchObject({ step: 16, times: 1, tooOften: false });
    const log = await readFile(join(path, 'log.txt'), 'utf8');
    expect(log.match(/killed by/g)).toHaveLength(6);
    expect(log).toContain('before its first checkpoint; the same command goes on from the beginning');
  });
});
