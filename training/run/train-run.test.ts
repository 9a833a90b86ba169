import { access, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { resolveRunConfig, runResult, type RunRequest, type RunResult } from '@qingnang/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeFolder } from '../checkpoint/atomic-folder.js';
import { openModel, writeModel } from '../checkpoint/model-folder.js';
import { openSafetensors } from '../checkpoint/safetensors.js';
import { hashWeights } from '../checkpoint/weight-files.js';
import { mergeCommand } from '../commands/merge-command.js';
import { openAdapter } from '../lora/adapter-folder.js';
import { mergedWeights } from '../lora/merge.js';
import { tinyRows, writeSnapshot } from '../testing/tiny-snapshot.js';
import { loadTokenizer } from '../tokenizer/tokenizer.js';
import { explainOutOfMemory } from './out-of-memory.js';
import type { StopRequest } from './stop-request.js';
import { trainRun } from './train-run.js';

const tiny = {
  method: 'sft',
  backend: 'wasm',
  model: { hidden_size: 32, layers: 1, heads: 2, kv_heads: 2, intermediate_size: 48, vocabulary_size: 400 },
  batch_size: 4,
  evaluate_every: 4,
  checkpoint_every: 4,
  steps: 8,
} satisfies RunRequest;

const lora = { rank: 2, alpha: 4, dropout: 0.1, target_modules: ['q_proj', 'v_proj'] };

let root: string;
const at = (...parts: string[]): string => join(root, ...parts);

interface Circumstances {
  policy?: string;
  mix?: { path: string; weight: number }[];
  resume?: boolean;
  /** Asked to stop once this checkpoint is written. */
  stopAt?: number;
  hear?: (line: string) => void;
}

async function run(
  name: string,
  request: RunRequest,
  { policy, mix = [], resume = false, stopAt = Infinity, hear }: Circumstances = {},
): Promise<RunResult> {
  let stop = false;
  const print = (line: string): void => {
    stop ||= line.startsWith(`Step ${stopAt}: checkpoint`);
    hear?.(line);
  };
  const listen = (): StopRequest => ({ requested: () => stop, dispose: () => undefined });
  const inputs = { snapshot: at('sft'), policy: policy ?? null, rewardModel: null, ptx: null, mix };
  const progress = { write: () => undefined, terminal: false, columns: 80 };
  return trainRun({ request, inputs, run: at(name), resume, attempt: null, upload: null, listen, print, progress });
}

const exists = (...path: string[]): Promise<boolean> =>
  access(at(...path)).then(
    () => true,
    () => false,
  );
const resultOf = async (name: string): Promise<RunResult> =>
  runResult.parse(JSON.parse(await readFile(at(name, 'result.json'), 'utf8')));

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'qingnang-run-'));
  await writeSnapshot(at('sft'), 'sft', { train: tinyRows('sft', 30), validation: tinyRows('sft', 6, 9) });
  await run('base', { ...tiny, steps: 2 });
});
afterAll(() => rm(root, { recursive: true }));

describe('a run on mixed snapshots, packed, in another chat format', () => {
  const data = {
    batching: 'packed' as const,
    truncate: 'sentence' as const,
    chat_format: 'chatml' as const,
    window: 12,
  };
  const request = { ...tiny, sequence_length: 36, data };

  it('stopped in the middle of a pass and resumed is the uninterrupted one, and says what it read', async () => {
    await writeSnapshot(at('more'), 'sft', { train: tinyRows('sft', 10, 4) });
    const mix = [{ path: at('more'), weight: 0.5 }];
    const whole = await run('mixed', request, { mix });
    expect(whole.inputs.map(({ role }) => role)).toEqual(['data', 'mix-1']);
    expect(whole.inputs[0]!.cut).toBeGreaterThan(0);
    const first = await run('mixed-cut', request, { mix, stopAt: 4 });
    expect(first.state).toBe('stopped');
    await expect(run('mixed-cut', request, { resume: true })).rejects.toThrow(/mix-1 input is not the one/);
    const heavier = [{ ...mix[0]!, weight: 2 }];
    await expect(run('mixed-cut', request, { mix: heavier, resume: true })).rejects.toThrow(/mix-1 input is not/);
    const second = await run('mixed-cut', request, { mix, resume: true });
    expect(second.weights_hash).toBe(whole.weights_hash);
    const config = await readFile(at('mixed', whole.checkpoint!, 'tokenizer_config.json'), 'utf8');
    expect(config).toContain('<|im_start|>');
  });
});

