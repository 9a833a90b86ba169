import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { presetConfig, type RunJob, type RunResult } from '@qingnang/contracts';
import { sha256, uuidv7 } from '@qingnang/kernel';
import { JobFolder } from './job-folder.js';
import { PlatformClient, UnreachableError } from './platform-client.js';
import { pullInput } from './pull-input.js';
import { pushRun } from './push-run.js';

const run = uuidv7();
const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n % 251));

/** What the tests look at of a platform: its answers are those that the e2e tests of the API hold it to. */
class Platform {
  requests: string[] = [];
  metrics = new Set<string>();
  parts = new Map<string, Buffer>();
  files = new Map<string, string>();
  results = 0;
  /** Cuts the connection of this many requests, each in the middle. */
  cuts = 0;
  /** What a cut waits for, so that something has arrived before it. */
  beforeCut: () => Promise<unknown> = () => Promise.resolve();
  content = bytes;
  private server!: Server;
  port = 0;

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      const url = new URL(request.url!, 'http://x');
      const path = url.pathname.split('/runs/')[1]!.slice(run.length);
      this.requests.push(`${request.method} ${path}${request.headers.range ? ` ${request.headers.range}` : ''}`);
      void this.answer(request, path, url.searchParams)
        .then(({ status = 200, body }) => {
          response.statusCode = status;
          if (this.cuts-- > 0) {
            response.setHeader('content-length', body.length);
            return void response.write(
              body.subarray(0, body.length / 2),
              () => void this.beforeCut().then(() => response.destroy()),
            );
          }
          response.end(body);
        })
        .catch(() => response.destroy());
    }).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(
    request: IncomingMessage,
    path: string,
    query: URLSearchParams,
  ): Promise<{ status?: number; body: Buffer }> {
    const sent = Buffer.concat((await request.toArray()) as Buffer[]);
    const json = (value: unknown, status = 200) => ({ status, body: Buffer.from(JSON.stringify(value)) });
    if (path.startsWith('/inputs/')) {
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      return { status: from > 0 ? 206 : 200, body: this.content.subarray(from) };
    }
    if (path === '/metrics') {
      const { points } = JSON.parse(sent.toString()) as { points: { step: number; key: string }[] };
      const before = this.metrics.size;
      for (const { step, key } of points) this.metrics.add(`${step} ${key}`);
      return json({ received: points.length, stored: this.metrics.size - before });
    }
    if (path === '/artefacts' && request.method === 'GET') {
      return json({
        items: [...this.files].map(([name, hash]) => ({ path: name, bytes: 1, sha256: hash, attempt: 1 })),
      });
    }
    if (path === '/artefacts') return json(...this.take(query, sent));
    this.results++;
    return json({ id: run, state: 'succeeded', modelId: uuidv7(), modelName: 'nightly' });
  }

  private take(query: URLSearchParams, sent: Buffer): [unknown, number] {
    const [path, hash, size] = [query.get('path')!, query.get('sha256')!, Number(query.get('bytes'))];
    const part = this.parts.get(path) ?? Buffer.alloc(0);
    const offset = Number(query.get('offset') ?? 0);
    if (offset > 0 && offset !== part.length)
      return [{ code: 'run.artefact_offset', details: { offset: part.length } }, 409];
    const now = sent.length === 0 ? part : Buffer.concat([offset === 0 ? Buffer.alloc(0) : part, sent]);
    this.parts.set(path, now);
    const whole = now.length === size && sha256(now) === hash;
    if (whole) this.files.set(path, hash);
    return [{ path, bytes: size, received: now.length, whole }, 200];
  }
}

let platform: Platform;
let folder: string;
beforeEach(async () => {
  platform = new Platform();
  await platform.start();
  folder = await mkdtemp(join(tmpdir(), 'qingnang-upload-'));
});
afterEach(async () => {
  await platform.stop();
  await rm(folder, { recursive: true, force: true });
});

const HOUR_MS = 3_600_000;
function client(
  onSleep: (now: number) => Promise<void> = () => Promise.resolve(),
  patienceMs = 2 * HOUR_MS,
): PlatformClient {
  let now = 0;
  const clock = {
    now: () => now,
    sleep: (ms: number) => onSleep((now += ms)),
  };
  const target = { platform: `http://127.0.0.1:${platform.port}`, project: 'p', token: 't' };
  return new PlatformClient(target, { clock, patienceMs, requestMs: 60_000, log: () => undefined });
}

const input: RunJob['inputs'][number] = {
  role: 'data',
  kind: 'snapshot',
  name: 'sft',
  version: 3,
  digest: 'd',
  files: [{ path: 'train-00000.jsonl.gz', bytes: bytes.length, sha256: sha256(bytes) }],
};

