import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { corpusEntities, ImportRunner, importRunJob } from '@qingnang/corpus';
import { enqueue, startQueueWorker } from '@qingnang/queue';
import { ImportRunHandler } from '../../apps/worker/src/imports/import-run.handler.js';
import { importContent, makeProject, makeSource } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
beforeAll(async () => {
  db = await createTestDataSource(corpusEntities);
});
afterAll(() => db.close());

const ROWS = 1_200;
const rows = (): Readable =>
  Readable.from(
    Array.from({ length: ROWS }, (_, i) =>
      Buffer.from(`${JSON.stringify({ instruction: `第${i}次要空腹吗`, input: '', output: `第${i}次不用。` })}\n`),
    ),
  );
const plan = { container: 'json', layout: 'alpaca', encoding: 'utf-8', mapping: {} } as const;

it('an import whose every try met a broken disk, the last word about it too, goes on once that is mended', async () => {
  const source = await makeSource(db.dataSource, await makeProject(db.dataSource));
  const { projectId } = source;
  const stop = new AbortController();
  stop.abort();
  const job = await importContent(db.dataSource, source, rows, { plan, signal: stop.signal });
  expect(job).toMatchObject({ state: 'running', readCount: 500 });
  await db.dataSource.query('delete from graphile_worker._private_jobs');
  await db.dataSource.query(`create function broken_disk() returns trigger language plpgsql as $$
    begin raise exception using errcode = 'io_error', message = 'could not read block'; end $$`);
  await db.dataSource.query(
    'create trigger broken_disk before insert or update on import execute function broken_disk()',
  );
  await enqueue(db.dataSource.manager, importRunJob, { projectId, importId: job.id });

  const blobs = { get: () => Promise.resolve(rows()), put: () => Promise.reject(), delete: () => Promise.reject() };
  let failures = 0;
  const worker = await startQueueWorker({
    url: db.url,
    handlers: [new ImportRunHandler(new ImportRunner(db.dataSource, blobs))],
    concurrency: 1,
    pollMs: 20,
    sweepMs: 100,
    onError: () => {
      failures += 1;
    },
  });
  const tried = importRunJob.options.maxAttempts;
  // The pauses between the tries pass at once. The word that nothing more will happen fails, too.
  await expect
    .poll(
      async () => {
        await db.dataSource.query('update graphile_worker._private_jobs set run_at = now() where locked_by is null');
        return failures;
      },
      { timeout: 120_000, interval: 20 },
    )
    .toBeGreaterThan(tried);
  await db.dataSource.query('drop trigger broken_disk on import');
  const state = async () =>
    (await db.dataSource.query('select state, read_count from import where id = $1', [job.id]))[0];
  await expect
    .poll(
      async () => {
        await db.dataSource.query('update graphile_worker._private_jobs set run_at = now() where locked_by is null');
        return state();
      },
      { timeout: 120_000, interval: 20 },
    )
    .toEqual({ state: 'done', read_count: ROWS });
  await worker.stop();
});
