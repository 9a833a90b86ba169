import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createSnapshot, type ReadPlan } from '@qingnang/contracts';
import {
  approve,
  corpusEntities,
  ImportEntity,
  ImportFileEntity,
  importRunJob,
  ImportService,
  ImportUndoService,
  UploadEntity,
} from '@qingnang/corpus';
import { tallyDifferences } from '@qingnang/database';
import { identityEntities } from '@qingnang/identity';
import { uuidv7 } from '@qingnang/kernel';
import { llmEntities } from '@qingnang/llm';
import { enqueue } from '@qingnang/queue';
import { runsEntities, RunService } from '@qingnang/runs';
import { snapshotEntities, SnapshotService } from '@qingnang/snapshot';
import { FolderBlobStore } from '@qingnang/storage';
import { importContent, makeProject, makeSource } from '../support/corpus.js';
import { openLlmBench, shortDialogues } from '../support/llm.js';
import { createTestDataSource } from '../support/postgres.js';
import { makePerson } from '../support/review.js';
import { anyActor, makeSnapshot, sftRun, tinyRunConfig } from '../support/runs.js';
import { letSilencePass, startWorkerProcess } from '../support/worker-process.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let dataDir: string;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  db = await createTestDataSource([
    ...identityEntities,
    ...llmEntities,
    ...corpusEntities,
    ...snapshotEntities,
    ...runsEntities,
  ]);
  dataDir = await mkdtemp(join(tmpdir(), 'qingnang-stopped-'));
});
afterEach(async () => {
  for (const worker of workers.splice(0)) {
    if (worker.exitCode !== null || worker.signalCode !== null) continue;
    worker.kill('SIGKILL');
    await once(worker, 'exit');
  }
});
afterAll(async () => {
  await db.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function startWorker(): Promise<ChildProcess> {
  const worker = await startWorkerProcess({ databaseUrl: db.url, dataDir });
  workers.push(worker);
  return worker;
}

const query = <T>(sql: string, params: unknown[] = []): Promise<T[]> => db.dataSource.query(sql, params);
const plan: ReadPlan = { container: 'json', layout: 'alpaca', encoding: 'utf-8', mapping: {} };
const line = (i: number): string =>
  `${JSON.stringify({ instruction: `第${i}次复查要隔多久`, input: '', output: `隔${i}天，少盐。` })}\n`;

/** An import as its row stands while it is read, with its file where the worker looks for it. */
async function plantImport(projectId: string, rows: number, state = 'queued'): Promise<string> {
  const [id, uploadId] = [uuidv7(), uuidv7()];
  const content = Readable.from(Array.from({ length: rows }, (_, i) => Buffer.from(line(i))));
  const stored = await new FolderBlobStore(join(dataDir, 'blobs')).put(uploadId, content);
  const { manager } = db.dataSource;
  const file = { fileName: 'rows.jsonl', bytes: String(stored.bytes), sha256: stored.sha256, blobKey: uploadId };
  await manager.insert(UploadEntity, { id: uploadId, projectId, ...file });
  const source = await makeSource(db.dataSource, projectId);
  await manager.insert(ImportEntity, {
    id,
    projectId,
    sourceId: source.id,
    dataSet: 'real_instruction',
    plan,
    state: state as ImportEntity['state'],
  });
  await manager.insert(ImportFileEntity, { importId: id, projectId, n: 0, role: 'rows', uploadId });
  return id;
}

interface ImportCounts {
  state: string;
  read: number;
  accepted: number;
  records: number;
}
const importOf = async (id: string): Promise<ImportCounts> =>
  (
    await query<ImportCounts>(
      `select state, read_count as read, accepted_count as accepted,
         (select count(*)::int from occurrence o where o.import_id = i.id) as records from import i where id = $1`,
      [id],
    )
  )[0]!;
const readOf = async (id: string): Promise<number> => (await importOf(id)).read;
const patient = { timeout: 120_000, interval: 20 };

/** Stops a worker where none of its connections is in the middle of a transaction, so that nothing but its silence holds. */
async function stopBetweenTransactions(worker: ChildProcess): Promise<void> {
  for (;;) {
    worker.kill('SIGSTOP');
    const open = await query(
      `select from pg_stat_activity where datname = current_database() and application_name = 'qingnang-worker'
         and xact_start is not null`,
    );
    if (open.length === 0) return;
    worker.kill('SIGCONT');
  }
}

it('an import whose worker was stopped, taken over, and woke up counts every row once and ends', async () => {
  const projectId = await makeProject(db.dataSource);
  const rows = 12_000;
  const id = await plantImport(projectId, rows);
  await enqueue(db.dataSource.manager, importRunJob, { projectId, importId: id });
  const first = await startWorker();
  await expect.poll(() => readOf(id), patient).toBeGreaterThan(0);
  await stopBetweenTransactions(first);
  const stoppedAt = await readOf(id);
  expect(stoppedAt).toBeLessThan(rows);

  await letSilencePass(db.dataSource);
  const second = await startWorker();
  await expect.poll(() => readOf(id), patient).toBeGreaterThan(stoppedAt);
  first.kill('SIGCONT');
  // The first ends its copy by itself; then the second dies, and only the queue's row can bring the work back.
  first.kill('SIGTERM');
  await once(first, 'exit');
  second.kill('SIGKILL');
  await once(second, 'exit');
  const left = await importOf(id);
  await letSilencePass(db.dataSource);
  await startWorker();
  await expect.poll(async () => (await importOf(id)).state, patient).toBe('done');
  expect(left.read).toBeLessThanOrEqual(rows);
  expect(await importOf(id)).toEqual({ state: 'done', read: rows, accepted: rows, records: rows });
  await expect.poll(() => query('select id from graphile_worker._private_jobs'), patient).toEqual([]);
});

it('an import whose workers are killed in the middle of it, one after the other, counts every row once', async () => {
  const projectId = await makeProject(db.dataSource);
  const rows = 20_000;
  const id = await plantImport(projectId, rows);
  await enqueue(db.dataSource.manager, importRunJob, { projectId, importId: id });
  for (let seen = 0, killed = 0; killed < 2; killed++) {
    const worker = await startWorker();
    await expect.poll(() => readOf(id), patient).toSatisfy((read: number) => read > seen || read === rows);
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    seen = await readOf(id);
    await letSilencePass(db.dataSource);
  }
  await startWorker();
  await expect.poll(async () => (await importOf(id)).state, patient).toBe('done');
  expect(await importOf(id)).toEqual({ state: 'done', read: rows, accepted: rows, records: rows });
  const [stored] = await query(
    `select count(distinct r.id)::int as records, count(distinct v.id)::int as versions,
       count(distinct o.row_number)::int as rows, count(distinct v.turns -> 0 ->> 'text')::int as questions
     from record r join version v on v.record_id = r.id join occurrence o on o.version_id = v.id where r.project_id = $1`,
    [projectId],
  );
  expect(stored).toEqual({ records: rows, versions: rows, rows, questions: rows });
  expect(await tallyDifferences(db.dataSource)).toEqual([]);
});

it('a worker stopped in the middle of a transaction keeps its job until PostgreSQL ends the session', async () => {
  const projectId = await makeProject(db.dataSource);
  const rows = 6_000;
  const id = await plantImport(projectId, rows);
  await enqueue(db.dataSource.manager, importRunJob, { projectId, importId: id });
  const first = await startWorker();
  await expect.poll(() => readOf(id), patient).toBeGreaterThan(0);
  await query(`update graphile_worker._private_jobs set locked_at = locked_at - interval '1 hour'`);
  // Where the test's own lock keeps the next batch waiting in its transaction.
  const runner = db.dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.query('select from import where id = $1 for update', [id]);
  const inside = `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(() => query(inside), patient).toHaveLength(1);
  const [session] = await query<{ pid: number }>(inside);
  first.kill('SIGSTOP');
  await runner.rollbackTransaction();
  await runner.release();
  await query(`update worker_heartbeat set seen_at = seen_at - interval '1 hour'`);
  const second = await startWorker();
  const [held] = await query<{ attempts: number }>('select attempts from graphile_worker._private_jobs');
  expect(held).toEqual({ attempts: 1 });
  // What its time limit for idle transactions does after a minute.
  await query('select pg_terminate_backend($1)', [session!.pid]);
  await expect.poll(async () => (await importOf(id)).state, patient).toBe('done');
  first.kill('SIGCONT');
  first.kill('SIGTERM');
  await once(first, 'exit');
  second.kill('SIGTERM');
  await once(second, 'exit');
  expect(await importOf(id)).toEqual({ state: 'done', read: rows, accepted: rows, records: rows });
});

it('whatever says that it is under way without a job in the queue is picked up: every kind of long job', async () => {
  const projectId = await makeProject(db.dataSource);
  const lead = await makePerson(db.dataSource, projectId, ['data_lead']);
  const imported = await plantImport(projectId, 700, 'running');

  const rows = (name: string): Readable =>
    Readable.from([Buffer.from(JSON.stringify({ instruction: `${name}能停药吗`, input: '', output: '别停。' }))]);
  const source = await makeSource(db.dataSource, projectId);
  const wrong = await importContent(db.dataSource, source, () => rows('错的'), { plan });
  await new ImportUndoService(db.dataSource, new ImportService(db.dataSource)).undo(lead, wrong.id);

  const right = await importContent(db.dataSource, source, () => rows('对的'), { plan });
  await db.dataSource.transaction(async (tx) => {
    const [record]: { id: string; version: string }[] = await tx.query(
      `select r.id, r.latest_version_id as version from record r join occurrence o on o.record_id = r.id
       where o.import_id = $1`,
      [right.id],
    );
    const approval = { projectId, recordId: record!.id, versionId: record!.version };
    await approve(tx, { ...approval, approvedBy: null, rule: 'single_answer' });
  });
  const order = createSnapshot.parse({ name: 'lost', kind: 'sft' });
  const snapshot = await new SnapshotService(db.dataSource, { dataDir }).create(lead, order);

  const bench = await openLlmBench(db.dataSource);
  const talk = await makeSource(db.dataSource, bench.projectId);
  const dialogues = shortDialogues(3).map(([instruction, output]) =>
    JSON.stringify({ instruction, input: '', output }),
  );
  await importContent(db.dataSource, talk, () => Readable.from([Buffer.from(dialogues.join('\n'))]), { plan });
  const polish = await bench.createPolish();
  await bench.start(polish.id);

  const data = await makeSnapshot(db.dataSource, dataDir, projectId, 'sft');
  const asked = sftRun(data, { config: { ...tinyRunConfig, steps: 4, checkpoint_every: 4, evaluate_every: 4 } });
  const run = await new RunService(db.dataSource).create(anyActor(projectId), asked);

  await query('delete from graphile_worker._private_jobs');
  await startWorker();
  const states = (): Promise<unknown[]> =>
    query(
      `select (select state from import where id = $1) as imported, (select state from import where id = $2) as undone,
         (select state from snapshot where id = $3) as snapshot, (select state from llm_job where id = $4) as polish,
         (select state from run where id = $5) as run`,
      [imported, wrong.id, snapshot.id, polish.id, run.id],
    );
  await expect
    .poll(states, patient)
    .toEqual([{ imported: 'done', undone: 'undone', snapshot: 'frozen', polish: 'done', run: 'succeeded' }]);
  await bench.close();
});
