import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor, RunDetail } from '@qingnang/contracts';
import { childEnvironment } from '@qingnang/config';
import { identityEntities } from '@qingnang/identity';
import { llmEntities } from '@qingnang/llm';
import { runsEntities, RunService } from '@qingnang/runs';
import { makeProject } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';
import { anyActor, makeSnapshot, sftRun, tinyRunConfig } from '../support/runs.js';
import { eventually } from '../support/served-models.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let dataDir: string;
let actor: Actor;
let runs: RunService;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  db = await createTestDataSource([...identityEntities, ...llmEntities, ...runsEntities]);
  dataDir = await mkdtemp(join(tmpdir(), 'qingnang-worker-'));
  actor = anyActor(await makeProject(db.dataSource));
  runs = new RunService(db.dataSource);
});
afterAll(async () => {
  for (const worker of workers) if (worker.exitCode === null) worker.kill('SIGKILL');
  await db.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** The built worker as the supervisor starts it. */
function startWorker(): ChildProcess {
  const worker = spawn(process.execPath, ['dist/apps/worker/src/main.js'], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: childEnvironment({ databaseUrl: db.url, dataDir, port: 0, logLevel: 'fatal' }),
  });
  workers.push(worker);
  return worker;
}

const pidOf = async (id: string): Promise<number> => {
  const [row] = await db.dataSource.query<{ handle: { pid: number } }[]>(
    `select handle from run_attempt where run_id = $1 and n = 1`,
    [id],
  );
  return row!.handle.pid;
};
const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

it('a run whose worker is killed goes on at the next one; stopped in order, it goes on too', async () => {
  const run = await runs.create(
    actor,
    sftRun(await makeSnapshot(db.dataSource, dataDir, actor.projectId, 'sft'), {
      config: { ...tinyRunConfig, steps: 1200 },
    }),
  );
  const checkpointed = (attempt: number) => async (): Promise<RunDetail | false> => {
    const seen = await runs.get(actor, run.id);
    const now = seen.attemptList.at(-1);
    return (
      seen.state === 'running' && now?.n === attempt && seen.checkpoints.some((c) => c.attempt === attempt) && seen
    );
  };

  const first = startWorker();
  await eventually(checkpointed(1));
  first.kill('SIGKILL');
  // The trainer sees its worker gone, saves and ends: no process is left behind.
  const pid = await pidOf(run.id);
  await eventually(() => Promise.resolve(isGone(pid)));

  const second = startWorker();
  const again = await eventually(checkpointed(2));
  expect(again.attemptList[0]).toMatchObject({ state: 'lost' });
  const resumedFrom = again.attemptList[1]!.resumedFromStep!;
  expect(resumedFrom).toBeGreaterThanOrEqual(8);
  // What the first trainer saved while it ended is the first attempt's.
  const steps = again.checkpoints.filter(({ attempt }) => attempt === 2).map(({ step }) => step);
  expect(Math.min(...steps)).toBeGreaterThan(resumedFrom);
  second.kill('SIGTERM');
  await once(second, 'exit');
  const stopped = await runs.get(actor, run.id);
  expect(stopped).toMatchObject({ state: 'queued' });
  expect(stopped.attemptList[1]).toMatchObject({ state: 'stopped', exitCode: 75 });

  startWorker();
  const done = await eventually(async () => {
    const seen = await runs.get(actor, run.id);
    if (seen.state === 'failed') throw new Error(String(seen.failure));
    return seen.state === 'succeeded' && seen;
  });
  expect(done).toMatchObject({ attempts: 3, step: 1200 });
  expect(done.modelId).not.toBeNull();
});