describe('pull', () => {
  it('makes the folder whole at once, and leaves what is there', async () => {
    const to = join(folder, 'data');
    expect(await pullInput(client(), run, input, to)).toMatchObject({ version: 3, outcome: 'pulled' });
    expect((await readFile(join(to, 'train-00000.jsonl.gz'))).equals(bytes)).toBe(true);
    expect(await pullInput(client(), run, input, to)).toMatchObject({ outcome: 'already_there' });
    expect(platform.requests).toHaveLength(1);
  });

  it('goes on where a connection broke, and where a killed process stopped', async () => {
    platform.cuts = 2;
    const to = join(folder, 'data');
    const part = join(folder, '.data.part', `train-00000.jsonl.gz.${sha256(bytes).slice(0, 16)}`);
    let before = 0;
    platform.beforeCut = async () => {
      const size = async () => (await stat(part).catch(() => ({ size: 0 }))).size;
      while ((await size()) === before) await new Promise(setImmediate);
      before = await size();
    };
    await pullInput(client(), run, input, to);
    expect((await readFile(join(to, 'train-00000.jsonl.gz'))).equals(bytes)).toBe(true);
    expect(platform.requests).toHaveLength(3);
    expect(platform.requests.slice(1).every((line) => /bytes=[1-9]/.test(line))).toBe(true);

    const hidden = join(folder, '.next.part');
    await mkdir(hidden);
    await writeFile(join(hidden, `train-00000.jsonl.gz.${sha256(bytes).slice(0, 16)}`), bytes.subarray(0, 1000));
    await pullInput(client(), run, input, join(folder, 'next'));
    expect(platform.requests.at(-1)).toMatch(/bytes=1000-$/);
  });

  it('takes no file that is not the one named, and shows no folder then', async () => {
    platform.content = Buffer.from(bytes.map((byte) => byte ^ 1));
    const to = join(folder, 'data');
    await expect(pullInput(client(), run, input, to)).rejects.toMatchObject({ code: 'training.pull_hash' });
    await expect(stat(to)).rejects.toMatchObject({ code: 'ENOENT' });
    const outside = { ...input, files: [{ ...input.files[0]!, path: '../evil' }] };
    await expect(pullInput(client(), run, outside, to)).rejects.toMatchObject({ code: 'training.pull_name' });
  });

  it('survives an hour without network', async () => {
    await platform.stop();
    let back = false;
    const patient = client(async (now) => {
      if (back || now < HOUR_MS) return;
      back = true;
      await platform.start();
    });
    expect(await pullInput(patient, run, input, join(folder, 'data'))).toMatchObject({ outcome: 'pulled' });
    expect(back).toBe(true);
  });
});

describe('push', () => {
  const job = { run: { id: run, attempt: 1 } };
  const result: RunResult = {
    method: 'sft',
    attempt: 1,
    state: 'succeeded',
    steps: 600,
    checkpoint: 'checkpoints/step-600',
    weights_hash: sha256(bytes),
    figures: {},
    inputs: [],
    rehearsal: false,
    cpu_seconds: 1,
    error: null,
  };
  let own: JobFolder;
  beforeEach(async () => {
    own = new JobFolder(folder);
    const { config } = { config: presetConfig('demo-cpu', 'sft') };
    const details = { id: run, name: 'nightly', state: 'running' as const, attempt: 1, config, inputs: [] };
    await own.create(
      { platform: 'http://x', project: 'p', expires_at: '2030-01-01T00:00:00Z', run: details },
      'secret',
    );
    await mkdir(join(folder, 'checkpoints', 'step-600'), { recursive: true });
    await writeFile(join(folder, 'checkpoints', 'step-600', 'model.safetensors'), bytes);
    await writeFile(join(folder, 'checkpoints', 'step-600', 'optimizer.safetensors'), bytes);
    const points = Array.from({ length: 1200 }, (_, step) => ({
      attempt: 1,
      step,
      key: 'train/loss',
      value: 1,
      time: '2026-01-01T00:00:00.000Z',
    }));
    await writeFile(
      join(folder, 'metrics.jsonl'),
      points.map((point) => JSON.stringify(point) + '\n').join('') + '{"attempt":1,"st',
    );
    await writeFile(join(folder, 'result.json'), JSON.stringify(result));
  });
  const push = (with_ = client()) =>
    pushRun(
      own,
      () => Promise.resolve(with_),
      job,
      () => undefined,
    );

  it('sends metrics in batches, what the model needs, and the result last; twice is once', async () => {
    expect(await push()).toMatchObject({ outcome: 'pushed', files_sent: 2, metrics_new: 1200, modelName: 'nightly' });
    expect([...platform.files.keys()].sort()).toEqual(['checkpoints/step-600/model.safetensors', 'metrics.jsonl']);
    expect(platform.requests.filter((line) => line === 'POST /metrics')).toHaveLength(3);
    expect(platform.requests.at(-1)).toBe('POST /result');
    await expect(stat(own.token)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await push()).toMatchObject({ outcome: 'already_pushed', modelName: 'nightly' });
    expect(platform.results).toBe(1);
  });

  it('goes on where another push was given up, sending only what is missing', async () => {
    await platform.stop();
    await expect(push(client(undefined, 1000))).rejects.toBeInstanceOf(UnreachableError);
    await platform.start();
    platform.metrics.add('0 train/loss');
    platform.files.set('checkpoints/step-600/model.safetensors', sha256(bytes));
    expect(await push()).toMatchObject({ files_sent: 1, metrics_new: 1199 });
  });

  it('asks where to go on when a stretch broke', async () => {
    platform.parts.set('checkpoints/step-600/model.safetensors', bytes.subarray(0, 1000));
    platform.cuts = 7;
    expect(await push()).toMatchObject({ outcome: 'pushed' });
    expect(platform.parts.get('checkpoints/step-600/model.safetensors')!.equals(bytes)).toBe(true);
  });

  it('has nothing to send of a run that has not ended', async () => {
    await writeFile(join(folder, 'result.json'), JSON.stringify({ ...result, state: 'stopped' }));
    await expect(push()).rejects.toMatchObject({ code: 'training.no_result' });
  });

  it('keeps the token from everybody else', async () => {
    expect((await stat(own.token)).mode & 0o077).toBe(0);
    expect(await readFile(join(folder, 'job.json'), 'utf8')).not.toContain('secret');
  });
});
