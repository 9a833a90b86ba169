import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunDetail, RunMethod } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import { type JobFile, JobFolder } from '../../training/upload/job-folder.js';
import { PlatformClient, type PlatformRequest, systemClock } from '../../training/upload/platform-client.js';
import { pushRun } from '../../training/upload/push-run.js';
import { type JobWish, startJob } from '../../training/upload/start-job.js';
import { startApi, type TestApi } from '../support/api.js';
import { OutsideTrainer, resultOf, type Started } from '../support/outside-runs.js';
import { makeSnapshot, tinyRunConfig } from '../support/runs.js';

let api: TestApi;
let outside: OutsideTrainer;
let snapshot: string;
let platform: string;
let work: string;

beforeAll(async () => {
  api = await startApi();
  await api.app.listen(0, '127.0.0.1');
  platform = `http://127.0.0.1:${(api.app.getHttpServer().address() as AddressInfo).port}`;
  snapshot = await makeSnapshot(api.dataSource, api.settings.dataDir, api.project.id, 'sft');
  outside = new OutsideTrainer(api, snapshot);
});
beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'qingnang-client-'));
  return () => rm(work, { recursive: true, force: true });
});
afterAll(() => api?.close());

const options = { clock: systemClock, patienceMs: 0, requestMs: 60_000, log: () => undefined };
const clientOf = (token: string, Client = PlatformClient) =>
  new Client({ platform, project: api.project.slug, token }, options);

/** Dies once its request has been answered, before anything is done with the answer. */
class Killed extends PlatformClient {
  override async send<T>(request: PlatformRequest, read: (response: Response) => Promise<T>): Promise<T> {
    const answer = await super.send(request, read);
    if (/outside$|result$/.test(request.path)) throw new Error('killed');
    return answer;
  }
}

describe('start, killed between asking and writing the answer down', () => {
  const wishOf = (name = uuidv7()): JobWish => ({
    method: 'sft' satisfies RunMethod,
    name,
    snapshot,
    config: tinyRunConfig,
  });
  const start = (wish: JobWish, Client = PlatformClient) =>
    startJob(clientOf(api.people.data_lead.token, Client), wish, work, (run) => join(work, 'runs', run));
  const runsOf = (name: string) =>
    api.dataSource.query<{ id: string; state: string }[]>('select id, state from run where name = $1 order by id', [
      name,
    ]);

  it('finds the same run, with a token that works', async () => {
    const wish = wishOf();
    await expect(start(wish, Killed)).rejects.toThrow('killed');
    const again = await start(wish);
    if (again.outcome === 'skipped') throw new Error('nothing was started');
    expect(await runsOf(wish.name)).toEqual([{ id: again.job.run.id, state: 'running' }]);
    const { token } = await again.folder.target(again.job);
    await outside.as(token).get(`/runs/${again.job.run.id}/job`).expect(200);
    expect(await readdir(work), 'the key is forgotten').toEqual(['runs']);
  });

  it('begins another where that run is over, and for another wish', async () => {
    const wish = wishOf();
    await expect(start(wish, Killed)).rejects.toThrow('killed');
    const [run] = await runsOf(wish.name);
    const other = await start({ ...wish, seed: 9 });
    expect(other).not.toMatchObject({ job: { run: { id: run!.id } } });
    await api.as('data_lead').post(`/runs/${run!.id}/cancel`).expect(200);
    expect(await start(wish)).toMatchObject({ outcome: 'started', job: { run: { state: 'running' } } });
    expect(await runsOf(wish.name)).toHaveLength(3);
  });
});

describe('push', () => {
  /** A run folder as a trainer leaves it; the model is no model, which nobody here looks at. */
  async function trained(): Promise<{ folder: JobFolder; job: JobFile; started: Started }> {
    const started = await outside.start();
    const folder = new JobFolder(join(work, 'run'));
    const { expiresAt, run, token } = started;
    const job = { platform, project: api.project.slug, expires_at: expiresAt, run };
    await folder.create(job, token);
    const checkpoint = join(folder.path, 'checkpoints', 'step-8');
    await mkdir(join(checkpoint, 'adapter'), { recursive: true });
    await writeFile(join(checkpoint, 'model.safetensors'), 'weights');
    await writeFile(join(checkpoint, 'optimizer.safetensors'), 'moments');
    await writeFile(join(checkpoint, 'adapter', 'adapter_config.json'), '{}');
    await writeFile(join(checkpoint, 'adapter', 'adapter_model.safetensors'), 'low rank');
    const point = { attempt: 1, step: 1, key: 'train/loss', value: 1, time: '2026-01-01T00:00:00.000Z' };
    await writeFile(join(folder.path, 'metrics.jsonl'), JSON.stringify(point) + '\n');
    await writeFile(join(folder.path, 'result.json'), JSON.stringify(resultOf(started)));
    return { folder, job, started };
  }
  const push = ({ folder, job, started }: Awaited<ReturnType<typeof trained>>, Client = PlatformClient) =>
    pushRun(
      folder,
      () => Promise.resolve(clientOf(started.token, Client)),
      job,
      () => undefined,
    );

  it('brings the adapter of a LoRA run beside its model', async () => {
    const run = await trained();
    expect(await push(run)).toMatchObject({ outcome: 'pushed', state: 'succeeded', files_sent: 4 });
    const there = join(api.settings.dataDir, 'runs', run.job.run.id, 'checkpoints', 'step-8');
    expect((await readdir(there)).sort()).toEqual(['adapter', 'model.safetensors']);
    expect(await readFile(join(there, 'adapter', 'adapter_model.safetensors'), 'utf8')).toBe('low rank');
  });

  it('whose last answer was lost is quietly repeated', async () => {
    const run = await trained();
    await expect(push(run, Killed)).rejects.toThrow('killed');
    const seen = (await api.as('data_lead').get(`/runs/${run.job.run.id}`)).body as RunDetail;
    expect(seen.state).toBe('succeeded');
    expect(await push(run)).toMatchObject({ outcome: 'pushed', state: 'succeeded', modelId: seen.modelId });
    expect(await push(run)).toMatchObject({ outcome: 'already_pushed', modelId: seen.modelId });
  });

  it('of another result than the one that ended the run is refused', async () => {
    const run = await trained();
    await expect(push(run, Killed)).rejects.toThrow('killed');
    await writeFile(join(run.folder.path, 'result.json'), JSON.stringify(resultOf(run.started, { steps: 9 })));
    await expect(push(run)).rejects.toMatchObject({ status: 409, code: 'run.other_result' });
  });
});
