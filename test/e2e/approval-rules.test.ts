import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApprovalRuleDetail, BulkJob, ProposedSizes } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import { stopFaultyRules } from '@qingnang/review';
import { startApi, type TestApi } from '../support/api.js';
import { drawnRule, filterOf, polished, read, ruleOf, runJobsAbout } from '../support/approval-rules.js';
import { makeAnswers, runBulk } from '../support/bulk.js';
import { polishRecords } from '../support/review.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

const lead = () => api.as('data_lead');
const approve = (id: string) => lead().post(`/approval-rules/${id}/approve`, { reason: '抽样通过' });
const refused = async (id: string): Promise<string> => ((await approve(id).expect(409)).body as { code: string }).code;
const jobOf = async ({ bulkJobId }: ApprovalRuleDetail): Promise<BulkJob> =>
  (await lead().get(`/bulk-jobs/${bulkJobId}`).expect(200)).body as BulkJob;
const runJob = (id: string | null, options = {}) =>
  runBulk(api.dataSource, { projectId: api.project.id, jobId: id! }, options);
const approvalsOf = async (ids: readonly string[]): Promise<Record<string, number>> => {
  const rows: { how: string; n: number }[] = await api.dataSource.query(
    `select how, count(*)::int as n from approval where record_id = any($1::uuid[]) and until_at is null group by how`,
    [ids],
  );
  return Object.fromEntries(rows.map(({ how, n }) => [how, n]));
};
const itemsOf = async (jobId: string, outcome: string): Promise<{ id: string; reason: string | null }[]> =>
  (
    (await lead().get(`/bulk-jobs/${jobId}/items?outcome=${outcome}&perPage=200`).expect(200)).body as {
      items: { id: string; reason: string | null }[];
    }
  ).items;
/** In force on a sample without a fault. */
async function inForce(ids: { filter: { importId: string } }, wish = {}): Promise<ApprovalRuleDetail> {
  const rule = await drawnRule(api, { filter: ids.filter, ...wish });
  await read(api, 'annotator', rule.sampleTaskSetId, () => 'accept');
  return (await approve(rule.id).expect(202)).body as ApprovalRuleDetail;
}

