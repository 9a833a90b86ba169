import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { resolveRunConfig, runMethod, type RunMethod, type RunRequest, type RunResult } from '@qingnang/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectBackend } from '../backend/select-backend.js';
import { KeepingSink } from '../testing/tiny-model.js';
import { tinyRows, writeSnapshot } from '../testing/tiny-snapshot.js';
import { prepareRun } from './prepare-run.js';
import { openInputs, type InputPaths } from './run-inputs.js';
import type { StopRequest } from './stop-request.js';
import { trainRun } from './train-run.js';

const tiny = {
  backend: 'wasm',
  model: { hidden_size: 32, layers: 1, heads: 2, kv_heads: 2, intermediate_size: 48, vocabulary_size: 400 },
  batch_size: 3,
  evaluate_every: 100,
  checkpoint_every: 2,
  steps: 5,
} satisfies Omit<RunRequest, 'method'>;

const lora = { rank: 2, alpha: 4, dropout: 0.1 };

let root: string;
const at = (...parts: string[]): string => join(root, ...parts);

function requestOf(method: RunMethod, change: Partial<RunRequest> = {}): RunRequest {
  return { ...tiny, ...(method === 'ppo' ? { ppo: { response_length: 6, epochs: 2 } } : {}), ...change, method };
}

function inputsOf(method: RunMethod): InputPaths {
  const kind = { sft: 'sft', reward: 'preference', dpo: 'preference', ppo: 'prompts' }[method];
  const rewardModel = method === 'ppo' ? at('reward', 'checkpoints', 'step-1') : null;
  return { snapshot: at(kind), policy: at('sft-run', 'checkpoints', 'step-1'), rewardModel, ptx: null };
}

function run(
  name: string,
  request: RunRequest,
  inputs: InputPaths,
  { resume = false, stopAt = Infinity } = {},
): Promise<RunResult> {
  let stop = false;
  const print = (line: string): void => void (stop ||= line.startsWith(`Step ${stopAt}: checkpoint`));
  const listen = (): StopRequest => ({ requested: () => stop, dispose: () => undefined });
  return trainRun({
    request,
    inputs,
    run: at(name),
    resume,
    attempt: null,
    upload: null,
    listen,
    print,
    progress: null,
  });
}

/** Counts the tensors after each step but the first, and does something else then. */
class StepSink extends KeepingSink {
  readonly tensors: number[] = [];

  constructor(private readonly then: (step: number) => void = () => undefined) {
    super();
  }

  override metric(step: number, key: string, value: number): void {
    super.metric(step, key, value);
    if (key !== 'tokens_per_second') return;
    if (step > 1) this.tensors.push(tf.memory().numTensors);
    this.then(step);
  }
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'qingnang-methods-'));
  for (const kind of ['sft', 'preference', 'prompts'] as const)
    await writeSnapshot(at(kind), kind, { train: tinyRows(kind, 12), validation: tinyRows(kind, 3, 9) });
  await run('sft-run', requestOf('sft', { steps: 1 }), { ...inputsOf('sft'), policy: null });
  await run('reward', requestOf('reward', { steps: 1 }), inputsOf('reward'));
});
afterAll(() => rm(root, { recursive: true }));

describe.each(runMethod.options)('%s', (method) => {
  it.each([
    ['all weights', null],
    ['LoRA', lora],
  ] as const)('keeps as many tensors from step to step (%s)', async (_name, adapter) => {
    await selectBackend('wasm');
    const config = resolveRunConfig(requestOf(method, { lora: adapter, checkpoint_every: 100 }));
    const prepared = await prepareRun(config, await openInputs(method, inputsOf(method)), null);
    const sink = new StepSink();
    await prepared.train(sink);
    expect(sink.tensors).toHaveLength(4);
    expect(new Set(sink.tensors).size).toBe(1);
    tf.disposeVariables();
  });

  it('asks the guard of the wasm memory in the middle of a step', async () => {
    await selectBackend('wasm');
    const heap = (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm;
    const real = heap.HEAPU8;
    const setHeap = (value: unknown): void => {
      Object.defineProperty(heap, 'HEAPU8', { value, configurable: true, writable: true });
    };
    const config = resolveRunConfig(requestOf(method, { checkpoint_every: 100 }));
    const prepared = await prepareRun(config, await openInputs(method, inputsOf(method)), null);
    try {
      const sink = new StepSink((step) => void (step === 2 && setHeap({ length: 3.7e9 })));
      await expect(prepared.train(sink)).rejects.toThrow(/holds 3\.7 GB/);
    } finally {
      setHeap(real);
    }
    tf.disposeVariables();
  });

  // How SFT goes on is tried in `train-run.test.ts`.
  it.skipIf(method === 'sft')('learns by LoRA, and goes on to the same bits', async () => {
    const request = requestOf(method, { lora, steps: 4 });
    const whole = await run(`${method}-whole`, request, inputsOf(method));
    expect(whole).toMatchObject({ state: 'succeeded', steps: 4 });
    expect(await run(`${method}-cut`, request, inputsOf(method), { stopAt: 2 })).toMatchObject({ state: 'stopped' });
    const resumed = await run(`${method}-cut`, { method }, inputsOf(method), { resume: true });
    expect(resumed.weights_hash).toBe(whole.weights_hash);
  });
});

it('DPO asks its reference and lets it go: weights and moments are all that it holds while it learns', async () => {
  await selectBackend('wasm');
  const before = tf.memory().numBytes;
  const config = resolveRunConfig(requestOf('dpo', { checkpoint_every: 100, steps: 2 }));
  const prepared = await prepareRun(config, await openInputs('dpo', inputsOf('dpo')), null);
  const weights = tf.memory().numBytes - before;
  const held: number[] = [];
  await prepared.train(new StepSink(() => held.push(tf.memory().numBytes - before)));
  expect(held).toEqual([3 * weights, 3 * weights]);
  tf.disposeVariables();
});
