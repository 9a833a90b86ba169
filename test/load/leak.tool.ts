import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { resolveRunConfig, runMethod, type RunMethod, type RunRequest } from '@qingnang/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareRun } from '../../training/run/prepare-run.js';
import { openInputs } from '../../training/run/run-inputs.js';
import { trainRun } from '../../training/run/train-run.js';
import { selectBackend } from '../../training/backend/select-backend.js';
import { KeepingSink } from '../../training/testing/tiny-model.js';
import { tinyRows, writeSnapshot } from '../../training/testing/tiny-snapshot.js';

// `npm run bench -- leak`
const STEPS = 1000;

const tiny = {
  backend: 'wasm',
  model: { hidden_size: 16, layers: 1, heads: 2, kv_heads: 2, intermediate_size: 24, vocabulary_size: 350 },
  batch_size: 4,
  evaluate_every: 100,
  checkpoint_every: 250,
} satisfies Omit<RunRequest, 'method'>;

/** Tensors, their bytes and the wasm heap after each step. */
class MemorySink extends KeepingSink {
  readonly seen: { tensors: number; bytes: number; heap: number }[] = [];

  override metric(step: number, key: string, value: number): void {
    super.metric(step, key, value);
    if (key !== 'tokens_per_second') return;
    const { numTensors: tensors, numBytes: bytes } = tf.memory();
    this.seen.push({ tensors, bytes, heap: heapBytes() });
  }
}

function heapBytes(): number {
  return (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
}

let root: string;
const kinds = { sft: 'sft', reward: 'preference', dpo: 'preference', ppo: 'prompts' } as const;
const inputsOf = (method: RunMethod) => ({
  snapshot: join(root, kinds[method]),
  policy: join(root, 'sft-run', 'checkpoints', 'step-1'),
  rewardModel: method === 'ppo' ? join(root, 'reward-run', 'checkpoints', 'step-1') : null,
  ptx: null,
});

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'qingnang-leak-'));
  for (const kind of ['sft', 'preference', 'prompts'] as const)
    await writeSnapshot(join(root, kind), kind, { train: tinyRows(kind, 40), validation: tinyRows(kind, 8, 9) });
  const quiet = { resume: false, attempt: null, upload: null, print: () => undefined, progress: null };
  const listen = () => ({ requested: () => false, dispose: () => undefined });
  for (const method of ['sft', 'reward'] as const) {
    const inputs = { ...inputsOf(method), ...(method === 'sft' ? { policy: null } : {}) };
    const run = join(root, `${method}-run`);
    await trainRun({ ...quiet, listen, inputs, run, request: { ...tiny, method, steps: 1 } });
  }
});
afterAll(() => rm(root, { recursive: true }));

it.each(runMethod.options)(
  `leak: ${STEPS} steps of %s keep as many tensors and bytes as the second`,
  async (method) => {
    await selectBackend('wasm');
    const ppo = method === 'ppo' ? { ppo: { response_length: 6 } } : {};
    const config = resolveRunConfig({ ...tiny, ...ppo, method, steps: STEPS });
    const prepared = await prepareRun(config, await openInputs(method, inputsOf(method)), null);
    const sink = new MemorySink();
    await prepared.train(sink);
    const [, second] = sink.seen;
    const last = sink.seen.at(-1)!;
    process.stdout.write(`${JSON.stringify({ method, steps: sink.seen.length, second, last })}\n`);
    expect(sink.seen).toHaveLength(STEPS);
    expect(new Set(sink.seen.slice(1).map(({ tensors }) => tensors)).size).toBe(1);
    expect(last.bytes).toBe(second!.bytes);
    // The heap grows by pages while responses and batches vary, and then no more.
    expect(last.heap).toBe(sink.seen[STEPS / 2]!.heap);
    tf.disposeVariables();
  },
  600_000,
);
