import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckpointState } from '../interfaces.js';
import { trainTokenizer } from '../tokenizer/tokenizer.js';
import { readJson } from './json-file.js';
import { openModel } from './model-folder.js';
import { latestCheckpoint, readCheckpoint, writeCheckpoint } from './training-checkpoint.js';
import { hashWeights } from './weight-files.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qingnang-checkpoint-'));
});
afterEach(() => rm(folder, { recursive: true }));

const meta = {
  tokenizer: trainTokenizer(['头痛两天'], 280, 512),
  rehearsal: true,
  sequenceLength: 64,
  cpuSeconds: 1.5,
};

function stateOf(kind: CheckpointState['kind'], tensors: Record<string, number[]>): CheckpointState {
  const source = (values: Record<string, number[]>) => ({
    names: () => Object.keys(values),
    get: (name: string) => ({ shape: [values[name]!.length], data: Float32Array.from(values[name]!) }),
  });
  return {
    kind,
    config: {
      architecture: 'llama',
      vocabSize: 280,
      hiddenSize: 8,
      layers: 1,
      heads: 2,
      kvHeads: 2,
      headDim: 4,
      intermediateSize: 16,
      contextLength: 512,
      ropeTheta: 10_000,
      ropeScaling: null,
      normEpsilon: 1e-5,
      tiedEmbeddings: true,
      bosTokenId: null,
      eosTokenId: 1,
      padTokenId: 0,
    },
    weights: source(tensors),
    optimiser: { step: 3, moments: source({ 'a.m': [1], 'a.v': [2] }) },
    position: { order: [2, 0, 1], at: 1 },
    random: 4_000_000_000,
    scoreNormalisation: kind === 'reward' ? { mean: 0.25, sd: 2 } : null,
  };
}

const weightsOf = (state: CheckpointState): Record<string, number[]> =>
  Object.fromEntries(state.weights.names().map((name) => [name, [...state.weights.get(name).data]]));

describe('a checkpoint', () => {
  it('gives back all that training needs to go on', async () => {
    const state = stateOf('reward', { a: [1, 2], 'score.weight': [3] });
    const hash = await writeCheckpoint(join(folder, 'step-3'), 3, state, meta);
    const back = await readCheckpoint(join(folder, 'step-3'));
    expect(back).toMatchObject({ step: 3, cpuSeconds: 1.5 });
    expect(back.state).toMatchObject({
      kind: 'reward',
      config: state.config,
      position: state.position,
      random: state.random,
      scoreNormalisation: { mean: 0.25, sd: 2 },
    });
    expect(weightsOf(back.state)).toEqual({ a: [1, 2], 'score.weight': [3] });
    expect([...back.state.optimiser.moments.get('a.v').data]).toEqual([2]);
    expect(await hashWeights(join(folder, 'step-3'))).toBe(hash);
  });

  it('keeps the value head out of the language model', async () => {
    await writeCheckpoint(join(folder, 'step-1'), 1, stateOf('causal-lm', { a: [1], 'v_head.weight': [5] }), meta);
    expect((await openModel(join(folder, 'step-1'))).weights.names()).toEqual(['a']);
    expect(weightsOf((await readCheckpoint(join(folder, 'step-1'))).state)).toEqual({ a: [1], 'v_head.weight': [5] });
  });

  it('is laid out as transformers 4 and 5 read it, with its stamp', async () => {
    await writeCheckpoint(join(folder, 'step-1'), 1, stateOf('causal-lm', { a: [1] }), meta);
    expect((await readdir(join(folder, 'step-1'))).sort()).toEqual([
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'optimizer.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
      'training_state.json',
    ]);
    expect(await readJson(join(folder, 'step-1', 'config.json'))).toMatchObject({
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      rope_theta: 10_000,
      torch_dtype: 'float32',
      qingnang: { rehearsal: true, sequence_length: 64 },
    });
  });

  it('replaces one of the same step, and survives a kill between the two renames', async () => {
    const path = join(folder, 'step-2');
    await writeCheckpoint(path, 2, stateOf('causal-lm', { a: [1] }), meta);
    await writeCheckpoint(path, 2, stateOf('causal-lm', { a: [7] }), meta);
    expect(weightsOf((await readCheckpoint(path)).state)).toEqual({ a: [7] });
    await rename(path, join(folder, '.step-2.old'));
    await mkdir(join(folder, '.step-3.new'));
    await writeFile(join(folder, '.step-3.new', 'config.json'), '{');
    expect(await latestCheckpoint(folder)).toBe(path);
    expect(await readdir(folder)).toEqual(['step-2']);
  });

  it('is the one of the highest step', async () => {
    expect(await latestCheckpoint(join(folder, 'none'))).toBeNull();
    for (const name of ['step-9', 'step-100', 'step-20', 'other']) await mkdir(join(folder, name));
    expect(await latestCheckpoint(folder)).toBe(join(folder, 'step-100'));
  });
});
