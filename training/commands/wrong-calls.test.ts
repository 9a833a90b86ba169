import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeFolder } from '../checkpoint/atomic-folder.js';
import { writeModel } from '../checkpoint/model-folder.js';
import { exportParameters } from '../model/parameters.js';
import { tinyModel } from '../testing/tiny-model.js';
import { tinyRows, writeSnapshot } from '../testing/tiny-snapshot.js';
import { bestOfCommand } from './best-of-command.js';
import { inspectCommand } from './inspect-command.js';
import { mergeCommand } from './merge-command.js';
import { trainCommand } from './train-command.js';

const note = { rehearsal: false, sequence_length: null, score_normalisation: null };

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

describe('a run that could not begin', () => {
  it('begins in the same folder once the setting is corrected', async () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const tiny = { hidden_size: 16, layers: 1, heads: 2, kv_heads: 2, intermediate_size: 16, vocabulary_size: 300 };
    const request = { backend: 'wasm', model: tiny, batch_size: 2, steps: 1 };
    const call = async (sft: object): Promise<number> => {
      await writeFile(at('config.json'), JSON.stringify({ ...request, sft }));
      return trainCommand('sft', ['--snapshot', at('sft'), '--run', at('again'), '--config', at('config.json')]);
    };
    await expect(call({ data_sets: ['distilled_conversation'] })).rejects.toThrow(/other_data_set/);
    expect(await call({})).toBe(0);
    await expect(call({})).rejects.toThrow(/has begun in .*again/);
    const none = ['--snapshot', at('sft'), '--run', at('other'), '--config', at('none.json')];
    await expect(trainCommand('sft', none)).rejects.toThrow(/--config: the file .*none\.json cannot be read \(ENOENT/);
    await expect(trainCommand('sft', ['--snapshot', at('sft'), '--run', at('config.json')])).rejects.toThrow(
      /No folder can be made at .*config\.json \(E/,
    );
  });
});

describe('merge', () => {
  it('copies no model that lacks a tensor', async () => {
    const path = at('torn');
    const model = tinyModel();
    const weights = exportParameters(model.parameters);
    const names = weights.names().slice(1);
    await writeFolder(path, async (folder) => {
      const file = {
        kind: 'causal-lm' as const,
        config: model.config,
        note,
        weights: { ...weights, names: () => names },
      };
      await writeModel(folder, file, { save: () => Promise.resolve(), padIdWithin: () => 0 });
    });
    await expect(mergeCommand(['--base', path, '--out', at('copy')])).rejects.toThrow(
      /torn lacks "model\.embed_tokens/,
    );
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

describe('an option the command does not have', () => {
  it.each([
    ['--snapshto', 'There is no option --snapshto; did you mean --snapshot?'],
    ['--reward_model=x', 'There is no option --reward_model; did you mean --reward-model?'],
    ['-run', 'There is no option -r; there are --attempt, --backend, --config,'],
    ['--learning-rate=1', 'There is no option --learning-rate; there are --attempt, --backend, --config,'],
  ])('%s', async (option, remedy) => {
    await expect(trainCommand('sft', [option])).rejects.toMatchObject({
      code: 'training.arguments',
      message: expect.stringContaining(remedy) as string,
    });
  });
});
