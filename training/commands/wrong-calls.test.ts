import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { tinyRows, writeSnapshot } from '../testing/tiny-snapshot.js';
import { bestOfCommand } from './best-of-command.js';
import { inspectCommand } from './inspect-command.js';
import { trainCommand } from './train-command.js';

let root: string;
const at = (...parts: string[]): string => join(root, ...parts);
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'qingnang-calls-'));
  await writeSnapshot(at('sft'), 'sft', { train: tinyRows('sft', 6), validation: tinyRows('sft', 2, 9) });
});
afterAll(() => rm(root, { recursive: true }));
afterEach(() => void vi.restoreAllMocks());

describe('a snapshot of the wrong kind', () => {
  it('is named with the command that was called', async () => {
    const out = ['--out', at('best.jsonl'), '--policy', at('none'), '--reward-model', at('none')];
    await expect(bestOfCommand(['--snapshot', at('sft'), ...out])).rejects.toThrow(
      `The snapshot in ${at('sft')} is of kind sft; best-of needs one of kind prompts.`,
    );
    const run = ['--run', at('run'), '--policy', at('none')];
    await expect(trainCommand('dpo', ['--snapshot', at('sft'), ...run])).rejects.toThrow(/dpo needs one of kind pref/);
  });
});

describe('inspect', () => {
  it('says first in words what the snapshot is', async () => {
    const written: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    expect(await inspectCommand(['--snapshot', at('sft'), '--rows', '1'])).toBe(0);
    expect(written.join('')).toMatch(
      /^Snapshot of kind sft, digest [0-9a-f]{64}\.\nRows: 6 train, 2 validation; left out at 64 tokens: none; cut at a sentence: 0\.\n/,
    );
  });
});
