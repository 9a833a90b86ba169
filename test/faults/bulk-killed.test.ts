import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { BulkJobService, corpusEntities } from '@qingnang/corpus';
import type { Actor, BulkJob } from '@qingnang/contracts';
import { makeAnswers } from '../support/bulk.js';
import { makeProject } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';
import { makePerson } from '../support/review.js';
import { letSilencePass, startWorkerProcess } from '../support/worker-process.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let dataDir: string;
let lead: Actor;
let jobs: BulkJobService;
const workers: ChildProcess[] = [];
beforeAll(async () => {
  db = await createTestDataSource(corpusEntities);
  dataDir = await mkdtemp(join(tmpdir(), 'qingnang-bulk-'));
  lead = await makePerson(db.dataSource, await makeProject(db.dataSource), ['data_lead']);
  jobs = new BulkJobService(db.dataSource);
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await kill(worker);
});
afterAll(async () => {
  await db?.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function kill(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = once(worker, 'exit');
  worker.kill('SIGKILL');
  await gone;
}

async function startWorker(): Promise<ChildProcess> {
  const worker = await startWorkerProcess({ databaseUrl: db.url, dataDir });
  workers.push(worker);
  return worker;
}

const until = async (id: string, is: (job: BulkJob) => boolean): Promise<BulkJob> => {
  let job = await jobs.get(lead, id);
  await expect.poll(async () => is((job = await jobs.get(lead, id))), { timeout: 120_000, interval: 20 }).toBe(true);
  return job;
};

it('a job whose worker is killed in the middle, doing and taking back, touches every record once', async () => {
  const ids = await makeAnswers(db.dataSource, lead.projectId, 6_000);
  const { id } = await jobs.create(lead, { kind: 'hold_back', filter: {}, reason: '停用' });
  const first = await startWorker();
  await until(id, ({ seen }) => seen > 0);
  await kill(first);
  await letSilencePass(db.dataSource);
  const second = await startWorker();
  expect(await until(id, ({ state }) => state === 'done')).toMatchObject({
    total: ids.length,
    done: ids.length,
    left: 0,
  });
  const [held] = await db.dataSource.query(
    `select count(*)::int as holds, count(distinct record_id)::int as records from record_hold where until_at is null`,
  );
  expect(held).toEqual({ holds: ids.length, records: ids.length });

  await jobs.undo(lead, id);
  await until(id, ({ undone }) => undone > 0);
  await kill(second);
  await letSilencePass(db.dataSource);
  await startWorker();
  expect(await until(id, ({ state }) => state === 'undone')).toMatchObject({ undone: ids.length, kept: 0 });
  const [back] = await db.dataSource.query(`select count(*)::int as n from record where state = 'imported'`);
  expect(back.n).toBe(ids.length);
});
