import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { DataSource } from 'typeorm';
import {
  defineJob,
  enqueue,
  type JobContext,
  JobHandler,
  JobTakenError,
  runJobsUntilEmpty,
  startQueueWorker,
  sweepLostJobs,
} from '@qingnang/queue';
import { createTestDataSource } from '../support/postgres.js';
import { letSilencePass } from '../support/worker-process.js';

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
  await vi.waitFor(() => expect(greeter.seen).toEqual(['orphan']), { timeout: 120_000 });
  await worker.stop();
});

test('a job just begun is never taken for orphaned, however many beats go by while workers start', async () => {
  const slow = new SlowGreeter();
  const options = { url: database.url, handlers: [slow], concurrency: 4, pollMs: 20, onError: () => {} };
  const workers = await Promise.all([startQueueWorker(options), startQueueWorker(options)]);
  for (let i = 0; i < 8; i++) await enqueue(database.dataSource.manager, greet, { name: `once ${i}` });
  await vi.waitFor(() => expect(slow.seen).toHaveLength(8), { timeout: 120_000 });
  await Promise.all(workers.map((worker) => worker.stop()));
  expect(new Set(slow.seen).size).toBe(8);
});

/** Holds its job until told to let go, and says what its fence answered then. */
@JobHandler(greet)
class HeldGreeter {
  letGo!: () => void;
  private begin!: (context: JobContext) => void;
  readonly begun = new Promise<JobContext>((resolve) => (this.begin = resolve));
  private readonly told = new Promise<void>((resolve) => (this.letGo = resolve));
  fence: unknown = 'not asked';

  async run(_payload: { name: string }, context: JobContext): Promise<void> {
    this.begin(context);
    await this.told;
    this.fence = await context.hold(database.dataSource.manager).then(
      () => 'held',
      (error: unknown) => error,
    );
  }
}

const start = (handler: object) =>
  startQueueWorker({ url: database.url, handlers: [handler], concurrency: 1, pollMs: 20, onError: () => {} });
const queued = (): Promise<{ locked_by: string | null }[]> =>
  database.dataSource.query('select locked_by from graphile_worker._private_jobs where attempts < max_attempts');

test('a long job is its worker’s own for as long as that gives signs of life', async () => {
  const first = new HeldGreeter();
  const worker = await start(first);
  await enqueue(database.dataSource.manager, greet, { name: 'long' });
  await first.begun;
  // As if it had been begun long ago; its worker has spoken since.
  await database.dataSource.query(`update graphile_worker._private_jobs set locked_at = locked_at - interval '1 hour'`);
  const [before] = await queued();
  const other = await start(new Greeter());
  expect(await queued()).toEqual([before]);
  first.letGo();
  await Promise.all([worker.stop(), other.stop()]);
});

test('a job that was taken over stays in the queue for whoever has it now, and the first copy has no effect', async () => {
  const [first, second] = [new HeldGreeter(), new HeldGreeter()];
  const one = await start(first);
  await enqueue(database.dataSource.manager, greet, { name: 'taken over' });
  await first.begun;
  await letSilencePass(database.dataSource);
  const two = await start(second);
  await second.begun;
  const [held] = await queued();

  first.letGo();
  await one.stop();
  expect(first.fence).toBeInstanceOf(JobTakenError);
  expect(await queued()).toEqual([held]);

  second.letGo();
  await two.stop();
  expect(second.fence).toBe('held');
  expect(await queued()).toEqual([]);
});

test('nobody gets a job in the middle of a transaction that holds it', async () => {
  const first = new HeldGreeter();
  const one = await start(first);
  await enqueue(database.dataSource.manager, greet, { name: 'in the middle' });
  const context = await first.begun;
  await letSilencePass(database.dataSource);
  const [before] = await queued();
  await database.dataSource.transaction(async (tx) => {
    await context.hold(tx);
    // Its start looks for jobs of silent workers.
    const other = await start(new Greeter());
    expect(await queued()).toEqual([before]);
    await other.stop();
  });
  first.letGo();
  await one.stop();
  expect(first.fence).toBe('held');
});

test('work that says it is under way is queued anew where the queue has lost it or given it up', async () => {
  const { manager } = database.dataSource;
  await manager.query('create table wanted (name text primary key)');
  const want = defineJob('test.want', z.object({ name: z.string() }), {
    keyOf: ({ name }) => `test.want:${name}`,
    unfinished: `select jsonb_build_object('name', name) from wanted`,
    maxAttempts: 2,
  });
  const names = ['lost', 'given up', 'waits', 'at work'];
  await manager.query('insert into wanted select unnest($1::text[])', [names]);
  for (const name of names.slice(1)) await enqueue(manager, want, { name });
  const mark = (set: string, name: string) =>
    manager.query(`update graphile_worker._private_jobs set ${set} where key = $1`, [`test.want:${name}`]);
  await mark('attempts = 2', 'given up');
  await mark(`attempts = 2, locked_by = 'somebody', locked_at = now()`, 'at work');

  const sweep = () => database.dataSource.transaction((tx) => sweepLostJobs(tx, [want]));
  expect(await sweep()).toEqual({ 'test.want': 2 });
  expect(await sweep()).toEqual({});
  const rows = await manager.query(
    `select payload ->> 'name' as name from graphile_worker._private_jobs j join graphile_worker._private_tasks t
     on t.id = j.task_id where t.identifier = 'test.want' and attempts = 0 order by 1`,
  );
  expect(rows.map((row: { name: string }) => row.name)).toEqual(['given up', 'lost', 'waits']);
  await manager.query('delete from graphile_worker._private_jobs');
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
  await vi.waitFor(() => expect(told).toEqual(['fails']), { timeout: 120_000 });
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