describe('a rule', () => {
  it('says how many texts it speaks of, and how many have to be read for which bar', async () => {
    const { filter } = await polished(api, 3, '先问大小');
    const { body } = await lead().post('/approval-rules/sizes', { filter, bar: 0.01 }).expect(200);
    expect(body as ProposedSizes).toEqual({
      population: 3,
      populationIs: 'exact',
      sizes: [
        { faults: 0, size: 299 },
        { faults: 1, size: 473 },
        { faults: 2, size: 628 },
        { faults: 3, size: 773 },
      ],
    });
  });

  it('is approved on what two people read of a sample, and its approvals say so', async () => {
    const texts = await polished(api, 30, '甲类');
    const [aside, inReview, ...rest] = texts.ids;
    await lead().put(`/records/${aside}/state`, { state: 'held_back', reason: '存疑' }).expect(200);
    await lead()
      .post('/task-sets', { name: '在审', kind: 'polish_review', filter: { ids: [inReview] }, roles: ['annotator'] })
      .expect(201);
    const made = (
      await lead()
        .post('/approval-rules', { name: '甲类', filter: texts.filter, bar: 0.2, size: 14, seed: 5, checkSize: 5 })
        .expect(202)
    ).body as ApprovalRuleDetail;
    expect(made).toMatchObject({ state: 'sampling', block: 'not_drawn', population: null, drawn: null });
    expect(await refused(made.id)).toBe('approval_rule.not_drawn');
    await runJobsAbout(api, made.sampleTaskSetId);
    expect(await ruleOf(api, made.id)).toMatchObject({ population: 28, drawn: 14, unread: 14, block: 'unread' });
    const set = (await lead().get(`/task-sets/${made.sampleTaskSetId}`).expect(200)).body as object;
    expect(set).toMatchObject({ tasks: 14, ruleId: made.id, making: null });

    const second = await api.addPerson({ roles: ['annotator'], projectId: api.project.id });
    await read(api, 'annotator', made.sampleTaskSetId, () => 'accept', 6);
    expect(await refused(made.id)).toBe('approval_rule.unread');
    await read(api, second, made.sampleTaskSetId, () => 'accept');
    const ready = await ruleOf(api, made.id);
    expect(ready).toMatchObject({
      block: null,
      unread: 0,
      evidence: { all: { read: 14, faults: 0, rate: 0, low: 0 } },
    });
    expect(ready.evidence.all.atMost).toBeCloseTo(1 - 0.05 ** (1 / 14), 9);
    expect(ready.evidence.dataSets).toMatchObject([{ value: 'real_instruction', read: 14 }]);
    expect(ready.evidence.sources).toMatchObject([{ value: '甲类 30', read: 14 }]);
    expect(ready.evidence.promptVersions).toMatchObject([{ value: null, read: 14 }]);

    const late = rest.find((id) => id === texts.ids.at(-1))!;
    const inForceNow = (await approve(made.id).expect(202)).body as ApprovalRuleDetail;
    expect(inForceNow).toMatchObject({
      state: 'in_force',
      block: 'not_sampling',
      approvedBy: 'data_lead',
      reason: '抽样通过',
    });
    expect(await refused(made.id)).toBe('approval_rule.not_sampling');
    await runJob(inForceNow.bulkJobId);
    expect(await jobOf(inForceNow)).toMatchObject({
      ...{ state: 'done', kind: 'approve', aboutId: made.id, total: 29, done: 14, left: 15 },
      reasons: { left: { approved: 14, in_review: 1 }, kept: {} },
    });
    expect(await approvalsOf(texts.ids)).toEqual({ by_rule: 14, reviewed: 14 });
    const shown = (await lead().get(`/records/${late}`).expect(200)).body as { approvals: { how: string }[] };
    expect(['by_rule', 'reviewed']).toContain(shown.approvals[0]!.how);
    const [entry] = await api.dataSource.query(
      `select actor_id, after from audit_entry where subject_id = $1 and action = 'approval_rule.approve'`,
      [made.id],
    );
    expect(entry).toMatchObject({
      actor_id: api.people.data_lead.id,
      after: { bulkJobId: inForceNow.bulkJobId, bar: 0.2, read: 14, faults: 0, population: 28 },
    });
  });

  it('draws the same texts with the same seed, and others with another', async () => {
    const { filter } = await polished(api, 30, '同种');
    const drawn = async (seed: number): Promise<string[]> => {
      const rule = await drawnRule(api, { filter, seed });
      const rows: { id: string }[] = await api.dataSource.query(
        'select record_id as id from task where task_set_id = $1 order by record_id',
        [rule.sampleTaskSetId],
      );
      await lead().post(`/approval-rules/${rule.id}/stop`, { reason: '重来' }).expect(200);
      return rows.map(({ id }) => id);
    };
    const first = await drawn(11);
    expect(await drawn(11)).toEqual(first);
    expect(await drawn(12)).not.toEqual(first);
  });

  it('is not approved above its bar; a rejection, other words and a doctor’s are faults, and a question waits', async () => {
    const { filter } = await polished(api, 20, '有错');
    const rule = await drawnRule(api, { filter });
    const said = ['reject', 'edit', 'ask_doctor'] as const;
    await read(api, 'annotator', rule.sampleTaskSetId, (_, n) => said[n] ?? 'accept');
    expect(await ruleOf(api, rule.id)).toMatchObject({
      unread: 1,
      block: 'unread',
      evidence: { all: { read: 13, faults: 2 } },
    });
    expect(await refused(rule.id)).toBe('approval_rule.unread');
    await api.dataSource.query(
      `update record set state = 'held_back' where id = (select record_id from task where task_set_id = $1
         and state = 'to_adjudicate')`,
      [rule.sampleTaskSetId],
    );
    expect(await ruleOf(api, rule.id)).toMatchObject({ unread: 0, gone: 1, block: 'above_bar' });
    expect(await refused(rule.id)).toBe('approval_rule.above_bar');
  });

  it('leaves texts that came after its sample, and unpolished ones unless they are asked for', async () => {
    const texts = await polished(api, 16, '新旧');
    const rule = await drawnRule(api, { filter: texts.filter, size: 14, checkSize: 0 });
    await read(api, 'annotator', rule.sampleTaskSetId, () => 'accept');
    const sampled: { id: string }[] = await api.dataSource.query(
      'select record_id as id from task where task_set_id = $1',
      [rule.sampleTaskSetId],
    );
    const [again] = texts.ids.filter((id) => !sampled.some((row) => row.id === id));
    await api.dataSource.query(
      `insert into version (id, project_id, record_id, parent_id, kind, turns, made_by_kind, made_by_id)
       select gen_random_uuid(), project_id, record_id, parent_id, 'polish', turns, 'llm', 'later' from version
       where record_id = $1 and kind = 'polish'`,
      [again],
    );
    await api.dataSource.query(
      `update record set latest_version_id = (select id from version where record_id = $1 and made_by_id = 'later')
       where id = $1`,
      [again],
    );
    const { bulkJobId } = (await approve(rule.id).expect(202)).body as ApprovalRuleDetail;
    await runJob(bulkJobId);
    expect(await itemsOf(bulkJobId!, 'left')).toContainEqual(
      expect.objectContaining({ id: again, reason: 'newer_than_sample' }),
    );
    const plain = await makeAnswers(api.dataSource, api.project.id, 4, '没润色');
    const filter = await filterOf(api, plain);
    const size = async (unpolished: boolean) =>
      ((await lead().post('/approval-rules/sizes', { filter, unpolished }).expect(200)).body as ProposedSizes)
        .population;
    expect([await size(false), await size(true)]).toEqual([0, 4]);
    const body = { name: 'x', filter, bar: 0.2, size: 4 };
    expect((await lead().post('/approval-rules', body).expect(422)).body).toMatchObject({
      code: 'approval_rule.empty',
    });
  });
});

