import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Actor, type CreateRun, type RunDetail, type RunState } from '@qingnang/contracts';
import { identityEntities } from '@qingnang/identity';
import { llmEntities } from '@qingnang/llm';
import { LocalLauncher, ModelService, RunDriver, runsEntities, RunService } from '@qingnang/runs';
import { makeProject } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';
import { anyActor, makeSnapshot, sftRun, tinyRunConfig } from '../support/runs.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let dataDir: string;
let actor: Actor;
let runs: RunService;
let models: ModelService;
let sft: string;

const timing = { pollMs: 20, heartbeatMs: 100, graceMs: 20_000, busyMs: 50 };
const driver = (): RunDriver => new RunDriver(db.dataSource, new LocalLauncher(), { dataDir, platform: null }, timing);
const work = (run: RunDetail, signal = new AbortController().signal): Promise<void> =>
  driver().work({ projectId: actor.projectId, runId: run.id }, signal);

/** Works on the run in the background until it satisfies the condition. */
async function until(id: string, condition: (run: RunDetail) => boolean): Promise<RunDetail> {
  for (;;) {
    const run = await runs.get(actor, id);
    if (condition(run)) return run;
    if (['failed', 'cancelled', 'succeeded'].includes(run.state)) throw new Error(`${run.state}: ${run.failure}`);
    await sleep(20);
  }
}
const checkpointed = (run: RunDetail): boolean => run.state === 'running' && run.checkpoints.length > 0;
const pidOf = async (id: string): Promise<number> => {
  const [row] = await db.dataSource.query<{ handle: { pid: number } }[]>(
    'select handle from run_attempt where run_id = $1 order by n desc limit 1',
    [id],
  );
  return row!.handle.pid;
};
/** Long enough to be met on the way. */
const longRun = (): CreateRun => sftRun(sft, { config: { ...tinyRunConfig, steps: 80 } });

beforeAll(async () => {
  db = await createTestDataSource([...identityEntities, ...llmEntities, ...runsEntities]);
  dataDir = await mkdtemp(join(tmpdir(), 'qingnang-runs-'));
  actor = anyActor(await makeProject(db.dataSource));
  runs = new RunService(db.dataSource);
  models = new ModelService(db.dataSource);
});
beforeEach(async () => {
  sft = await makeSnapshot(db.dataSource, dataDir, actor.projectId, 'sft');
});
afterAll(async () => {
  await db.close();
  await rm(dataDir, { recursive: true, force: true });
});

