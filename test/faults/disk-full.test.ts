import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { corpusEntities, ImportRunner } from '@qingnang/corpus';
import { createDataSource, type EmbeddedPostgres, migrateDatabase, startEmbeddedPostgres } from '@qingnang/database';
import { llmEntities } from '@qingnang/llm';
import { defineJob, enqueue, JobHandler, migrateQueue, type QueueWorker, startQueueWorker } from '@qingnang/queue';
import { FolderBlobStore, readDiskRoom } from '@qingnang/storage';
import { ImportRunHandler } from '../../apps/worker/src/imports/import-run.handler.js';
import { migrations } from '../../migrations/index.js';
import { startApi, type TestApi } from '../support/api.js';
import { importDialogues, makeSource } from '../support/corpus.js';
import { openLlmBench } from '../support/llm.js';

const write = defineJob('test.write', z.object({ megabytes: z.int() }));

/** Writes into the database what cannot be pressed together. */
@JobHandler(write)
class Writer {
  tries = 0;
  constructor(private readonly dataSource: DataSource) {}

  async run({ megabytes }: { megabytes: number }): Promise<void> {
    this.tries += 1;
    await this.dataSource.query(
      `insert into bulk select (select string_agg(md5(random()::text || n || i), '') from generate_series(1, 32768) i)
       from generate_series(1, $1::int) n`,
      [megabytes],
    );
  }
}

const WAIT = { timeout: 120_000, interval: 50 };
/** A file system of its own, for the database and the data folder. */
const disk = mkdtempSync(join(tmpdir(), 'qingnang-disk-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=320m,mode=0711', 'tmpfs', disk]).status === 0;
const dataDir = join(disk, 'data');
const place = { dataDir, leastFreeMb: 2 };
const log = join(tmpdir(), `${basename(disk)}.log`);

let postgres: EmbeddedPostgres;
let dataSource: DataSource;
let api: TestApi;

/** Writes until nothing more can be written. */
async function fill(): Promise<void> {
  const file = await open(join(disk, 'filler'), 'w');
  for (const size of [1_048_576, 4_096, 1]) {
    const written = () =>
      file.write(Buffer.alloc(size, 1)).then(
        () => true,
        () => false,
      );
    while (await written());
  }
  await file.close();
}
const free = (): void => rmSync(join(disk, 'filler'), { force: true });
/** How often the database has said that it cannot write. */
const refusals = (): number => readFileSync(log, 'utf8').split('No space left on device').length - 1;

beforeAll(async () => {
  if (!mounted) return;
  mkdirSync(dataDir, { mode: 0o700 });
  mkdirSync(join(disk, 'cluster'));
  chmodSync(join(disk, 'cluster'), 0o711);
  postgres = await startEmbeddedPostgres({
    dataDir: join(disk, 'cluster'),
    logFile: log,
    unsafe: true,
  });
  await migrateDatabase(postgres.url, migrations);
  await migrateQueue(postgres.url);
  const entities = [...corpusEntities, ...llmEntities];
  dataSource = await createDataSource({ url: postgres.url, entities, poolSize: 8 }).initialize();
  await dataSource.query('create table bulk (words text)');
  api = await startApi({
    settings: { QINGNANG_DATA_DIR: dataDir, QINGNANG_LEAST_FREE_MB: '2' },
    through: async () => postgres.url,
  });
});

afterAll(async () => {
  if (mounted) {
    free();
    await api?.close();
    await dataSource?.destroy();
    await postgres?.stop();
    spawnSync('umount', [disk]);
  }
  rmSync(disk, { recursive: true, force: true });
  rmSync(log, { force: true });
});

beforeEach(({ skip }) => {
  if (!mounted) skip('needs the right to mount a small file system');
  free();
});

async function withWorker(
  handlers: object[],
  hasRoom: (() => Promise<boolean>) | undefined,
  work: (worker: QueueWorker, failed: unknown[]) => Promise<void>,
): Promise<void> {
  const failed: unknown[] = [];
  const worker = await startQueueWorker({
    url: postgres.url,
    handlers,
    concurrency: 2,
    pollMs: 50,
    roomPauseMs: 50,
    ...(hasRoom ? { hasRoom } : {}),
    onError: (_job, error) => failed.push(error),
  });
  try {
    await work(worker, failed);
  } finally {
    await worker.stop();
  }
}