describe('spot checks', () => {
  it('go on after the job; above the bar the rule stops, and what it let in is taken back', async () => {
    const texts = await polished(api, 30, '抽查');
    const rule = await inForce(texts);
    await runJob(rule.bulkJobId);
    const { checks } = await ruleOf(api, rule.id);
    expect(checks).toMatchObject({ unread: 5, read: 0 });
    const [set] = checks.taskSetIds;
    await read(api, 'annotator', set!, () => 'accept', 1);
    await stopFaultyRules(api.dataSource);
    expect(await ruleOf(api, rule.id)).toMatchObject({ state: 'in_force', aboveBar: false, checks: { read: 1 } });
    await read(api, 'annotator', set!, () => 'reject', 3);
    await stopFaultyRules(api.dataSource);
    const stopped = await ruleOf(api, rule.id);
    expect(stopped).toMatchObject({
      state: 'stopped',
      stoppedWhy: 'spot_checks',
      aboveBar: true,
      checks: { faults: 3 },
    });
    expect((await lead().post(`/approval-rules/${rule.id}/checks`, { size: 5 }).expect(409)).body).toMatchObject({
      code: 'approval_rule.not_in_force',
    });
    expect(await itemsOf(rule.bulkJobId!, 'done')).toHaveLength(16);
    await lead().post(`/bulk-jobs/${rule.bulkJobId}/undo`).expect(202);
    await runJob(rule.bulkJobId);
    expect(await jobOf(stopped)).toMatchObject({ state: 'undone', undone: 12, kept: 4 });
    expect((await itemsOf(rule.bulkJobId!, 'kept')).map(({ reason }) => reason).sort()).toEqual([
      ...['changed_since', 'held_back', 'held_back', 'held_back'],
    ]);
    // The sample, and the one that the spot check confirmed.
    expect(await approvalsOf(texts.ids)).toEqual({ reviewed: 15 });
  });

  it('of what is in already stop the job in its middle, and it cannot go on', async () => {
    const texts = await polished(api, 540, '半路');
    const rule = await inForce(texts);
    await runJob(rule.bulkJobId, { batches: 1 });
    expect(await jobOf(rule)).toMatchObject({ state: 'running', seen: 500 });
    const checked = (await lead().post(`/approval-rules/${rule.id}/checks`, { size: 6 }).expect(201))
      .body as ApprovalRuleDetail;
    await read(api, 'annotator', checked.checks.taskSetIds[0]!, () => 'edit', 4);
    const letIn = (await jobOf(rule)).done;
    await runJob(rule.bulkJobId);
    expect(await jobOf(rule)).toMatchObject({
      state: 'cancelled',
      done: letIn,
      failure: expect.stringContaining('bar'),
    });
    expect(await ruleOf(api, rule.id)).toMatchObject({ state: 'stopped', stoppedWhy: 'spot_checks' });
    await lead().post(`/bulk-jobs/${rule.bulkJobId}/resume`).expect(202);
    await runJob(rule.bulkJobId);
    expect(await jobOf(rule)).toMatchObject({ state: 'cancelled', done: letIn });
  });
});

