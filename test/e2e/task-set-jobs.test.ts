import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BulkJob, TaskSet } from '@qingnang/contracts';
import { startApi, type TestApi } from '../support/api.js';
import { polished, read } from '../support/approval-rules.js';
import { makeAnswers, runBulk } from '../support/bulk.js';
import { promptsOf } from '../support/preference.js';

let api: TestApi;
let texts: Awaited<ReturnType<typeof polished>>;
beforeAll(async () => {
  api = await startApi();
  texts = await polished(api, 1_010, '派活');
});
afterAll(() => api?.close());

const lead = () => api.as('data_lead');
const make = async (wish: object, status: number): Promise<TaskSet> =>
  (
    await lead()
      .post('/task-sets', { name: '派活', kind: 'polish_review', roles: ['annotator'], filter: texts.filter, ...wish })
      .expect(status)
  ).body as TaskSet;
const setOf = async (id: string): Promise<TaskSet> =>
  (await lead().get(`/task-sets/${id}`).expect(200)).body as TaskSet;
const run = async (jobId: string, options = {}): Promise<BulkJob> => {
  await runBulk(api.dataSource, { projectId: api.project.id, jobId }, options);
  return (await lead().get(`/bulk-jobs/${jobId}`).expect(200)).body as BulkJob;
};

it('a large set is there at once, filled batch by batch, and worked on meanwhile; stopped it keeps what it has', async () => {
  const set = await make({}, 202);
  expect(set).toMatchObject({ tasks: 0, state: 'open', making: { state: 'queued', done: 0 } });
  const { jobId } = set.making!;
  await run(jobId, { batches: 1 });
  expect(await setOf(set.id)).toMatchObject({ tasks: 500, making: { state: 'running', done: 500, total: 1_010 } });
  await read(api, 'annotator', set.id, () => 'accept', 2);
  await lead().post(`/bulk-jobs/${jobId}/cancel`).expect(200);
  await run(jobId);
  expect(await setOf(set.id)).toMatchObject({ tasks: 500, making: { state: 'cancelled' } });
  await lead().post(`/bulk-jobs/${jobId}/resume`).expect(202);
  expect(await run(jobId)).toMatchObject({ state: 'done', kind: 'make_task_set', aboutId: set.id });
  expect(await setOf(set.id)).toMatchObject({ tasks: 1_010, open: 1_008, making: null });
  const [doubles] = await api.dataSource.query(
    `select count(*)::int - count(distinct record_id)::int as n from slot where task_set_id = $1`,
    [set.id],
  );
  expect(doubles.n).toBe(0);

  await lead().post(`/bulk-jobs/${jobId}/undo`).expect(202);
  expect(await run(jobId)).toMatchObject({
    state: 'undone',
    undone: 1_008,
    kept: 2,
    reasons: { kept: { worked_on: 2 } },
  });
  expect(await setOf(set.id)).toMatchObject({ tasks: 2, state: 'closed' });
  const states = await api.dataSource.query(
    'select state, count(*)::int as n from record where id = any($1::uuid[]) group by 1 order by 1',
    [texts.ids],
  );
  expect(states).toEqual([
    { state: 'approved', n: 2 },
    { state: 'imported', n: 1_008 },
  ]);
});

it('a limit holds over batches, and a small set is made by its request', async () => {
  const set = await make({ limit: 505, name: '限量' }, 202);
  expect(await run(set.making!.jobId)).toMatchObject({ state: 'done', total: 505, done: 505 });
  expect(await setOf(set.id)).toMatchObject({ tasks: 505 });
  expect(await make({ limit: 500, name: '少量' }, 201)).toMatchObject({ tasks: 500, making: null });
  expect((await lead().get('/bulk-jobs?kind=make_task_set').expect(200)).body).toMatchObject({ total: 2 });
});

it('tasks about prompts are made in the same way', async () => {
  await makeAnswers(api.dataSource, api.project.id, 510, '出题');
  await promptsOf(api.dataSource, api.project.id, { filter: { state: ['imported'], polished: false } });
  const wish = { kind: 'reference', roles: ['doctor'], filter: { polished: false }, name: '参考' };
  const set = await make(wish, 202);
  expect(await run(set.making!.jobId)).toMatchObject({ state: 'done', done: 510 });
  expect(await setOf(set.id)).toMatchObject({ tasks: 510 });
  const claim = await api.as('doctor').post('/work/claim', { taskSetId: set.id }).expect(200);
  expect((claim.body as { slot: object | null }).slot).not.toBeNull();
});
