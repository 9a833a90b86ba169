import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { DataSource } from 'typeorm';
import { defineJob, enqueue, JobHandler, runJobsUntilEmpty, startQueueWorker } from '@qingnang/queue';
import { createTestDataSource } from '../support/postgres.js';

const greet = defineJob('test.greet', z.object({ name: z.string() }));
const once = defineJob('test.once', z.object({ name: z.string() }), { maxAttempts: 1 });

@JobHandler(greet)
class Greeter {
  readonly seen: string[] = [];
  async run(payload: { name: string }): Promise<void> {
    this.seen.push(payload.name);
  }
}

@JobHandler(greet)
class SlowGreeter {
  readonly seen: string[] = [];
  async run(payload: { name: string }): Promise<void> {
    // Long enough for the beats of every starting worker to fall into the run.
    await new Promise((done) => setTimeout(done, 300));
    this.seen.push(payload.name);
  }
}

let database: { dataSource: DataSource; url: string; close(): Promise<void> };
beforeAll(async () => {
  database = await createTestDataSource();
});
afterAll(() => database.close());

test('a job enqueued in a transaction that rolls back does not exist', async () => {
  const greeter = new Greeter();
  await expect(
    database.dataSource.transaction(async (tx) => {
      await enqueue(tx, greet, { name: 'lost' });
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  await enqueue(database.dataSource.manager, greet, { name: 'kept' });
  await runJobsUntilEmpty(database.url, [greeter]);
  expect(greeter.seen).toEqual(['kept']);
});

test('a job held by a worker that fell silent is given to one that lives', async () => {
  const { manager } = database.dataSource;
  await enqueue(manager, greet, { name: 'orphan' });
  await manager.query(
    `update graphile_worker._private_jobs set locked_by = 'worker-dead', locked_at = now() - interval '1 minute', attempts = 1`,
  );
  const greeter = new Greeter();
  const worker = await startQueueWorker({
    url: database.url,
    handlers: [greeter],
    concurrency: 1,
    pollMs: 50,
    onError: () => {},
  });
  await vi.waitFor(() => expect(greeter.seen).toEqual(['orphan']), { timeout: 10_000 });
  await worker.stop();
});

test('a job just begun is never taken for orphaned, however many beats go by while workers start', async () => {
  const slow = new SlowGreeter();
  const options = { url: database.url, handlers: [slow], concurrency: 4, pollMs: 20, onError: () => {} };
  const workers = await Promise.all([startQueueWorker(options), startQueueWorker(options)]);
  for (let i = 0; i < 8; i++) await enqueue(database.dataSource.manager, greet, { name: `once ${i}` });
  await vi.waitFor(() => expect(slow.seen).toHaveLength(8), { timeout: 10_000 });
  await Promise.all(workers.map((worker) => worker.stop()));
  expect(new Set(slow.seen).size).toBe(8);
});

test('what a failed job says of text is not kept in the queue, and its last failure is told to the handler', async () => {
  const told: string[] = [];
  @JobHandler(once)
  class Failing {
    run(): Promise<void> {
      return Promise.reject(new SyntaxError('Unexpected token in "患者张三，血压一百五十"'));
    }
    gaveUp(payload: { name: string }): Promise<void> {
      told.push(payload.name);
      return Promise.resolve();
    }
  }
  const { manager } = database.dataSource;
  await enqueue(manager, once, { name: 'fails' });
  const worker = await startQueueWorker({
    url: database.url,
    handlers: [new Failing()],
    concurrency: 1,
    pollMs: 50,
    onError: () => {},
  });
  await vi.waitFor(() => expect(told).toEqual(['fails']), { timeout: 10_000 });
  await worker.stop();
  const [job] = await manager.query(
    `select last_error from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
     where t.identifier = 'test.once'`,
  );
  expect(job.last_error).toBe('SyntaxError');
});

test('two handlers for one job refuse to start', async () => {
  await expect(
    startQueueWorker({
      url: database.url,
      handlers: [new Greeter(), new Greeter()],
      concurrency: 1,
      onError: () => {},
    }),
  ).rejects.toThrow('two handlers');
});
