import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadRow, RunRequest, RunResult } from '@qingnang/contracts';
import { detectLayout, readRecords } from '@qingnang/corpus';
import { sha256 } from '@qingnang/kernel';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { samplePrompts, type BestOfManifest } from '../../training/best-of/sample-prompts.js';
import { openModel } from '../../training/checkpoint/model-folder.js';
import { hashWeights } from '../../training/checkpoint/weight-files.js';
import { bestOfCommand } from '../../training/commands/best-of-command.js';
import { openTrainingSnapshot } from '../../training/data/load-inputs.js';
import { modelFrom } from '../../training/run/learner-model.js';
import { trainRun } from '../../training/run/train-run.js';
import { tinyRows, writeSnapshot } from '../../training/testing/tiny-snapshot.js';
import { loadTokenizer } from '../../training/tokenizer/tokenizer.js';

const tiny = {
  backend: 'wasm',
  model: { hidden_size: 32, layers: 1, heads: 2, kv_heads: 2, intermediate_size: 48, vocabulary_size: 400 },
  optimiser: { learning_rate: 2e-2 },
  batch_size: 8,
} satisfies Partial<RunRequest>;

let root: string;
const at = (...parts: string[]): string => join(root, ...parts);

function train(name: 'sft' | 'reward', steps: number, snapshot: string, policy: string | null): Promise<RunResult> {
  return trainRun({
    request: { ...tiny, method: name, steps },
    inputs: { snapshot: at(snapshot), policy, rewardModel: null, ptx: null },
    run: at(name),
    resume: false,
    attempt: null,
    upload: null,
    listen: () => ({ requested: () => false, dispose: () => undefined }),
    print: () => undefined,
    progress: null,
  });
}

/** @param batches after how many it is asked to stop */
async function sample(out: string, change: { seed?: number; n?: number } = {}, batches = Infinity) {
  const policy = await openModel(at('sft', 'checkpoints', 'step-40'));
  const reward = await openModel(at('reward', 'checkpoints', 'step-10'));
  const normalisation = reward.note.score_normalisation!;
  const snapshot = await openTrainingSnapshot(at('prompts'), 'ppo');
  let left = batches;
  return samplePrompts({
    models: { policy: modelFrom(policy, 'none'), reward: modelFrom(reward, 'reward'), normalisation },
    tokenizer: await loadTokenizer(policy.path),
    snapshot,
    lineage: {
      policy: { weights_hash: 'p' },
      reward_model: { weights_hash: 'r', score_normalisation: normalisation },
      snapshot: { digest: snapshot.digest, split: 'train' },
      settings: { seed: 5, n: 4, maxNewTokens: 40, temperature: 1, topP: 1, prompts: null, ...change },
      backend: 'wasm',
      rehearsal: true,
    },
    sequenceLength: 64,
    out: at(out),
    stopRequested: () => left-- <= 0,
    log: () => undefined,
  });
}

async function imported(path: string): Promise<ReadRow[]> {
  const bytes = await readFile(path);
  async function* once(): AsyncIterable<Uint8Array> {
    yield await Promise.resolve(bytes);
  }
  const rows: ReadRow[] = [];
  for await (const row of readRecords(once(), detectLayout(bytes))) rows.push(row);
  return rows;
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'qingnang-best-of-'));
  await writeSnapshot(at('sft'), 'sft', { train: tinyRows('sft', 30) });
  await writeSnapshot(at('preference'), 'preference', { train: tinyRows('preference', 30) });
  await writeSnapshot(at('prompts'), 'prompts', { train: tinyRows('prompts', 10, 3) });
  await train('sft', 40, 'sft', null);
  await train('reward', 10, 'preference', at('sft', 'checkpoints', 'step-40'));
});
afterAll(() => rm(root, { recursive: true }));

