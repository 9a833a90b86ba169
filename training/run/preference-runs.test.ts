import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunRequest, RunResult } from '@qingnang/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModel } from '../checkpoint/model-folder.js';
import { openSafetensors } from '../checkpoint/safetensors.js';
import { startScoreServer, type ScoreServer } from '../testing/score-server.js';
import { tinyRows, writeSnapshot } from '../testing/tiny-snapshot.js';
import type { ProgressTarget } from './progress-line.js';
import type { InputPaths } from './run-inputs.js';
import { trainRun } from './train-run.js';

const tiny = {
  backend: 'wasm',
  model: { hidden_size: 32, layers: 1, heads: 2, kv_heads: 2, intermediate_size: 48, vocabulary_size: 400 },
  batch_size: 4,
  evaluate_every: 2,
  checkpoint_every: 2,
  steps: 4,
} satisfies Partial<RunRequest>;

let root: string;
let server: ScoreServer;
const at = (...parts: string[]): string => join(root, ...parts);

async function run(
  name: string,
  request: RunRequest,
  inputs: Partial<InputPaths>,
  { resume = false, stopAt = Infinity, progress = null as ProgressTarget | null } = {},
): Promise<RunResult> {
  let stop = false;
  return trainRun({
    request,
    inputs: { snapshot: '', policy: null, rewardModel: null, ptx: null, ...inputs },
    run: at(name),
    resume,
    attempt: null,
    upload: null,
    listen: () => ({ requested: () => stop, dispose: () => undefined }),
    print: (line) => {
      stop ||= line.startsWith(`Step ${stopAt}: checkpoint`);
    },
    progress,
  });
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'qingnang-preference-'));
  for (const kind of ['sft', 'preference', 'prompts'] as const) {
    await writeSnapshot(at(kind), kind, { train: tinyRows(kind, 24), validation: tinyRows(kind, 6, 9) });
  }
  await writeSnapshot(at('general'), 'preference', { train: tinyRows('preference', 8, 5) });
  server = await startScoreServer();
  await run('policy', { ...tiny, method: 'sft' }, { snapshot: at('sft') });
});
afterAll(async () => {
  await server.close();
  await rm(root, { recursive: true });
});
const policy = (): string => at('policy', 'checkpoints', 'step-4');

describe('runs on preferences', () => {
  it('DPO learns from the pairs of a reward model, mixes snapshots, and goes on to the same weights', async () => {
    const request = { ...tiny, method: 'dpo', dpo: { loss: 'ipo' } } satisfies RunRequest;
    const inputs = { snapshot: at('preference'), policy: policy(), mix: [{ path: at('general'), weight: 0.5 }] };
    const whole = await run('dpo', request, inputs);
    expect(whole.inputs.map(({ role }) => role)).toEqual(['data', 'mix-1', 'policy']);
    expect(whole.figures).toHaveProperty('dpo/held_out_accuracy');
    expect(await readFile(at('dpo', 'samples.jsonl'), 'utf8')).toMatch(/"prompt":"[^"]+？"/);
    expect((await openModel(at('dpo', whole.checkpoint!))).kind).toBe('causal-lm');
    expect(await run('dpo-cut', request, inputs, { stopAt: 2 })).toMatchObject({ state: 'stopped', steps: 3 });
    const cut = await run('dpo-cut', { method: 'dpo' }, inputs, { resume: true });
    expect(cut.weights_hash).toBe(whole.weights_hash);
  });

  it('PPO keeps a value network beside the policy, hears a judge, and goes on to the same weights', async () => {
    const reward = await run('reward', { ...tiny, method: 'reward' }, { snapshot: at('preference'), policy: policy() });
    expect(reward.figures).toHaveProperty('reward/calibration_error');
    const request = {
      ...tiny,
      method: 'ppo',
      ppo: { response_length: 8, value_model: 'separate', micro_batch_size: 3, judge: { weight: 0.5 } },
    } satisfies RunRequest;
    const judge = { url: server.url, token: 'secret' };
    const inputs = { snapshot: at('prompts'), policy: policy(), rewardModel: at('reward', reward.checkpoint!), judge };
    const whole = await run('ppo', request, inputs);
    expect(server.asked[0]).toMatchObject({ token: 'Bearer secret' });
    expect(server.asked[0]!.body['prompt']).toMatch(/？/);
    expect(server.asked[0]!.body['reference']).toMatch(/您好/);
    const values = openSafetensors(at('ppo', whole.checkpoint!, 'value_head.safetensors'));
    expect(values.names()).toContain('value_model.score.weight');
    // The model beside it is a plain language model.
    expect((await openModel(at('ppo', whole.checkpoint!))).weights.names().some((n) => /value|score/.test(n))).toBe(
      false,
    );
    expect(await run('ppo-cut', request, inputs, { stopAt: 2 })).toMatchObject({ state: 'stopped', steps: 3 });
    const cut = await run('ppo-cut', { method: 'ppo' }, inputs, { resume: true });
    expect(cut.weights_hash).toBe(whole.weights_hash);
    const kept = openSafetensors(at('ppo-cut', cut.checkpoint!, 'value_head.safetensors'));
    for (const name of values.names()) expect(kept.get(name)).toEqual(values.get(name));
    expect(await readFile(at('ppo', 'metrics.jsonl'), 'utf8')).toContain('"ppo/judge_score"');
  });

  it('PPO by a judge alone needs no reward model, but says what goes with what', async () => {
    const ppo = { response_length: 4, judge: {} };
    const inputs = { snapshot: at('prompts'), policy: policy() };
    const judge = { url: server.url, token: null };
    const shown: string[] = [];
    const progress = { write: (text: string) => void shown.push(text), terminal: false, columns: 80 };
    const alone = await run('alone', { ...tiny, steps: 1, method: 'ppo', ppo }, { ...inputs, judge }, { progress });
    expect(alone).toMatchObject({ state: 'succeeded' });
    expect(shown.join('')).toMatch(/ 1\/1 .* score -?\d+\.\d{3} /);
    await expect(run('none', { ...tiny, method: 'ppo' }, inputs)).rejects.toThrow(/--reward-model, or a --judge/);
    const silent = { ...tiny, method: 'ppo', ppo: { response_length: 4 } } satisfies RunRequest;
    await expect(run('how', silent, { ...inputs, judge })).rejects.toThrow(/how the judge/);
    const own = { ...tiny, method: 'ppo', ppo: { ...ppo, value_model: 'separate' } } satisfies RunRequest;
    await expect(run('own', own, { ...inputs, judge })).rejects.toThrow(/starts as the reward model/);
  });
});