describe('a run', () => {
  it('trains from a snapshot to a registered model with its lineage, and stamps what descends from rehearsal', async () => {
    const preference = await makeSnapshot(db.dataSource, dataDir, actor.projectId, 'preference', { rehearsal: false });
    const first = await runs.create(actor, sftRun(sft));
    expect(first).toMatchObject({ state: 'queued', attempts: 0, step: 0, steps: 40 });
    await work(first);
    const done = await runs.get(actor, first.id);
    expect(done).toMatchObject({ state: 'succeeded', attempts: 1, step: 40, failure: null });
    expect(done.checkpoints.map(({ step }) => step)).toContain(40);
    expect(done.attemptList[0]).toMatchObject({ state: 'succeeded', exitCode: 0, resumedFromStep: null });
    const model = await models.get(actor, done.modelId!);
    expect(model).toMatchObject({
      stage: 'sft',
      rehearsal: true,
      contextTokens: 128,
      weightsHash: done.checkpoints.at(-1)!.weightsHash,
    });
    expect(model.inputs).toEqual([expect.objectContaining({ role: 'data', snapshotId: sft })]);

    const reward = await runs.create(actor, {
      ...sftRun(preference, { config: { ...tinyRunConfig, model: {}, steps: 8, evaluate_every: 8 } }),
      method: 'reward',
      inputs: { data: preference, policy: model.id },
    });
    await work(reward);
    const scored = await runs.get(actor, reward.id);
    expect(scored.failure).toBeNull();
    const rewardModel = await models.get(actor, scored.modelId!);
    expect(rewardModel).toMatchObject({ stage: 'reward', rehearsal: true, providerId: null });
    expect(rewardModel.lineage.map(({ depth, id }) => [depth, id])).toEqual(
      expect.arrayContaining([
        [1, preference],
        [1, model.id],
        [2, sft],
      ]),
    );
    expect((await models.get(actor, model.id)).children).toEqual([expect.objectContaining({ id: rewardModel.id })]);
    const [provider] = await db.dataSource.query(
      'select kind, outside, models, breaker_open_until > now() as asleep from provider where model_id = $1',
      [model.id],
    );
    expect(provider).toMatchObject({
      kind: 'serve',
      outside: false,
      asleep: true,
      models: [expect.objectContaining({ text_only: true, context_tokens: 128, rehearsal: true })],
    });
    const open = await db.dataSource.query('select from api_key where run_id is not null and revoked_at is null');
    expect(open).toEqual([]);
  });

  it('saves and waits when its worker stops, and goes on with the next one', async () => {
    const run = await runs.create(actor, longRun());
    const stopping = new AbortController();
    const working = work(run, stopping.signal);
    await until(run.id, checkpointed);
    stopping.abort();
    await working;
    const waiting = await runs.get(actor, run.id);
    expect(waiting).toMatchObject({ state: 'queued' });
    expect(waiting.attemptList).toEqual([expect.objectContaining({ state: 'stopped', exitCode: 75 })]);
    await work(run);
    const done = await runs.get(actor, run.id);
    expect(done).toMatchObject({ state: 'succeeded', attempts: 2 });
    expect(done.attemptList[1]!.resumedFromStep).toBeGreaterThanOrEqual(8);
  });

  it('is lost when its trainer is killed, and the next attempt goes on from the last checkpoint', async () => {
    const run = await runs.create(actor, longRun());
    const working = work(run);
    await until(run.id, checkpointed);
    process.kill(await pidOf(run.id), 'SIGKILL');
    await working;
    const done = await runs.get(actor, run.id);
    expect(done).toMatchObject({ state: 'succeeded', attempts: 2 });
    expect(done.attemptList.map(({ state }) => state)).toEqual(['lost', 'succeeded']);
    expect(done.attemptList[1]!.resumedFromStep).toBeGreaterThanOrEqual(8);
  });

  it('rests at a wish and goes on at another; cancelled, it ends', async () => {
    const run = await runs.create(actor, longRun());
    const working = work(run);
    await until(run.id, checkpointed);
    expect(await runs.pause(actor, run.id)).toMatchObject({ state: 'running', wish: 'pause' });
    await working;
    expect(await runs.get(actor, run.id)).toMatchObject({ state: 'paused', wish: null });
    expect(await runs.resume(actor, run.id)).toMatchObject({ state: 'queued' });
    const again = work(run);
    await until(run.id, ({ state, attempts }) => state === 'running' && attempts === 2);
    await runs.cancel(actor, run.id);
    await again;
    expect(await runs.get(actor, run.id)).toMatchObject({ state: 'cancelled', modelId: null });
    await expect(runs.resume(actor, run.id)).rejects.toMatchObject({ code: 'run.wrong_state', status: 409 });
  });

  it('fails with a reason when its snapshot was tampered with, and goes on once it is restored', async () => {
    const run = await runs.create(actor, sftRun(sft));
    const manifest = join(dataDir, 'snapshots', sft, 'manifest.json');
    const whole = await readFile(manifest, 'utf8');
    await writeFile(manifest, whole + ' ');
    await work(run);
    expect(await runs.get(actor, run.id)).toMatchObject({
      state: 'failed',
      failure: expect.stringMatching(/^run.input_changed/) as string,
    });
    await writeFile(manifest, whole);
    await runs.resume(actor, run.id);
    await work(run);
    expect((await runs.get(actor, run.id)).state).toBe<RunState>('succeeded');
  });

  it('waits while its worker trains another', async () => {
    const [one, two] = [await runs.create(actor, longRun()), await runs.create(actor, sftRun(sft))];
    const shared = driver();
    const signal = new AbortController().signal;
    const working = shared.work({ projectId: actor.projectId, runId: one.id }, signal);
    await until(one.id, ({ state }) => state === 'running');
    await shared.work({ projectId: actor.projectId, runId: two.id }, signal);
    expect(await runs.get(actor, two.id)).toMatchObject({ state: 'queued', attempts: 0 });
    const [job] = await db.dataSource.query(
      "select run_at > now() - interval '1 second' as later from graphile_worker.jobs where key = $1",
      [`run.launch:${two.id}`],
    );
    expect(job).toEqual({ later: true });
    await working;
    expect(await runs.get(actor, two.id)).toMatchObject({ state: 'succeeded' });
  });
});