describe('while the disk is full', () => {
  it('readiness says so, whose disk it is and what to do, and takes it back', async () => {
    const ready = async () => (await api.nobody().get('/api/v1/health/ready')).body as Record<string, unknown>;
    expect(await ready()).toEqual({ status: 'ok' });
    await fill();
    await expect
      .poll(ready, WAIT)
      .toMatchObject({ status: 503, code: 'health.disk_full', details: { full: 'folder' } });
    expect((await ready()).detail).toMatch(
      /^The disk of the data folder is full \(\d MB free\): jobs wait .* free some/,
    );
    free();
    await expect.poll(ready, WAIT).toEqual({ status: 'ok' });
  });

  it('the database is asked by itself, since it may lie on another machine', async () => {
    const elsewhere = { dataDir: tmpdir(), leastFreeMb: 1 };
    expect((await readDiskRoom(elsewhere, dataSource)).full).toBeNull();
    await fill();
    expect((await readDiskRoom(elsewhere, dataSource)).full).toBe('database');
  });

  it('what people send is refused with a sentence, and reading goes on', async () => {
    await fill();
    const refused = await api
      .as('data_lead')
      .post('/uploads?fileName=a.csv')
      .set({ 'Content-Type': 'application/octet-stream', 'Idempotency-Key': 'full' })
      .send('x'.repeat(3_000_000));
    expect(refused.body).toMatchObject({ status: 507, code: 'storage.full' });
    await api.as('data_lead').get('/records').expect(200);
  });
});

describe('a job whose disk fills up', () => {
  it('waits without spending its tries, and does its work once there is room', async () => {
    const writer = new Writer(dataSource);
    await enqueue(dataSource.manager, write, { megabytes: 4 });
    await fill();
    await withWorker([writer], undefined, async (_worker, failed) => {
      await expect.poll(() => writer.tries, WAIT).toBeGreaterThan(2);
      const [queued] = await dataSource.query<{ attempts: number; last_error: string | null }[]>(
        'select attempts, last_error from graphile_worker._private_jobs',
      );
      expect(queued).toEqual({ attempts: 1, last_error: null });
      free();
      const rows = async () => (await dataSource.query<{ n: number }[]>('select count(*)::int as n from bulk'))[0]!.n;
      await expect.poll(rows, WAIT).toBe(4);
      expect(failed).toEqual([]);
    });
  });

  it('is not even begun while there is no room: an import goes on by itself and keeps every row once', async () => {
    const source = await makeSource(dataSource, api.project.id);
    const blobs = new FolderBlobStore(join(dataDir, 'blobs'));
    const rows = Array.from({ length: 40 }, (_, i) => `第${i}个问题咳嗽怎么办,多喝水${i}\n`).join('');
    const upload = await api
      .as('data_lead')
      .post('/uploads?fileName=a.csv')
      .set({ 'Content-Type': 'application/octet-stream', 'Idempotency-Key': 'rows' })
      .send(`question,answer\n${rows}`)
      .expect(201);
    const plan = {
      container: 'csv',
      layout: 'qa_columns',
      encoding: 'utf-8',
      mapping: { ask: 'question', answer: 'answer' },
    };
    const created = await api.as('data_lead').post('/imports', {
      uploadId: upload.body.id,
      sourceId: source.id,
      dataSet: 'real_instruction',
      plan,
    });
    expect(created.status, created.text).toBe(202);
    await fill();
    const runner = new ImportRunHandler(new ImportRunner(dataSource, blobs));
    const state = async () => {
      const [found] = await dataSource.query<{ state: string; accepted: number }[]>(
        'select state, accepted_count as accepted from import where id = $1',
        [created.body.id],
      );
      return found;
    };
    let looks = 0;
    const hasRoom = async (): Promise<boolean> => {
      looks += 1;
      return (await readDiskRoom(place, dataSource)).full === null;
    };
    await withWorker([runner], hasRoom, async (_worker, failed) => {
      await expect.poll(() => looks, WAIT).toBeGreaterThan(2);
      expect(await state()).toEqual({ state: 'queued', accepted: 0 });
      free();
      await expect.poll(state, WAIT).toEqual({ state: 'done', accepted: 40 });
      expect(failed).toEqual([]);
    });
  });

  it('buys no answer twice: one that comes while nothing can be written is kept in hand', async () => {
    const bench = await openLlmBench(dataSource);
    const source = await makeSource(dataSource, bench.projectId);
    // Too long for the pages that are there already.
    const reply = Array.from({ length: 4_000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7_919) % 20_000))).join(
      '',
    );
    await importDialogues(dataSource, source, [['咳嗽怎么办？', reply]]);
    const job = await bench.createPolish();
    await bench.setFaults([{ kind: 'delay', delayMs: 3_000, times: 1 }]);
    await bench.start(job.id);
    const lane = bench.runLane(job.id, undefined, { timeoutMs: 60_000, leaseSeconds: 60 });
    await expect.poll(async () => (await bench.charges()).calls, WAIT).toBe(1);
    const before = refusals();
    await fill();
    await expect.poll(refusals, WAIT).toBeGreaterThan(before);
    free();
    await lane;
    expect(await bench.charges()).toMatchObject({ calls: 1, replays: 0 });
    expect(await bench.detail(job.id)).toMatchObject({ state: 'done', counts: { stored: 1, failed: 0 } });
    await bench.close();
  });
});
