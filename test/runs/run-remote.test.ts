import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CreatedApiKey, RunDetail } from '@qingnang/contracts';
import { startApi, type TestApi } from '../support/api.js';
import { makeSnapshot, tinyRunConfig } from '../support/runs.js';
import { runTrainer, Trainer } from '../support/trainer.js';

let api: TestApi;
let work: string;
let common: string[];
let snapshot: string;

beforeAll(async () => {
  api = await startApi();
  await api.app.listen(0, '127.0.0.1');
  const { port } = api.app.getHttpServer().address() as AddressInfo;
  const id = await makeSnapshot(api.dataSource, api.settings.dataDir, api.project.id, 'sft');
  const [row] = await api.dataSource.query<{ name: string }[]>('select name from snapshot where id = $1', [id]);
  snapshot = row!.name;
  work = await mkdtemp(join(tmpdir(), 'qingnang-remote-'));
  // As docs/training-jobs.md tells it: a key that may start runs, in a file of its own.
  const key = await api.as('admin').post('/api-keys', { name: 'cron', scopes: ['runs:run'], expiresInDays: 90 });
  const keyFile = join(work, 'key');
  await writeFile(keyFile, (key.body as CreatedApiKey).key + '\n');
  await chmod(keyFile, 0o600);
  await writeFile(join(work, 'config.json'), JSON.stringify({ ...tinyRunConfig, steps: 240 }));
  common = [
    '--platform',
    `http://127.0.0.1:${port}`,
    '--project',
    api.project.slug,
    '--api-key-file',
    keyFile,
    '--json',
  ];
});
afterAll(async () => {
  await api?.close();
  await rm(work, { recursive: true, force: true });
});

const nightly = (...more: string[]): string[] => [
  ...['run-remote', 'sft', '--snapshot', `${snapshot}@latest`, '--name', 'nightly', '--work', join(work, 'job')],
  ...['--config', join(work, 'config.json'), ...common, ...more],
];
const runOf = async (id: string) => (await api.as('data_lead').get(`/runs/${id}`)).body as RunDetail;

/** A call that is told to stop after its first checkpoint. @returns the id of its run */
async function cutOff(...more: string[]): Promise<string> {
  const call = new Trainer(...nightly(...more));
  const [, id] = await call.says(/Run (\S+) reads .*@1\./);
  await call.says(/Step \d+: checkpoint/);
  call.process.kill('SIGTERM');
  expect(await call.exit()).toBe(75);
  return id!;
}

it('a cron line trains what is new, goes on where it was cut off, and skips when nothing is', async () => {
  const id = await cutOff();
  expect(await runOf(id)).toMatchObject({ state: 'running', launcher: 'outside' });

  // A call for another job leaves this one as it lies, and is told what its own lacks.
  const other = await runTrainer(...nightly('--name', 'other', '--snapshot', 'none@latest'));
  expect(other.stdout + other.stderr).toMatch(/run\.unknown_input/);
  expect(other.stderr).not.toContain('Going on');

  const second = await runTrainer(...nightly());
  expect(second.code, second.stderr).toBe(0);
  const said = JSON.parse(second.stdout) as Record<string, unknown>;
  expect(said).toMatchObject({ id, outcome: 'pushed', state: 'succeeded', modelName: 'nightly', attempt: 2 });
  expect(said.inputs).toMatchObject([{ role: 'data', name: snapshot, version: 1 }]);
  const run = await runOf(id);
  expect(run).toMatchObject({
    state: 'succeeded',
    step: 240,
    attemptList: [{ state: 'lost' }, { state: 'succeeded' }],
  });
  const metrics = await api.as('data_lead').get(`/runs/${id}/metrics?keys=train/loss`);
  expect(metrics.text).toMatch(/"train\/loss"/);
  const log = await api.as('data_lead').get(`/runs/${id}/log`);
  expect(log.text).toMatch(/going on from step/);

  // What a power cut leaves of a folder keeps no later call from its work.
  const damaged = join(work, 'job', 'runs', 'zz-damaged');
  await mkdir(damaged);
  await writeFile(join(damaged, 'job.json'), '');
  const third = await runTrainer(...nightly());
  expect(third.stderr).toMatch(/zz-damaged\S* is damaged/);
  expect(third.code).toBe(4);
  expect(JSON.parse(third.stdout)).toMatchObject({ outcome: 'skipped', lastRunId: id });
  expect(await readdir(join(work, 'job', 'inputs'))).toHaveLength(1);
});

/** The process that trains for a call, found by the run folder it was given. */
async function trainerOf(run: string): Promise<number> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (line.split('\0').includes('--exit-with-parent') && line.includes(run)) return Number(name);
  }
  throw new Error(`No trainer works on ${run}.`);
}

