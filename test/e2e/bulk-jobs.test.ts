import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BulkItem, BulkJob, CreateBulkJob } from '@qingnang/contracts';
import { approve, bulkRunJob } from '@qingnang/corpus';
import { uuidv7 } from '@qingnang/kernel';
import { sweepLostJobs } from '@qingnang/queue';
import { startApi, type TestApi } from '../support/api.js';
import { countsOf, giveUpBulk, makeAnswers, runBulk } from '../support/bulk.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

const lead = () => api.as('data_lead');
const order = async (wish: CreateBulkJob): Promise<BulkJob> =>
  (await lead().post('/bulk-jobs', wish).expect(202)).body as BulkJob;
const get = async (id: string): Promise<BulkJob> => (await lead().get(`/bulk-jobs/${id}`).expect(200)).body as BulkJob;
const run = async ({ id }: { id: string }, options = {}): Promise<BulkJob> => {
  await runBulk(api.dataSource, { projectId: api.project.id, jobId: id }, options);
  return get(id);
};
const act = async (id: string, name: 'cancel' | 'undo' | 'resume', status: number) =>
  (await lead().post(`/bulk-jobs/${id}/${name}`).expect(status)).body as BulkJob & { code: string };
const items = async (id: string, outcome: BulkItem['outcome']): Promise<BulkItem[]> =>
  (
    (await lead().get(`/bulk-jobs/${id}/items?outcome=${outcome}&perPage=200`).expect(200)).body as {
      items: BulkItem[];
    }
  ).items;
const states = async (ids: readonly string[]): Promise<Record<string, number>> => {
  const rows: { state: string; n: number }[] = await api.dataSource.query(
    'select state, count(*)::int as n from record where id = any($1::uuid[]) group by state',
    [ids],
  );
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
};
const approveNow = (ids: readonly string[]) =>
  api.dataSource.transaction(async (tx) => {
    for (const recordId of ids) {
      const [row] = await tx.query('select latest_version_id from record where id = $1', [recordId]);
      const versionId = row.latest_version_id as string;
      await approve(tx, { projectId: api.project.id, recordId, versionId, approvedBy: null, rule: 'single_answer' });
    }
  });
let n = 0;
/** Records that no other test of this file sees. */
async function some(count: number): Promise<{ ids: string[]; filter: CreateBulkJob['filter'] }> {
  const ids = await makeAnswers(api.dataSource, api.project.id, count, `批量${n++}号`);
  const [row] = await api.dataSource.query('select import_id from occurrence where record_id = $1', [ids[0]]);
  return { ids, filter: { importId: row.import_id as string } };
}

describe('records put aside by the filter of a list', () => {
  it('batch by batch; what was aside already is left, and named', async () => {
    const { ids, filter } = await some(1_101);
    const withdrawn = ids[7]!;
    await api.dataSource.query(`update record set state = 'withdrawn' where id = $1`, [withdrawn]);
    const job = await order({
      kind: 'hold_back',
      filter: { ...filter, state: ['imported', 'withdrawn'] },
      reason: '来源存疑',
    });
    expect(countsOf(job)).toMatchObject({ state: 'queued', total: null, seen: 0 });
    expect(countsOf(await run(job, { batches: 1 }))).toMatchObject({ state: 'running', total: 1_101, seen: 500 });
    const done = await run(job);
    expect(countsOf(done)).toMatchObject({ state: 'done', total: 1_101, seen: 1_101, done: 1_100, left: 1 });
    expect(done.reasons.left).toEqual({ withdrawn: 1 });
    expect(await items(job.id, 'left')).toMatchObject([{ id: withdrawn, reason: 'withdrawn', state: 'withdrawn' }]);
    expect(await states(ids)).toEqual({ held_back: 1_100, withdrawn: 1 });
    const shown = (await lead().get(`/records/${ids[0]}`).expect(200)).body as { holds: object[] };
    expect(shown.holds).toMatchObject([{ kind: 'decided', reason: '来源存疑', by: 'data_lead', untilAt: null }]);
    expect((await lead().get('/bulk-jobs?kind=hold_back&state=done').expect(200)).body).toMatchObject({
      items: [{ id: job.id, createdBy: 'data_lead' }],
    });
  });

  it('are let go and held again for the old reasons when letting go is taken back', async () => {
    const { ids, filter } = await some(3);
    for (const [i, id] of ids.entries())
      await lead()
        .put(`/records/${id}/state`, { state: 'held_back', reason: `原因${i}` })
        .expect(200);
    const job = await order({ kind: 'take_back_in', filter, reason: '核对过了' });
    expect(countsOf(await run(job))).toMatchObject({ state: 'done', done: 3, left: 0 });
    expect(await states(ids)).toEqual({ imported: 3 });
    await approveNow(ids.slice(2));
    await act(job.id, 'undo', 202);
    expect(countsOf(await run(job))).toMatchObject({ state: 'undone', undone: 2, kept: 1 });
    expect(await items(job.id, 'kept')).toMatchObject([{ id: ids[2], reason: 'changed_since', state: 'approved' }]);
    const shown = (await lead().get(`/records/${ids[1]}`).expect(200)).body as { holds: { reason: string }[] };
    expect(shown.holds.map(({ reason }) => reason)).toEqual(['原因1', '原因1']);
  });
});