describe('who may', () => {
  it('is a lead of this project, by name', async () => {
    const { filter } = await polished(api, 14, '谁可');
    const rule = await drawnRule(api, { filter });
    const body = { name: 'x', filter, size: 1 };
    const path = `/approval-rules/${rule.id}`;
    await api.nobody().post('/approval-rules', body).expect(401);
    for (const who of ['reviewer', 'annotator', 'doctor'] as const) {
      await api.as(who).post('/approval-rules', body).expect(403);
      await api.as(who).post(`${path}/approve`, { reason: 'x' }).expect(403);
      await api.as(who).get(path).expect(403);
    }
    const theirs = `${api.otherProject.path}${path}`;
    await api.as('stranger').get(theirs).expect(404);
    for (const act of ['approve', 'stop'])
      await api.as('stranger').post(`${theirs}/${act}`, { reason: 'x' }).expect(404);
    await api.as('stranger').post(`${theirs}/checks`, { size: 1 }).expect(404);
    await lead().get(`/approval-rules/${uuidv7()}`).expect(404);
    for (const wrong of [
      { ...body, bar: 0 },
      { ...body, size: 0 },
      { ...body, size: 5_001 },
      { name: 'x', size: 1 },
    ])
      await lead().post('/approval-rules', wrong).expect(422);
    await lead().post(`${path}/approve`, {}).expect(422);
    const listed = await lead().get('/approval-rules?state=sampling').expect(200);
    expect((listed.body as { items: { id: string }[] }).items.map(({ id }) => id)).toContain(rule.id);
    await lead().post(`${path}/stop`, { reason: '不要了' }).expect(200);
    expect((await lead().post(`${path}/stop`, { reason: '再停' }).expect(409)).body).toMatchObject({
      code: 'approval_rule.stopped',
    });
    expect((await lead().get(`/task-sets/${rule.sampleTaskSetId}`).expect(200)).body).toMatchObject({
      state: 'closed',
    });
  });

  it('speaks of texts of its own project only', async () => {
    const theirs = await makeAnswers(api.dataSource, api.otherProject.id, 2, '别家的');
    await polishRecords(api.dataSource, api.otherProject.id, theirs);
    const { body } = await lead()
      .post('/approval-rules/sizes', { filter: { ids: theirs } })
      .expect(200);
    expect((body as ProposedSizes).population).toBe(0);
  });
});