it.runIf(process.platform === 'linux')(
  'goes on from the checkpoint after its trainer was killed, and says by what',
  async () => {
    const job = nightly('--name', 'killed', '--work', join(work, 'killed-job'));
    const kill = async (): Promise<{ run: string; call: Trainer }> => {
      const call = new Trainer(...job);
      const [, run] = await call.says(/run (\S{36})/i);
      await call.says(/Step \d+: checkpoint/);
      process.kill(await trainerOf(run!), 'SIGKILL');
      expect(await call.exit(), call.stderr).toBe(75);
      return { run: run!, call };
    };
    const { run, call } = await kill();
    expect(call.stderr).toMatch(/killed by SIGKILL .*after the checkpoint of step \d+; the same command goes on/);
    expect(JSON.parse(call.stdout)).toMatchObject({ outcome: 'killed', id: run, attempt: 1, signal: 'SIGKILL' });
    expect(await runOf(run)).toMatchObject({ state: 'running' });
    const second = await runTrainer(...job, '--even-if-nothing-new');
    expect(second.code, second.stderr).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ id: run, attempt: 2, state: 'succeeded' });
    const log = await api.as('data_lead').get(`/runs/${run}/log`);
    expect(log.text).toMatch(/killed by SIGKILL[\s\S]*going on from step \d+/);
  },
);

it('two jobs share a work folder at the same time, and what both read is fetched once', async () => {
  const shared = join(work, 'shared-job');
  const job = (name: string): string[] =>
    nightly('--name', name, '--work', shared, '--config', join(work, 'shared.json'), '--even-if-nothing-new');
  await writeFile(join(work, 'shared.json'), JSON.stringify({ ...tinyRunConfig, steps: 8 }));
  const both = await Promise.all(['one', 'two'].map((name) => runTrainer(...job(name))));
  expect(both.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, expect.anything()],
    [0, expect.anything()],
  ]);
  expect(await readdir(join(shared, 'inputs'))).toHaveLength(1);
  expect((await readdir(join(shared, 'runs'))).length).toBe(2);
});

it('a trainer that outlives its call saves and ends without complaint', async () => {
  const folder = join(work, 'orphan');
  const calling = new Trainer(
    ...['sft', '--snapshot', join(work, 'job', 'inputs', (await readdir(join(work, 'job', 'inputs')))[0]!)],
    ...['--run', folder, '--config', join(work, 'config.json'), '--exit-with-parent', '--json'],
  );
  await calling.says(/Step \d+: checkpoint/);
  // As after a kill of the call: nobody reads, and standard input closes.
  calling.process.stdout!.destroy();
  calling.process.stderr!.destroy();
  calling.process.stdin!.end();
  expect(await calling.exit()).toBe(75);
  const result = JSON.parse(await readFile(join(folder, 'result.json'), 'utf8')) as object;
  expect(result).toMatchObject({ state: 'stopped', error: null });
  expect(await readFile(join(folder, 'log.txt'), 'utf8')).not.toContain('EPIPE');
});

it('the steps one by one go on after a kill, as one attempt or as the next, on another back end too', async () => {
  const folder = join(work, 'recovered');
  await writeFile(join(work, 'long.json'), JSON.stringify({ ...tinyRunConfig, steps: 240 }));
  const start = ['start', 'sft', '--snapshot', `${snapshot}@latest`, '--run', folder, '--name', 'recovered'];
  start.push('--config', join(work, 'long.json'), ...common);
  const started = await runTrainer(...start);
  const { run } = JSON.parse(started.stdout) as { run: { id: string } };
  // Begun again it is the same run, since nothing has ended it.
  expect(JSON.parse((await runTrainer(...start)).stdout)).toMatchObject({ outcome: 'started', run: { id: run.id } });
  const refused = await runTrainer(...start, '--name', 'another');
  expect([refused.code, refused.stdout]).toEqual([2, expect.stringContaining('training.job_exists')]);
  await runTrainer('pull', '--run', folder);
  const train = ['sft', '--snapshot', join(folder, 'inputs', 'data'), '--run', folder];
  const cut = async (...more: string[]): Promise<void> => {
    const trainer = new Trainer(...train, ...more);
    await trainer.says(/Step \d+: checkpoint/);
    trainer.process.kill('SIGKILL');
    await trainer.exit();
  };
  await cut('--config', join(folder, 'request.json'), '--backend', 'cpu');
  await cut('--config', join(folder, 'request.json'), '--backend', 'cpu', '--resume');
  const next = await runTrainer('start', '--resume', '--run', folder, '--json');
  expect(JSON.parse(next.stdout)).toMatchObject({ outcome: 'resumed', run: { id: run.id, attempt: 2 } });
  const end = await runTrainer(...train, '--config', join(folder, 'request.json'), '--resume');
  expect(end.code, end.stderr).toBe(0);
  const pushed = await runTrainer('push', '--run', folder, '--json');
  expect(JSON.parse(pushed.stdout), pushed.stderr).toMatchObject({ outcome: 'pushed', state: 'succeeded' });
  expect(await runOf(run.id)).toMatchObject({ attemptList: [{ state: 'lost' }, { state: 'succeeded' }] });
});

