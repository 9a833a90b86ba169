import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApprovalRuleDetail, SnapshotDetail, SnapshotPreview } from '@qingnang/contracts';
import { runJobsUntilEmpty } from '@qingnang/queue';
import { Freezer } from '@qingnang/snapshot';
import { FreezeHandler } from '../../apps/worker/src/snapshots/freeze.handler.js';
import { startApi, type TestApi } from '../support/api.js';
import { drawnRule, polished, read } from '../support/approval-rules.js';
import { runBulk } from '../support/bulk.js';

let api: TestApi;
let rule: ApprovalRuleDetail;
beforeAll(async () => {
  api = await startApi();
  const { filter } = await polished(api, 30, '冻结');
  const drawn = await drawnRule(api, { filter, checkSize: 0 });
  await read(api, 'annotator', drawn.sampleTaskSetId, () => 'accept');
  rule = (await lead().post(`/approval-rules/${drawn.id}/approve`, { reason: '样本没有错' }).expect(202))
    .body as ApprovalRuleDetail;
  await runBulk(api.dataSource, { projectId: api.project.id, jobId: rule.bulkJobId! });
});
afterAll(() => api?.close());

const lead = () => api.as('data_lead');

async function freeze(selection: object): Promise<SnapshotDetail> {
  const { body } = await lead().post('/snapshots', { name: 'talks', kind: 'sft', selection }).expect(202);
  await runJobsUntilEmpty(api.url, [new FreezeHandler(api.app.get(Freezer, { strict: false }))]);
  return (
    await lead()
      .get(`/snapshots/${(body as { id: string }).id}`)
      .expect(200)
  ).body as SnapshotDetail;
}

it('a snapshot names what let its texts in, with the evidence as it stood', async () => {
  const { manifest, digest } = await freeze({});
  expect(manifest!.approvals).toMatchObject({ reviewed: 14, by_rule: 16 });
  const [byRule, ...others] = manifest!.approvals!.rules;
  expect(others).toEqual([]);
  expect(byRule).toMatchObject({
    ...{ rule: 'sampled_rule', rows: 16 },
    approval_rule: {
      ...{ id: rule.id, stopped: false, bar: 0.2, confidence: 0.95, seed: 5, population: 30, drawn: 14 },
      ...{ read: 14, faults: 0, rate: 0, low: 0, at_most: rule.evidence.all.atMost, high: rule.evidence.all.high },
      data_set: [{ value: 'real_instruction', read: 14, faults: 0 }],
      source: [{ value: '冻结 30', read: 14 }],
      prompt_version: [{ value: null, read: 14 }],
    },
  });
  expect((await freeze({})).digest).toBe(digest);
});

it.each([
  ['reviewed', { reviewed: 14, by_rule: 0 }, 16],
  ['by_rule', { reviewed: 0, by_rule: 16 }, 14],
] as const)('asked for those that are %s it takes them only, and says so before', async (how, approvals, otherwise) => {
  const preview = (await lead().post('/snapshots/preview', { kind: 'sft', selection: { how } }).expect(200))
    .body as SnapshotPreview;
  expect(preview).toMatchObject({ chosen: 30, rows: 30 - otherwise });
  expect(preview.leftOut).toEqual([{ reason: 'approved_otherwise', count: otherwise }]);
  const { manifest } = await freeze({ how });
  expect(manifest).toMatchObject({ selection: { how }, counts: { rows: 30 - otherwise }, approvals });
});

it('a rule that was stopped since says so in what is frozen after', async () => {
  await lead().post(`/approval-rules/${rule.id}/stop`, { reason: '再看看' }).expect(200);
  const { manifest } = await freeze({ how: 'by_rule' });
  expect(manifest!.approvals!.rules[0]!.approval_rule).toMatchObject({ stopped: true, read: 14 });
});
