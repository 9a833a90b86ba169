import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { metricBatch, metricPoint, runResult, type MetricPoint, type RunResult } from '@qingnang/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyRows, writeSnapshot } from '../../training/testing/tiny-snapshot.js';
import { runTrainer, Trainer } from '../support/trainer.js';

const tiny = {
  model: { hidden_size: 32, heads: 2, kv_heads: 2, intermediate_size: 64, vocabulary_size: 400 },
  batch_size: 4,
  steps: 40,
  evaluate_every: 20,
  checkpoint_every: 8,
};

let root: string;
const at = (...parts: string[]): string => join(root, ...parts);
const resultOf = async (run: string): Promise<RunResult> =>
  runResult.parse(JSON.parse(await readFile(at(run, 'result.json'), 'utf8')));

async function metricsOf(run: string): Promise<MetricPoint[]> {
  const lines = await readFile(at(run, 'metrics.jsonl'), 'utf8');
  return lines
    .trim()
    .split('\n')
    .map((line) => metricPoint.parse(JSON.parse(line)));
}

/** Starts a run, ends it by a signal once it has saved, goes on to its end. */
async function interrupted(signal: NodeJS.Signals, run: string, ...args: string[]): Promise<number> {
  const first = new Trainer(...args, '--run', at(run));
  await first.says(/Step 8: checkpoint written/);
  first.process.kill(signal);
  const code = await first.exit();
  const second = await runTrainer(...args, '--run', at(run), '--resume');
  expect(second.stderr + String(second.code)).toMatch(/going on from step \d+[^]*0$/);
  return code;
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'qingnang-train-'));
  for (const kind of ['sft', 'preference', 'prompts'] as const) {
    await writeSnapshot(at(kind), kind, { train: tinyRows(kind, 80), validation: tinyRows(kind, 12, 9) });
  }
  await writeFile(at('config.json'), JSON.stringify(tiny));
  const sft = await runTrainer(
    'sft',
    '--snapshot',
    at('sft'),
    '--config',
    at('config.json'),
    '--run',
    at('whole-sft'),
    '--json',
  );
  expect(sft.code, sft.stderr).toBe(0);
  expect(JSON.parse(sft.stdout)).toEqual(await resultOf('whole-sft'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('a run of the trainer', () => {
  it('leaves a whole run folder behind, stamped as rehearsal', async () => {
    const result = await resultOf('whole-sft');
    expect(result).toMatchObject({
      method: 'sft',
      state: 'succeeded',
      steps: 40,
      checkpoint: 'checkpoints/step-40',
      rehearsal: true,
    });
    expect(result.inputs[0]).toMatchObject({ role: 'data', rows: { train: 80, validation: 12 } });
    expect(result.cpu_seconds).toBeGreaterThan(0.1);
    const steps = (await metricsOf('whole-sft')).filter(({ key }) => key === 'train/loss').map(({ step }) => step);
    expect(steps).toEqual(Array.from({ length: 40 }, (_v, i) => i + 1));
    const note = JSON.parse(await readFile(at('whole-sft', 'checkpoints/step-40/config.json'), 'utf8')) as {
      qingnang: unknown;
    };
    expect(note.qingnang).toMatchObject({ rehearsal: true, sequence_length: 64 });
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('ended by %s goes on to the same model', async (signal) => {
    const run = `cut-by-${signal}`;
    const args = ['sft', '--snapshot', at('sft'), '--config', at('config.json')];
    expect(await interrupted(signal, run, ...args)).toBe(signal === 'SIGTERM' ? 75 : -1);
    const [whole, cut] = [await resultOf('whole-sft'), await resultOf(run)];
    expect(cut).toMatchObject({
      attempt: 2,
      weights_hash: whole.weights_hash,
      figures: whole.figures,
      inputs: whole.inputs,
    });
    const losses = (points: MetricPoint[]): unknown[] =>
      points.filter(({ key }) => key.endsWith('/loss')).map(({ step, key, value }) => [step, key, value]);
    expect(losses(await metricsOf(run))).toEqual(losses(await metricsOf('whole-sft')));
  });

  it('goes from SFT over the reward model to PPO, which resumes to the same model too', async () => {
    const policy = at('whole-sft', 'checkpoints/step-40');
    const reward = ['reward', '--snapshot', at('preference'), '--policy', policy, '--config', at('config.json')];
    expect(await runTrainer(...reward, '--run', at('reward'))).toMatchObject({ code: 0 });
    expect((await resultOf('reward')).figures['reward/accuracy']).toBeGreaterThan(0.5);
    const model = at('reward', 'checkpoints/step-40');
    await writeFile(at('ppo.json'), JSON.stringify({ ...tiny, steps: 12, ppo: { response_length: 12 } }));
    const ppo = [
      'ppo',
      '--snapshot',
      at('prompts'),
      '--policy',
      policy,
      '--reward-model',
      model,
      '--config',
      at('ppo.json'),
    ];
    expect(await runTrainer(...ppo, '--run', at('ppo'))).toMatchObject({ code: 0 });
    expect(await interrupted('SIGTERM', 'ppo-cut', ...ppo)).toBe(75);
    const [whole, cut] = [await resultOf('ppo'), await resultOf('ppo-cut')];
    expect(cut).toMatchObject({ weights_hash: whole.weights_hash, figures: whole.figures });
    expect(whole.inputs.map(({ role }) => role)).toEqual(['data', 'policy', 'reward']);
    expect(await readFile(at('ppo', 'samples.jsonl'), 'utf8')).toMatch(/"prompt":"[^"]+？"/);
  });

  it('saves and stops when the process that started it is gone', async () => {
    const trainer = new Trainer(
      'sft',
      '--snapshot',
      at('sft'),
      '--config',
      at('config.json'),
      '--run',
      at('orphan'),
      '--exit-with-parent',
    );
    await trainer.says(/Step 8: checkpoint written/);
    trainer.process.stdin!.end();
    expect(await trainer.exit()).toBe(75);
    expect(await resultOf('orphan')).toMatchObject({ state: 'stopped', error: null });
  });
});

describe('a run that reports to a platform', () => {
  it('delivers every metric of its file, also those of an attempt that was killed', async () => {
    const stored = new Map<string, number>();
    let token: string | undefined;
    let busy = 2;
    const server = createServer(async (request, response) => {
      token = request.headers.authorization;
      const { points } = metricBatch.parse(JSON.parse(await text(request)));
      if (busy-- > 0) return void response.writeHead(503).end();
      for (const { attempt, step, key, value } of points) stored.set(`${attempt}/${step}/${key}`, value);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await writeFile(at('token'), 'run-token\n', { mode: 0o600 });
    const upload = ['--platform', address, '--project', 'p', '--run-id', 'r', '--token-file', at('token')];
    const args = ['sft', '--snapshot', at('sft'), '--config', at('config.json'), ...upload];
    expect(await interrupted('SIGKILL', 'reported', ...args)).toBe(-1);
    server.close();
    for (const { attempt, step, key, value } of await metricsOf('reported')) {
      expect(stored.get(`${attempt}/${step}/${key}`), `${attempt}/${step}/${key}`).toBe(value);
    }
    expect(token).toBe('Bearer run-token');
  });
});

describe('the trainer refuses', () => {
  it('a snapshot with one changed byte, and says so in result.json', async () => {
    await writeSnapshot(at('tampered'), 'sft', { train: tinyRows('sft', 20) });
    const path = at('tampered', 'train-00000.jsonl.gz');
    const bytes = await readFile(path);
    bytes[40]! ^= 4;
    await writeFile(path, bytes);
    const refused = await runTrainer('sft', '--snapshot', at('tampered'), '--run', at('refused'), '--json');
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'training.snapshot_tampered' } });
    expect(await resultOf('refused')).toMatchObject({ state: 'failed', steps: 0, checkpoint: null });
  });

  it.each([
    ['no run folder', ['sft', '--snapshot', 'x'], 2, /--run is missing/],
    ['an unknown option', ['sft', '--speed'], 2, /--speed/],
    ['a seed that is no number', ['sft', '--snapshot', 'x', '--run', 'y', '--seed', 'z'], 2, /whole number/],
    ['an unknown command', ['grpo'], 2, /knows no "grpo"/],
    ['serving nothing', ['serve'], 2, /--model is missing/],
  ])('%s', async (_what, args, code, message) => {
    const refused = await runTrainer(...args);
    expect(refused).toMatchObject({ code, stderr: expect.stringMatching(message) as string });
  });

  it('a run folder in use, other settings on resume, changed inputs, and a run that has succeeded', async () => {
    const sft = ['sft', '--run', at('whole-sft'), '--snapshot'];
    expect(await runTrainer(...sft, at('sft'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--resume') as string,
    });
    expect(await runTrainer(...sft, at('sft'), '--resume')).toMatchObject({ code: 3 });
    const orphan = ['sft', '--run', at('orphan'), '--resume', '--snapshot'];
    expect(await runTrainer(...orphan, at('sft'), '--seed', '99')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('another configuration') as string,
    });
    await writeSnapshot(at('other'), 'sft', { train: tinyRows('sft', 30, 4) });
    expect(await runTrainer(...orphan, at('other'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('data input') as string,
    });
  });
});