it('the steps one by one do the same, and a second push changes nothing', async () => {
  const folder = join(work, 'steps');
  await writeFile(join(work, 'short.json'), JSON.stringify({ ...tinyRunConfig, steps: 8 }));
  const config = ['--config', join(work, 'short.json'), '--seed', '3'];
  const asked = ['--snapshot', `${snapshot}@latest`, '--run', folder, '--name', 'steps', ...config, ...common];
  const started = await runTrainer('start', 'sft', ...asked);
  expect(started.code, started.stderr).toBe(0);
  const job = JSON.parse(started.stdout) as { run: { id: string; config: { seed: number } } };
  expect(job.run.config.seed).toBe(3);
  const pulled = await runTrainer('pull', `${snapshot}@latest`, '--run', folder);
  expect(pulled.stdout).toContain(`${snapshot}@1 ${join(folder, 'inputs', 'data')}`);
  expect((await runTrainer('pull', 'other@2', '--run', folder, '--json')).stdout).toContain('training.pull_unknown');
  const trained = await runTrainer(
    ...['sft', '--snapshot', join(folder, 'inputs', 'data'), '--run', folder, '--config', join(folder, 'request.json')],
  );
  expect(trained.code, trained.stderr).toBe(0);
  const pushed = await runTrainer('push', '--run', folder, '--json');
  expect(JSON.parse(pushed.stdout)).toMatchObject({ outcome: 'pushed', state: 'succeeded', modelName: 'steps' });
  const again = await runTrainer('push', '--run', folder, '--json');
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ outcome: 'already_pushed', files_sent: 0, modelName: 'steps' });
  const [{ n }] = await api.dataSource.query<[{ n: number }]>(
    'select count(*)::int as n from model where run_id = $1',
    [job.run.id],
  );
  expect(n).toBe(1);
});

it('a LoRA run brings its adapter, and the next run learns from the model it pulls', async () => {
  const tune = (name: string, policy: string) =>
    nightly('--name', name, '--policy', policy, '--config', join(work, 'lora.json'));
  const { model: _model, ...rest } = tinyRunConfig;
  const config = { ...rest, steps: 2, checkpoint_every: 2, evaluate_every: 2, sequence_length: 128, lora: { rank: 2 } };
  await writeFile(join(work, 'lora.json'), JSON.stringify(config));
  const first = await runTrainer(...tune('adapted', 'steps'));
  expect(first.code, first.stderr).toBe(0);
  const { id } = JSON.parse(first.stdout) as { id: string };
  const adapter = join(api.settings.dataDir, 'runs', id, 'checkpoints', 'step-2', 'adapter');
  expect((await readdir(adapter)).sort()).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
  const second = await runTrainer(...tune('from it', 'adapted@latest'));
  expect(second.code, second.stderr).toBe(0);
  expect(JSON.parse(second.stdout)).toMatchObject({ state: 'succeeded', inputs: [{}, { name: 'adapted' }] });
});

it('what fails here is told there', async () => {
  await writeFile(join(work, 'wrong.json'), JSON.stringify({ ...tinyRunConfig, sequence_length: 8 }));
  const failed = await runTrainer(...nightly('--config', join(work, 'wrong.json'), '--name', 'wrong'));
  expect(failed.code).toBe(1);
  const { id } = JSON.parse(failed.stdout) as { id: string };
  expect(await runOf(id)).toMatchObject({ state: 'failed', failure: expect.stringMatching(/^training\./) as string });
  const refused = await runTrainer(...nightly('--project', 'none', '--name', 'refused'));
  expect(refused.code).toBe(2);
  expect(refused.stdout).toContain('project.not_found');
  expect(await readFile(join(work, 'key'), 'utf8')).toMatch(/^qn_/);
});

it('a run that its failure has ended is not trained again where only the answer was lost', async () => {
  const job = ['--name', 'unheard', '--work', join(work, 'unheard-job')];
  const id = await cutOff(...job);
  const folder = join(work, 'unheard-job', 'runs', id);
  const result = JSON.parse(await readFile(join(folder, 'result.json'), 'utf8')) as object;
  await writeFile(join(folder, 'result.json'), JSON.stringify({ ...result, state: 'failed', error: 'It fell over.' }));
  const token = await readFile(join(folder, 'token'), 'utf8');
  const pushed = await runTrainer('push', '--run', folder, '--json');
  expect(JSON.parse(pushed.stdout)).toMatchObject({ state: 'failed' });
  await rm(join(folder, 'pushed.json'));
  await writeFile(join(folder, 'token'), token);

  const second = await runTrainer(...nightly(...job));
  expect(second.code).toBe(1);
  expect(JSON.parse(second.stdout)).toMatchObject({ id, outcome: 'pushed', state: 'failed' });
  expect(second.stderr).not.toContain('Attempt');
});

it('a run whose snapshot was withdrawn ends, and does not hold up the calls after it', async () => {
  const job = ['--name', 'withdrawn', '--work', join(work, 'withdrawn-job')];
  const id = await cutOff(...job);
  await api.dataSource.query(`update snapshot set state = 'withdrawn' where name = $1`, [snapshot]);
  const second = await runTrainer(...nightly(...job));
  expect(second.stderr).toContain(`Run ${id} cannot go on`);
  expect(second.code).toBe(2);
  expect(await runOf(id)).toMatchObject({ state: 'failed', failure: expect.stringMatching(/^run\.input_withdrawn/) });
});
