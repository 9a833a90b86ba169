import type { HeldSlot, TaskKind } from '@qingnang/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { addCandidates, makeQuestions } from '../support/preference.js';
import { polishRecords } from '../support/review.js';

let api: TestApi;
let prompts: string[];
beforeAll(async () => {
  api = await startApi();
  prompts = await makeQuestions(api.dataSource, api.project.id, 4);
  const records = await api.dataSource.query<{ id: string }[]>('select id from record');
  await polishRecords(
    api.dataSource,
    api.project.id,
    records.map(({ id }) => id),
  );
  await addCandidates(api.dataSource, api.project.id, prompts[0]!, ['甲', '乙', '丙']);
});
afterAll(() => api?.close());

type Who = 'annotator' | 'doctor';

async function claim(who: Who, kind: TaskKind): Promise<HeldSlot> {
  const set = await api
    .as('data_lead')
    .post('/task-sets', { name: kind, kind, roles: [who] })
    .expect(201);
  return (await api.as(who).post('/work/claim', { taskSetId: set.body.id as string })).body.slot as HeldSlot;
}

async function sendTwice(who: Who, path: string, body: object, key: string) {
  const send = () => api.as(who).post(path, body).set('Idempotency-Key', key);
  const first = await send().expect(200);
  const answers = await api.dataSource.query<unknown[]>('select from answer');
  const again = await send().expect(200);
  expect(await api.dataSource.query<unknown[]>('select from answer')).toHaveLength(answers.length);
  return { first: first.body as Record<string, unknown>, again: again.body as Record<string, unknown>, send };
}

it('a repeated polish review answers its fate and the very next task, and the undo of it the same task', async () => {
  const slot = await claim('annotator', 'polish_review');
  const body = {
    fencingToken: slot.fencingToken,
    baseVersionId: slot.shownVersionId,
    verdict: 'accept',
    seconds: 5,
    claimNext: true,
  };
  const { first, again } = await sendTwice('annotator', `/work/slots/${slot.id}/polish`, body, 'polish-1');
  expect(first).toMatchObject({ fate: 'approved', next: { slot: { taskSetId: slot.taskSetId } } });
  const idOf = (reply: Record<string, unknown>) => (reply.next as { slot: { id: string } }).slot.id;
  expect([again.answerId, again.fate, idOf(again)]).toEqual([first.answerId, first.fate, idOf(first)]);
  const other = { ...body, verdict: 'reject', reasonCode: 'other' };
  const refused = await api
    .as('annotator')
    .post(`/work/slots/${slot.id}/polish`, other)
    .set('Idempotency-Key', 'polish-1')
    .expect(422);
  expect(refused.body.code).toBe('idempotency.other_body');
  const undo = () =>
    api
      .as('annotator')
      .post(`/work/answers/${String(first.answerId)}/undo`)
      .set('Idempotency-Key', 'undo-1')
      .expect(200);
  const [undone, twice] = [await undo(), await undo()];
  expect(twice.body.slot.id).toBe(slot.id);
  expect(twice.body.slot.fencingToken).toBe(undone.body.slot.fencingToken);
});

it('a repeated reference answers the reference, at once though the first never answered', async () => {
  const slot = await claim('doctor', 'reference');
  const body = { fencingToken: slot.fencingToken, kind: 'answer', text: '多喝水。', afterExposure: false, seconds: 9 };
  const { first, again } = await sendTwice('doctor', `/work/slots/${slot.id}/reference`, body, 'reference-1');
  expect(first.reference).toMatchObject({ text: '多喝水。' });
  expect(again).toEqual(first);
});

it('a repeated ranking answers the judgement and its pairs', async () => {
  const slot = await claim('doctor', 'ranking');
  const body = {
    fencingToken: slot.fencingToken,
    ranks: [
      { key: 'A', rank: 2, bad: false },
      { key: 'B', rank: 1, bad: false },
      { key: 'C', rank: 2, bad: true },
    ],
    reason: '',
    seconds: 9,
  };
  const { first, again } = await sendTwice('doctor', `/work/slots/${slot.id}/ranking`, body, 'ranking-1');
  expect(first.pairs).toBeGreaterThan(0);
  expect(again).toEqual(first);
});

const nextOf = (reply: Record<string, unknown>) => (reply.next as { slot: HeldSlot } | null)?.slot;

it('a submit of any kind brings the next task, sent again the same one while it is held, and none once it is answered', async () => {
  const slot = await claim('doctor', 'reference');
  const words = { kind: 'answer', text: '多休息。', afterExposure: true, seconds: 9, claimNext: true };
  const path = (id: string) => `/work/slots/${id}/reference`;
  const { first, again } = await sendTwice(
    'doctor',
    path(slot.id),
    { ...words, fencingToken: slot.fencingToken },
    'next-1',
  );
  const next = nextOf(first)!;
  expect(next).toMatchObject({ taskSetId: slot.taskSetId, kind: 'reference', done: 1 });
  expect(nextOf(again)).toMatchObject({ id: next.id, fencingToken: next.fencingToken });
  const held = 'select count(*)::int as n from slot where task_set_id = $1 and state = $2';
  expect(await api.dataSource.query(held, [slot.taskSetId, 'leased'])).toEqual([{ n: 1 }]);
  await api.as('doctor').post(`/work/slots/${next.id}/release`, { fencingToken: next.fencingToken }).expect(204);
  const later = await api
    .as('doctor')
    .post(path(slot.id), { ...words, fencingToken: slot.fencingToken })
    .set('Idempotency-Key', 'next-1')
    .expect(200);
  expect(later.body).toMatchObject({ answerId: first.answerId, next: null });
  expect(await api.dataSource.query(held, [slot.taskSetId, 'leased'])).toEqual([{ n: 0 }]);
});

it('submits sent side by side under one key all answer the same', async () => {
  const slot = await claim('annotator', 'polish_review');
  const body = {
    fencingToken: slot.fencingToken,
    baseVersionId: slot.shownVersionId,
    verdict: 'accept',
    seconds: 5,
    claimNext: false,
  };
  const send = () => api.as('annotator').post(`/work/slots/${slot.id}/polish`, body).set('Idempotency-Key', 'polish-2');
  const replies = await Promise.all([send(), send(), send()]);
  expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200]);
  expect(new Set(replies.map((reply) => JSON.stringify(reply.body))).size).toBe(1);
});