describe('best of n', () => {
  let whole: BestOfManifest;
  interface Row {
    id: string;
    conversations: { from: string; value: string }[];
    best_of: { n: number; whole: number; score: number; mean: number; lowest: number };
    rehearsal: boolean;
  }
  const rowsOf = async (name: string): Promise<Row[]> =>
    (await readFile(at(name), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);

  beforeAll(async () => {
    whole = (await sample('whole.jsonl'))!;
  });

  it('keeps the best reply of each prompt, with what it was chosen on, and says where all of it comes from', async () => {
    const rows = await rowsOf('whole.jsonl');
    expect(rows.length).toBeGreaterThan(4);
    expect(rows.length + Object.values(whole.left_out).reduce((a, b) => a + b, 0)).toBe(10);
    for (const { best_of: best, conversations, rehearsal } of rows) {
      expect(best.n).toBe(4);
      expect(best.score).toBeGreaterThanOrEqual(
        best.mean - 1e-6 * Math.abs(best.mean) - (best.whole < 4 ? Infinity : 0),
      );
      expect(best.mean).toBeGreaterThanOrEqual(best.lowest);
      expect(conversations.map(({ from }) => from)).toEqual(['human', 'gpt']);
      expect(rehearsal).toBe(true);
    }
    expect(whole.scores.best).toBeGreaterThan(whole.scores.mean);
    expect(whole).toMatchObject({ rehearsal: true, rows: 10, file: { rows: rows.length } });
    expect(whole.file.sha256).toBe(sha256(await readFile(at('whole.jsonl'))));
    expect(JSON.parse(await readFile(at('whole.jsonl.manifest.json'), 'utf8'))).toEqual(whole);
    await expect(stat(at('whole.jsonl.partial'))).rejects.toThrow();
  });

  it("is read by the platform's import, row by row", async () => {
    const rows = await rowsOf('whole.jsonl');
    const read = await imported(at('whole.jsonl'));
    expect(read.map((row) => row.kind)).toEqual(rows.map(() => 'record'));
    expect(read.map((row) => (row.kind === 'record' ? row.turns.map(({ role, text }) => [role, text]) : []))).toEqual(
      rows.map(({ conversations }) => [
        ['patient', conversations[0]!.value],
        ['doctor', conversations[1]!.value],
      ]),
    );
    expect(read.map((row) => (row.kind === 'record' ? row.outsideId : null))).toEqual(rows.map(({ id }) => id));
  });

  it('is one command, which names what it read by hash', async () => {
    const policy = at('sft', 'checkpoints', 'step-40');
    const reward = at('reward', 'checkpoints', 'step-10');
    const args = [
      '--policy',
      policy,
      '--reward-model',
      reward,
      '--snapshot',
      at('prompts'),
      '--out',
      at('by-hand.jsonl'),
    ];
    await expect(bestOfCommand([...args, '--temperature', '0'])).rejects.toThrow(/--temperature wants/);
    const swapped = ['--policy', reward, '--reward-model', policy, ...args.slice(4)];
    await expect(bestOfCommand(swapped)).rejects.toThrow(/holds a reward model/);
    const said: string[] = [];
    const hear = (text: unknown): boolean => said.push(String(text)) > 0;
    const spies = [process.stdout, process.stderr].map((s) => vi.spyOn(s, 'write').mockImplementation(hear));
    const code = await bestOfCommand([...args, '--n', '2', '--prompts', '4', '--backend', 'wasm', '--json']).finally(
      () => spies.forEach((spy) => spy.mockRestore()),
    );
    expect(code).toBe(0);
    const manifest = JSON.parse(said.at(-1)!) as BestOfManifest;
    expect(manifest).toMatchObject({ rows: 4, rehearsal: true, backend: 'wasm', settings: { n: 2, maxNewTokens: 32 } });
    expect(manifest.policy.weights_hash).toBe(await hashWeights(policy));
    expect(manifest.reward_model.weights_hash).toBe(await hashWeights(reward));
    expect(await rowsOf('by-hand.jsonl')).toHaveLength(manifest.file.rows);
  });

  it('cut off goes on to the same bytes, and begins anew for another job', async () => {
    expect(await sample('cut.jsonl', {}, 1)).toBeNull();
    await expect(stat(at('cut.jsonl'))).rejects.toThrow();
    expect(await sample('cut.jsonl')).toEqual(whole);
    expect(await readFile(at('cut.jsonl'))).toEqual(await readFile(at('whole.jsonl')));
    expect(await sample('other.jsonl', {}, 1)).toBeNull();
    const other = (await sample('other.jsonl', { seed: 6 }))!;
    expect(other.file.sha256).not.toBe(whole.file.sha256);
  });
});