describe('a LoRA run', () => {
  const request = { ...tiny, lora, data: { batching: 'packed' as const }, sft: { dropout: 0.1 } };
  const policy = (): string => at('base', 'checkpoints', 'step-2');

  it('keeps the adapter only until it ends, and then a whole model beside it', async () => {
    const result = await run('lora', request, { policy: policy() });
    expect(await exists('lora', 'checkpoints', 'step-4', 'model.safetensors')).toBe(false);
    await expect(openModel(at('lora', 'checkpoints', 'step-4'))).rejects.toThrow(/qingnang-train merge --base/);
    const final = at('lora', result.checkpoint!);
    expect(await hashWeights(final)).toBe(result.weights_hash);
    const base = await openModel(policy());
    const merged = mergedWeights(base, await openAdapter(join(final, 'adapter'), base.config));
    const model = await openModel(final);
    for (const name of model.weights.names()) expect(model.weights.get(name)).toEqual(merged.get(name));
    const name = 'model.layers.0.self_attn.q_proj.weight';
    expect(model.weights.get(name)).not.toEqual(base.weights.get(name));
  });

  it('stopped and resumed is the uninterrupted one, to the bit', async () => {
    const stopped = await run('cut', request, { policy: policy(), stopAt: 4 });
    expect(stopped).toMatchObject({ state: 'stopped', steps: 5 });
    const result = await run('cut', { method: 'sft' }, { policy: policy(), resume: true });
    expect(result.weights_hash).toBe((await resultOf('lora')).weights_hash);
    for (const file of ['adapter/adapter_model.safetensors', 'optimizer.safetensors']) {
      const [whole, cut] = ['lora', 'cut'].map((each) => openSafetensors(at(each, result.checkpoint!, file)));
      for (const tensor of whole!.names()) expect(cut!.get(tensor)).toEqual(whole!.get(tensor));
    }
  });

  it('goes on with its own settings, and refuses others by name', async () => {
    const resume = (change: Partial<RunRequest>): Promise<RunResult> =>
      run('lora', { method: 'sft', ...change }, { policy: policy(), resume: true });
    await expect(resume({ lora: { rank: 3 } })).rejects.toThrow(/another configuration \(lora\.rank\)/);
    await expect(resume({ seed: 8 })).rejects.toThrow(/\(seed\)/);
    await expect(resume({ backend: 'wasm', lora: { rank: 2 } })).rejects.toThrow(/has succeeded/);
  });

  it('wants a model to adapt', async () => {
    await expect(run('bare', request)).rejects.toThrow(/--policy/);
  });
});