describe('a job that is taken back', () => {
  it('gives back approvals, and lists what was changed since', async () => {
    const { ids, filter } = await some(4);
    await approveNow(ids.slice(0, 2));
    const job = await order({ kind: 'hold_back', filter, reason: '先停用' });
    expect((await act(job.id, 'undo', 409)).code).toBe('bulk_job.running');
    await run(job);
    await lead().put(`/records/${ids[1]}/state`, { state: 'imported', reason: '没问题' }).expect(200);
    const undoing = await act(job.id, 'undo', 202);
    expect(undoing).toMatchObject({ state: 'undoing', canUndo: false });
    expect((await act(job.id, 'undo', 409)).code).toBe('bulk_job.nothing_to_undo');
    expect((await act(job.id, 'cancel', 409)).code).toBe('bulk_job.ended');
    expect(countsOf(await run(job))).toMatchObject({ state: 'undone', done: 4, undone: 3, kept: 1 });
    expect(await items(job.id, 'undone')).toHaveLength(3);
    expect(await states(ids)).toEqual({ approved: 1, imported: 3 });
    const [again] = await api.dataSource.query(
      `select rule, how, version_id from approval where record_id = $1 and until_at is null`,
      [ids[0]],
    );
    expect(again).toMatchObject({ rule: 'single_answer', how: 'reviewed' });
    const acts = await api.dataSource.query('select action from audit_entry where subject_id = $1 order by at', [
      job.id,
    ]);
    expect(acts.map(({ action }: { action: string }) => action)).toEqual([
      ...['bulk_job.create', 'bulk_job.done', 'bulk_job.undo', 'bulk_job.undone'],
    ]);
  });

  it('hands approvals back to people, all or those of one kind, and gives them again', async () => {
    const { ids, filter } = await some(3);
    await approveNow(ids.slice(0, 2));
    const byRule = await order({ kind: 'hand_back', filter, reason: '重看', how: 'by_rule' });
    expect((await run(byRule)).reasons.left).toEqual({ not_approved: 3 });
    expect((await act(byRule.id, 'undo', 409)).code).toBe('bulk_job.nothing_to_undo');
    const job = await order({ kind: 'hand_back', filter, reason: '重看' });
    expect(countsOf(await run(job))).toMatchObject({ state: 'done', done: 2, left: 1 });
    expect(await states(ids)).toEqual({ imported: 3 });
    await api.dataSource.query(`update record set state = 'held_back' where id = $1`, [ids[1]]);
    await act(job.id, 'undo', 202);
    expect(countsOf(await run(job))).toMatchObject({ undone: 1, kept: 1 });
    expect(await states(ids)).toEqual({ approved: 1, held_back: 1, imported: 1 });
  });
});

