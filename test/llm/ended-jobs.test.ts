import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { corpusEntities } from '@qingnang/corpus';
import { llmEntities, type LlmJobEntity } from '@qingnang/llm';
import { importDialogues, makeSource } from '../support/corpus.js';
import { type LlmBench, openLlmBench, shortDialogues } from '../support/llm.js';
import { createTestDataSource } from '../support/postgres.js';

let dataSource: DataSource;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ dataSource, close } = await createTestDataSource([...llmEntities, ...corpusEntities]));
});
afterAll(() => close());

/** A project with a budget and one job, whose calls are out and never come back. */
async function jobInDoubt(): Promise<{ bench: LlmBench; jobId: string }> {
  const bench = await openLlmBench(dataSource);
  const source = await makeSource(dataSource, bench.projectId);
  await importDialogues(dataSource, source, shortDialogues(3));
  await dataSource.query(
    `insert into budget (id, project_id, scope, limit_amount) values (gen_random_uuid(), $1, 'project', 100)`,
    [bench.projectId],
  );
  await bench.setFaults([{ kind: 'timeout', delayMs: 60_000 }]);
  const job = await bench.createPolish();
  await bench.start(job.id);
  const stop = new AbortController();
  const lane = bench.runLane(job.id, stop.signal, { timeoutMs: 300 });
  await expect.poll(async () => (await budgetOf(bench)).doubts).toBe(3);
  stop.abort();
  await lane;
  return { bench, jobId: job.id };
}

async function budgetOf({ projectId }: LlmBench): Promise<{ reserved: number; spent: number; doubts: number }> {
  const [row] = await dataSource.query<{ reserved: number; spent: number; doubts: number }[]>(
    `select b.reserved::float8 as reserved, b.spent::float8 as spent, (select count(distinct c.item_id)::int
       from llm_call c where c.project_id = b.project_id and c.state = 'in_doubt') as doubts
     from budget b where b.project_id = $1 and b.scope = 'project'`,
    [projectId],
  );
  return row!;
}

it('a cancelled job leaves nothing set aside: what nobody knows the end of is spent at its estimate, in its own project', async () => {
  const [one, other] = [await jobInDoubt(), await jobInDoubt()];
  const before = await budgetOf(one.bench);
  expect(before.reserved).toBeGreaterThan(0);
  expect(before.spent).toBe(0);
  const untouched = await budgetOf(other.bench);

  await dataSource.transaction((tx) => one.bench.service.cancel(tx, one.bench.actor, one.jobId));
  await one.bench.runLane(one.jobId);

  const after = await budgetOf(one.bench);
  expect(after.reserved).toBe(0);
  expect(after.spent).toBeCloseTo(before.reserved, 6);
  const held = await dataSource.query<unknown[]>(
    `select from reservation r join llm_call c on c.id = r.call_id where c.job_id = $1 and r.state = 'held'`,
    [one.jobId],
  );
  expect(held).toEqual([]);
  expect(await budgetOf(other.bench)).toEqual(untouched);
  expect(untouched.reserved).toBeGreaterThan(0);
  await Promise.all([one.bench.close(), other.bench.close()]);
});

it('a purpose is told once of a job that ends before its items have, be it cancelled or failed as it began', async () => {
  const bench = await openLlmBench(dataSource);
  const source = await makeSource(dataSource, bench.projectId);
  await importDialogues(dataSource, source, shortDialogues(2));
  const told: [string, string | null][] = [];
  const polish = bench.purposes.get('polish');
  polish.failed = (_tx: unknown, { state, failure }: LlmJobEntity) => {
    told.push([state, failure]);
    return Promise.resolve();
  };
  const cancelled = await bench.createPolish();
  await bench.start(cancelled.id);
  await dataSource.transaction((tx) => bench.service.cancel(tx, bench.actor, cancelled.id));
  await bench.runLane(cancelled.id);
  expect(told).toEqual([['cancelled', null]]);

  const broken = await bench.createPolish();
  await bench.start(broken.id);
  // What it was to ask cannot be chosen any more when its turn comes.
  await dataSource.query(`update llm_job set filter = '{"state": ["nowhere"]}' where id = $1`, [broken.id]);
  await Promise.all([bench.runLane(broken.id), bench.runLane(broken.id)]);
  expect(told.slice(1)).toEqual([['failed', 'polish.bad_choice']]);

  const done = await bench.createPolish();
  await bench.start(done.id);
  await bench.runLane(done.id);
  expect((await bench.detail(done.id)).state).toBe('done');
  expect(told).toHaveLength(2);
  await bench.close();
});