describe('a run whose model is saved in another type', () => {
  afterEach(() => void vi.restoreAllMocks());

  const save = { dtype: 'bfloat16' } as const;

  it('leaves it in a folder of its own, and the checkpoints as they are', async () => {
    const [plain, result] = [await run('plain', tiny), await run('saved', { ...tiny, save })];
    expect(result).toMatchObject({ checkpoint: 'model', figures: plain.figures });
    expect(await hashWeights(at('saved', 'model'))).toBe(result.weights_hash);
    expect(await hashWeights(at('saved', plain.checkpoint!))).toBe(plain.weights_hash);
    expect((await readdir(at('saved', 'model'))).sort()).toEqual([
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    const [stored, exact] = [await openModel(at('saved', 'model')), await openModel(at('plain', plain.checkpoint!))];
    expect({ ...stored, path: '', weights: null }).toEqual({ ...exact, path: '', weights: null });
    // Cut off before its result: the checkpoint leads to the same model again.
    await rm(at('saved', 'result.json'));
    expect(await run('saved', { method: 'sft' }, { resume: true })).toMatchObject({
      checkpoint: 'model',
      weights_hash: result.weights_hash,
      figures: { 'eval/loss': plain.figures['eval/loss'] },
    });
  });

  it('merges an adapter as the command does, which replaces nothing', async () => {
    const policy = at('base', 'checkpoints', 'step-2');
    const result = await run('lora-saved', { ...tiny, lora, save }, { policy });
    expect(await exists('lora-saved', 'checkpoints', 'step-8', 'model.safetensors')).toBe(false);
    expect(await exists('lora-saved', 'model', 'adapter', 'adapter_model.safetensors')).toBe(true);
    const adapter = at('lora-saved', 'checkpoints', 'step-8', 'adapter');
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const args = ['--base', policy, '--adapter', adapter, '--out', at('merged'), '--dtype', 'bfloat16'];
    expect(await mergeCommand(args)).toBe(0);
    expect(await hashWeights(at('merged'))).toBe(result.weights_hash);
    await expect(mergeCommand(args)).rejects.toThrow(/--out .*holds files already/);
    const wrong = mergeCommand(['--base', policy, '--out', at('wrong'), '--dtype', 'int8']);
    await expect(wrong).rejects.toThrow(/--dtype.*bfloat16/);
    // Without an adapter: the model itself, in the type asked for.
    expect(await mergeCommand(['--base', at('merged'), '--out', at('widened')])).toBe(0);
    const name = 'model.layers.0.self_attn.q_proj.weight';
    const [halves, floats] = [await openModel(at('merged')), await openModel(at('widened'))];
    expect(floats.weights.get(name)).toEqual(halves.weights.get(name));
  });

  it('stays float32 where a number is beyond float16, and says so', async () => {
    const base = await openModel(at('base', 'checkpoints', 'step-2'));
    const large = base.weights.get('model.norm.weight');
    large.data[0] = 70_000;
    const weights = {
      ...base.weights,
      get: (name: string) => (name.endsWith('.norm.weight') ? large : base.weights.get(name)),
    };
    await writeFolder(at('large'), async (folder) => {
      await writeModel(folder, { ...base, weights }, await loadTokenizer(base.path));
    });
    const lines: string[] = [];
    const request = { ...tiny, lora, steps: 1, save: { dtype: 'float16' as const } };
    const result = await run('large-run', request, { policy: at('large'), hear: (line) => void lines.push(line) });
    expect(result).toMatchObject({ state: 'succeeded', checkpoint: 'checkpoints/step-1' });
    expect((await readdir(at('large-run'))).filter((name) => name.includes('model'))).toEqual([]);
    expect(lines.join()).toMatch(/model\.norm\.weight holds 70000.* stays float32/);
  });
});

describe('a run', () => {
  it('counts its steps from the epochs asked for, and no more than the most', async () => {
    const result = await run('epochs', { ...tiny, epochs: 1, sft: { accumulation: 2 } });
    expect(result.steps).toBe(Math.ceil(30 / 8));
    expect((await run('capped', { ...tiny, epochs: 9, steps: 3 })).steps).toBe(3);
  });

  it('is known by its best checkpoint after an early stop', async () => {
    const settings = { ...tiny, steps: 60, evaluate_every: 2, optimiser: { learning_rate: 0.5, weight_decay: 0 } };
    const result = await run('early', { ...settings, sft: { patience: 2 } });
    expect(result.steps).toBeLessThan(60);
    expect(result.checkpoint).toBe(`checkpoints/step-${result.steps - 4}`);
    expect(await hashWeights(at('early', result.checkpoint!))).toBe(result.weights_hash);
  });

  it('stops at a loss that is no number, with the rows named and saved', async () => {
    const failing = run('nan', {
      ...tiny,
      optimiser: { learning_rate: 1, max_gradient_norm: 1e30, weight_decay: 1e30 },
    });
    await expect(failing).rejects.toThrow(/is not a finite number \(rows row-\d+, .*lower learning_rate/);
    const saved = JSON.parse(await readFile(at('nan', 'bad-batch.json'), 'utf8')) as { rows: { row_id: string }[] };
    expect(saved.rows).toHaveLength(4);
    expect((await resultOf('nan')).error).toContain(saved.rows[0]!.row_id);
  });

  it('says what to lower when memory runs out in the middle', async () => {
    const heap = (): { HEAPU8: Uint8Array } => (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm;
    const real = heap().HEAPU8;
    const fill = (line: string): void => {
      if (line.startsWith('Step 4: checkpoint'))
        Object.defineProperty(heap(), 'HEAPU8', { value: { length: 3.7e9 }, configurable: true, writable: true });
    };
    try {
      await expect(run('full', { ...tiny, sft: { accumulation: 2 } }, { hear: fill })).rejects.toThrow(
        /holds 3\.7 GB.*Lower batch_size \(4; sft\.accumulation keeps.*LoRA/,
      );
    } finally {
      Object.defineProperty(heap(), 'HEAPU8', { value: real, configurable: true, writable: true });
    }
    expect((await resultOf('full')).error).toMatch(/^training\.out_of_memory: /);
  });

  it('shows samples while it learns, and keeps them out of the log', async () => {
    const lines: string[] = [];
    await run('shown', tiny, { hear: (line) => void lines.push(line) });
    const samples = lines.filter((line) => line.includes(' → ') && line.startsWith('Step '));
    expect(samples.some((line) => line.startsWith('Step 4: '))).toBe(true);
    expect(samples.some((line) => line.startsWith('Step 8: '))).toBe(true);
    const log = await readFile(at('shown', 'log.txt'), 'utf8');
    for (const line of samples) expect(log).not.toContain(line);
  });
});

describe('memory that ran out', () => {
  const config = resolveRunConfig({ method: 'ppo', lora: {} });

  it('is known by the words of each back end, other errors stay as they are', () => {
    for (const message of [
      'OOM when allocating tensor with shape[512,1024]',
      'Aborted(OOM). Build with -sASSERTIONS',
      'Array buffer allocation failed',
      'std::bad_alloc',
    ]) {
      const explained = explainOutOfMemory(new RangeError(message), config) as Error;
      expect(explained.message).toMatch(
        /^Memory ran out.*Lower ppo\.micro_batch_size \(null, .*\), batch_size \(32\) or sequence_length/,
      );
      expect(explained.message).not.toContain('by LoRA');
    }
    const reward = explainOutOfMemory(new Error('std::bad_alloc'), resolveRunConfig({ method: 'reward' })) as Error;
    expect(reward.message).toContain('batch_size (8; reward.accumulation keeps the size of an update)');
    const other = new Error('the room is full');
    expect(explainOutOfMemory(other, config)).toBe(other);
  });
});