describe('a job that is stopped', () => {
  it('ends after the batch at hand, goes on where it stopped, and does nothing twice', async () => {
    const { ids, filter } = await some(1_050);
    const job = await order({ kind: 'hold_back', filter, reason: '停一停' });
    await run(job, { batches: 1 });
    expect(countsOf(await act(job.id, 'cancel', 200))).toMatchObject({ state: 'cancelled', done: 500 });
    expect(countsOf(await run(job))).toMatchObject({ state: 'cancelled', done: 500 });
    expect(await states(ids)).toEqual({ held_back: 500, imported: 550 });
    await act(job.id, 'resume', 202);
    expect(countsOf(await run(job))).toMatchObject({ state: 'done', total: 1_050, done: 1_050, left: 0 });
    expect((await act(job.id, 'resume', 409)).code).toBe('bulk_job.not_stopped');
    const [holds] = await api.dataSource.query(
      'select count(*)::int as n from record_hold where record_id = any($1::uuid[])',
      [ids],
    );
    expect(holds.n).toBe(1_050);
  });

  it('before it began has done nothing; records that came after it was ordered are not its own', async () => {
    const { ids, filter } = await some(2);
    const early = await order({ kind: 'hold_back', filter, reason: '早' });
    await act(early.id, 'cancel', 200);
    expect(await states(ids)).toEqual({ imported: 2 });
    const job = await order({ kind: 'hold_back', filter: { text: '晚到的' }, reason: '晚' });
    await makeAnswers(api.dataSource, api.project.id, 2, '晚到的');
    expect(countsOf(await run(job))).toMatchObject({ state: 'done', total: 0, done: 0 });
  });

  it('by an error that tries do not mend says so, and can go on', async () => {
    const { ids, filter } = await some(2);
    const job = await order({ kind: 'hold_back', filter, reason: '坏了' });
    await giveUpBulk(api.dataSource, { projectId: api.project.id, jobId: job.id });
    expect(await get(job.id)).toMatchObject({ state: 'failed', failure: expect.stringContaining('stands') as string });
    await act(job.id, 'resume', 202);
    expect(await run(job)).toMatchObject({ state: 'done', failure: null, done: 2 });
    expect(await states(ids)).toEqual({ held_back: 2 });
  });

  it('is found by the sweeper where the queue has lost it', async () => {
    const { filter } = await some(1);
    const job = await order({ kind: 'hold_back', filter, reason: '丢了' });
    await api.dataSource.query(`select graphile_worker.remove_job($1)`, [`bulk.run:${job.id}`]);
    const swept = await api.dataSource.transaction((tx) => sweepLostJobs(tx, [bulkRunJob]));
    expect(swept['bulk.run']).toBeGreaterThanOrEqual(1);
    await run(job);
  });
});

describe('who may', () => {
  let id: string;
  beforeEach(async () => {
    const { filter } = await some(1);
    ({ id } = await order({ kind: 'hold_back', filter, reason: '谁' }));
  });

  it('is a lead of this project, and nobody else', async () => {
    const wish = { kind: 'hold_back', filter: {}, reason: 'x' };
    await api.nobody().post('/bulk-jobs', wish).expect(401);
    for (const who of ['reviewer', 'annotator', 'doctor', 'lay'] as const) {
      await api.as(who).post('/bulk-jobs', wish).expect(403);
      await api.as(who).get(`/bulk-jobs/${id}`).expect(403);
    }
    await api.as('stranger').get(`/bulk-jobs/${id}`).expect(404);
    const elsewhere = `${api.otherProject.path}/bulk-jobs/${id}`;
    for (const path of [elsewhere, `${elsewhere}/items`]) await api.as('stranger').get(path).expect(404);
    for (const name of ['cancel', 'undo', 'resume']) await api.as('stranger').post(`${elsewhere}/${name}`).expect(404);
    await lead().post(`/bulk-jobs/${uuidv7()}/cancel`).expect(404);
    await lead().post(`/bulk-jobs/${uuidv7()}/resume`).expect(404);
    await lead().post(`/bulk-jobs/${uuidv7()}/undo`).expect(404);
    await act(id, 'cancel', 200);
  });

  it('says what and why', async () => {
    const bodies = [
      { kind: 'hold_back', filter: {} },
      { kind: 'hold_back', filter: {}, reason: ' ' },
      { kind: 'approve', filter: {}, reason: 'x' },
      { kind: 'hold_back', filter: { dataSet: ['no_such'] }, reason: 'x' },
    ];
    for (const body of bodies) await lead().post('/bulk-jobs', body).expect(422);
    await lead().get('/bulk-jobs?kind=no_such').expect(422);
    await lead().get(`/bulk-jobs/${id}/items?outcome=no_such`).expect(422);
    await act(id, 'cancel', 200);
  });

  it('touches no record of another project', async () => {
    const [theirs] = await makeAnswers(api.dataSource, api.otherProject.id, 1, '别家');
    const job = await order({ kind: 'hold_back', filter: { ids: [theirs!] }, reason: '别家的' });
    expect(countsOf(await run(job))).toMatchObject({ total: 0, done: 0 });
    expect(await states([theirs!])).toEqual({ imported: 1 });
    await act(id, 'cancel', 200);
  });
});
