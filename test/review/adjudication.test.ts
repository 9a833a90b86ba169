import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type {
  AdjudicationRow,
  AdjudicationTask,
  AdjudicationView,
  PolishTask,
  SubmitAdjudication,
  SubmitPolish,
  TaskSet,
  WorkReplies,
} from '@qingnang/contracts';
import { startApi, type TestApi, type TestPerson } from '../support/api.js';
import { importDialogues, makeSource } from '../support/corpus.js';
import { polishRecords, polishReview } from '../support/review.js';

type Who = Parameters<TestApi['as']>[0];
interface Slot {
  id: string;
  fencingToken: number;
  shownVersionId: string;
  recordId: string;
  taskId: string;
}

let api: TestApi;
let second: TestPerson;
let set: TaskSet;
beforeAll(async () => {
  api = await startApi();
  second = await api.addPerson({ roles: ['annotator'] });
});
afterAll(() => api?.close());

beforeEach(async () => {
  await api.dataSource.query(`update task_set set state = 'closed'`);
  const source = await makeSource(api.dataSource, api.project.id);
  const recordIds = await importDialogues(api.dataSource, source, [
    [`头晕三天怎么办${source.id}`, '考虑高血压，少盐，三天后复诊。'],
  ]);
  await polishRecords(api.dataSource, api.project.id, recordIds);
  set = await makeSet(recordIds, 2);
});

const makeSet = async (ids: string[], overlap: number): Promise<TaskSet> =>
  (
    await api
      .as('data_lead')
      .post('/task-sets', polishReview({ overlap, filter: { ids } }))
      .expect(201)
  ).body as TaskSet;
const claim = async (who: Who, taskSetId = set.id): Promise<Slot> =>
  ((await api.as(who).post('/work/claim', { taskSetId }).expect(200)).body as { slot: Slot }).slot;
const answer = async (who: Who, changes: Partial<SubmitPolish>, slot?: Slot) => {
  const held = slot ?? (await claim(who));
  const body = { fencingToken: held.fencingToken, baseVersionId: held.shownVersionId, seconds: 9, ...changes };
  const reply = await api.as(who).post(`/work/slots/${held.id}/polish`, body).expect(200);
  return { slot: held, ...(reply.body as { answerId: string; fate: string }) };
};
const words = (text: string): Partial<SubmitPolish> => ({ verdict: 'edit', turns: [{ n: 1, text }] });

/** Two annotators who do not agree; the second asks for a doctor. */
const disagree = async () => {
  const first = await answer('annotator', words('您好，考虑高血压，请少盐，三天后复诊。'));
  const asks = await answer(second, { verdict: 'ask_doctor', comment: '要不要查血脂？' });
  expect([first.fate, asks.fate]).toEqual(['waiting_for_others', 'to_adjudicate']);
  return { first, asks };
};
const listed = async (who: Who, query = 'state=waiting'): Promise<AdjudicationRow[]> =>
  (await api.as(who).get(`/adjudications?taskSetId=${set.id}&${query}`).expect(200)).body.items as AdjudicationRow[];
const take = async (who: Who, taskId: string): Promise<AdjudicationTask> => {
  const { body } = await api.as(who).post(`/work/adjudications/${taskId}/take`).expect(200);
  const shown = await api
    .as(who)
    .get(`/work/slots/${(body as { slot: Slot }).slot.id}/adjudication`)
    .expect(200);
  return shown.body as AdjudicationTask;
};
const decide = (who: Who, task: AdjudicationTask, changes: Partial<SubmitAdjudication>) =>
  api.as(who).post(`/work/slots/${task.slot.id}/adjudication`, {
    ...{ fencingToken: task.slot.fencingToken, baseVersionId: task.shownVersionId, verdict: 'decide', seconds: 20 },
    ...changes,
  });
const approvals = () =>
  api.dataSource.query<{ version_id: string; approved_by: string; kind: string; text: string }[]>(
    `select a.version_id, a.approved_by, v.kind, v.turns -> 1 ->> 'text' as text from approval a
     join version v on v.id = a.version_id join task t on t.id = a.task_id
     where t.task_set_id = $1 and a.until_at is null`,
    [set.id],
  );
const repliesOf = async (who: Who): Promise<WorkReplies> =>
  (await api.as(who).get('/work/replies').expect(200)).body as WorkReplies;

describe('what answers differ about, and what an annotator asks', () => {
  test('lies before those who lead, with all answers, comments and questions side by side', async () => {
    const { first } = await disagree();
    const [row, ...others] = await listed('reviewer');
    expect(others).toEqual([]);
    expect(row).toMatchObject({ why: 'question', state: 'waiting', desk: 'lead', holder: null });
    const { body } = await api.as('data_lead').get(`/adjudications/${row!.id}`).expect(200);
    const view = body as AdjudicationView;
    expect(view.answers).toMatchObject([
      { id: first.answerId, verdict: 'edit', turns: [{ n: 1, text: '您好，考虑高血压，请少盐，三天后复诊。' }] },
      { person: { id: second.id }, verdict: 'ask_doctor', comment: '要不要查血脂？', turns: null },
    ]);
    expect(view.turns[1]).toMatchObject({ original: '考虑高血压，少盐，三天后复诊。' });
    expect(await approvals()).toEqual([]);
    await api.as('annotator').get('/adjudications').expect(403);
    await api.as('stranger').get(`/adjudications/${row!.id}`).expect(404);
    expect(await listed('doctor')).toEqual([]);
    await api.as('doctor').get(`/adjudications/${row!.id}`).expect(404);
    await api.as('doctor').post(`/work/adjudications/${row!.id}/take`).expect(404);
  });

  test('is decided by choosing an answer: only then something is approved, and whoever asked is told', async () => {
    const { first } = await disagree();
    const task = await take('data_lead', (await listed('data_lead'))[0]!.id);
    const chosen = task.answers[0]!;
    const reply = await decide('data_lead', task, {
      baseVersionId: chosen.versionId!,
      comment: '不必，先量血压。',
    }).expect(200);
    expect(reply.body).toMatchObject({ outcome: 'chosen', fate: 'approved' });
    expect(await approvals()).toMatchObject([
      { version_id: chosen.versionId, approved_by: api.people.data_lead.id, kind: 'edit' },
    ]);
    const { items, unseen } = await repliesOf(second);
    expect(unseen).toBe(1);
    expect(items).toMatchObject([
      { asked: '要不要查血脂？', body: '不必，先量血压。', outcome: 'chosen', seen: false },
    ]);
    await api.as(second).post('/work/replies/seen').expect(204);
    expect((await repliesOf(second)).unseen).toBe(0);
    expect(await listed('data_lead')).toEqual([]);
    expect(await listed('data_lead', 'state=decided')).toHaveLength(1);
    const [decided] = await api.dataSource.query('select outcome, answer_id from adjudication where version_id = $1', [
      chosen.versionId,
    ]);
    expect(decided).toEqual({ outcome: 'chosen', answer_id: first.answerId });
  });

  test('is decided by other words, which are a version of their own and pass the same question about facts', async () => {
    await disagree();
    const task = await take('reviewer', (await listed('reviewer'))[0]!.id);
    const turns = [{ n: 1, text: '您好，考虑高血压，请少盐，服氨氯地平5mg，三天后复诊。' }];
    const refused = await decide('reviewer', task, { turns }).expect(409);
    expect(refused.body).toMatchObject({ code: 'answer.facts_unconfirmed' });
    const confirmed = (refused.body as { details: { facts: { n: number; id: string }[] } }).details.facts;
    const named = confirmed.map(({ n, id }) => ({ n, id }));
    const reply = await decide('reviewer', task, { turns, confirmed: named }).expect(200);
    expect(reply.body).toMatchObject({ outcome: 'written' });
    expect(await approvals()).toMatchObject([{ kind: 'adjudication', text: turns[0]!.text }]);
    const flagged = await api.as('data_lead').get(`/answers?recordId=${task.recordId}&with=facts`).expect(200);
    expect(flagged.body).toMatchObject({
      total: 1,
      items: [{ kind: 'adjudication', person: { id: api.people.reviewer.id } }],
    });
  });

  test('a rejection puts the record aside, and needs its reason', async () => {
    await disagree();
    const task = await take('data_lead', (await listed('data_lead'))[0]!.id);
    await decide('data_lead', task, { verdict: 'reject' }).expect(422);
    await decide('data_lead', task, { verdict: 'reject', reasonCode: 'unsafe_advice' }).expect(200);
    const record = await api.as('data_lead').get(`/records/${task.recordId}`).expect(200);
    expect(record.body).toMatchObject({
      state: 'held_back',
      holds: [{ kind: 'rejected', reasonCode: 'unsafe_advice' }],
    });
  });

  test('is returned to one of them with what they wrote and why; answered again, it is there again', async () => {
    const { first, asks } = await disagree();
    const task = await take('data_lead', (await listed('data_lead'))[0]!.id);
    const body = { verdict: 'return' as const, comment: '按原话就好' };
    await decide('data_lead', task, { ...body, answerIds: [first.answerId, task.id] }).expect(422);
    await decide('data_lead', task, { ...body, answerIds: [asks.answerId] }).expect(200);
    expect((await listed('data_lead', 'state=returned'))[0]).toMatchObject({ id: task.id });
    const again = await claim(second);
    expect(again.id).toBe(asks.slot.id);
    const shown = (await api.as(second).get(`/work/slots/${again.id}/polish`).expect(200)).body as PolishTask;
    expect(shown.returned).toMatchObject({ by: 'data_lead', body: '按原话就好' });
    const fate = await answer(second, { verdict: 'accept' }, again);
    expect(fate.fate).toBe('to_adjudicate');
    const [row] = await listed('data_lead');
    expect(row).toMatchObject({ id: task.id, why: 'disagreement' });
    // Whoever decided before may do so again.
    const next = await claim('data_lead', row!.deskTaskSetId);
    expect(next.id).toBe(task.slot.id);
    const third = await take('data_lead', row!.id);
    expect(third.notes).toMatchObject([{ outcome: 'returned', body: '按原话就好' }]);
    await decide('data_lead', third, { turns: [] }).expect(200);
    expect(await approvals()).toMatchObject([{ kind: 'polish' }]);
  });

  test('goes to a doctor by name and to no other, who decides; or gives it back', async () => {
    const other = await api.addPerson({ roles: ['doctor'] });
    await disagree();
    const [row] = await listed('data_lead');
    const task = await take('data_lead', row!.id);
    expect(task.doctors.map(({ id }) => id).sort()).toEqual([api.people.doctor.id, other.id].sort());
    const toLead = { verdict: 'hand_on' as const, doctorId: api.people.reviewer.id };
    await decide('data_lead', task, toLead).expect(422);
    await decide('data_lead', task, { verdict: 'hand_on', doctorId: other.id, comment: '血脂的事请您定' }).expect(200);
    expect((await listed(other))[0]).toMatchObject({ desk: 'doctor', holder: { id: other.id } });
    expect(await listed('doctor')).toEqual([]);
    expect(
      (await api.as('doctor').post('/work/claim', { taskSetId: (await listed(other))[0]!.deskTaskSetId })).body,
    ).toEqual({ slot: null });
    const queues = (await api.as(other).get('/work/queues').expect(200)).body as {
      items: { taskSetId: string; kind: string; waiting: number }[];
    };
    const mine = queues.items.find(({ kind }) => kind === 'adjudication')!;
    expect(mine.waiting).toBe(1);
    const at = await claim(other, mine.taskSetId);
    const shown = (await api.as(other).get(`/work/slots/${at.id}/adjudication`).expect(200)).body as AdjudicationTask;
    expect(shown).toMatchObject({
      desk: 'doctor',
      doctors: [],
      notes: [{ outcome: 'handed_on', body: '血脂的事请您定' }],
    });
    await decide(other, shown, { verdict: 'hand_on', comment: '不是我的专科' }).expect(200);
    const back = await take('data_lead', row!.id);
    expect(back).toMatchObject({ desk: 'lead', notes: [{}, { body: '不是我的专科', by: { id: other.id } }] });
  });

  test('is taken back from the doctors where none has it in hand', async () => {
    await disagree();
    const [row] = await listed('data_lead');
    await decide('data_lead', await take('data_lead', row!.id), { verdict: 'hand_on' }).expect(200);
    const doctors = await take('doctor', row!.id);
    await api.as('data_lead').post(`/adjudications/${row!.id}/recall`).expect(409);
    await api
      .as('doctor')
      .post(`/work/slots/${doctors.slot.id}/release`, { fencingToken: doctors.slot.fencingToken })
      .expect(204);
    await api.as('doctor').post(`/adjudications/${row!.id}/recall`).expect(403);
    await api.as('data_lead').post(`/adjudications/${row!.id}/recall`).expect(200);
    expect((await listed('data_lead'))[0]).toMatchObject({ desk: 'lead' });
    await decide('doctor', doctors, {}).expect(409);
  });
});

describe('two at one desk', () => {
  test('never have the same task, and a late decision is refused with its words kept', async () => {
    await disagree();
    const [row] = await listed('data_lead');
    const task = await take('data_lead', row!.id);
    const inHand = await api.as('reviewer').post(`/work/adjudications/${row!.id}/take`).expect(409);
    expect(inHand.body).toMatchObject({ code: 'adjudication.in_hand' });
    await api.dataSource.query(`update slot set lease_until = now() - interval '1 second' where id = $1`, [
      task.slot.id,
    ]);
    const theirs = await take('reviewer', row!.id);
    const late = await decide('data_lead', task, {
      turns: [{ n: 1, text: '晚到的定稿，少盐，三天后复诊。考虑高血压。' }],
    }).expect(409);
    expect(late.body).toMatchObject({ code: 'slot.lease_lost', details: { what: 'taken' } });
    const [draft] = await api.dataSource.query('select body from draft where slot_id = $1 and person_id = $2', [
      task.slot.id,
      api.people.data_lead.id,
    ]);
    expect(draft.body.turns[0].text).toContain('晚到的定稿');
    await decide('reviewer', theirs, {}).expect(200);
    await api.as('data_lead').post(`/work/adjudications/${row!.id}/take`).expect(409);
  });

  test('a decision sent twice under one key is one decision', async () => {
    await disagree();
    const task = await take('data_lead', (await listed('data_lead'))[0]!.id);
    const send = () => decide('data_lead', task, { comment: '就这样' }).set('Idempotency-Key', `adjudicate-${task.id}`);
    const [first, again] = [await send().expect(200), await send().expect(200)];
    expect(again.body).toEqual(first.body);
    expect((await repliesOf(second)).items.filter(({ body }) => body === '就这样')).toHaveLength(1);
  });
});

describe('a decision is taken back until others went on from it', () => {
  const undo = (who: Who, answerId: string) => api.as(who).post(`/work/answers/${answerId}/undo`);

  test.each(['decide', 'reject', 'return', 'hand_on'] as const)('%s', async (verdict) => {
    await disagree();
    const [row] = await listed('data_lead');
    const task = await take('data_lead', row!.id);
    const reason = verdict === 'reject' ? { reasonCode: 'other' as const } : {};
    const done = await decide('data_lead', task, { verdict, ...reason, comment: '手快了' }).expect(200);
    const { answerId } = done.body as { answerId: string };
    await undo('reviewer', answerId).expect(404);
    const back = await undo('data_lead', answerId).expect(200);
    expect(back.body).toMatchObject({ slot: { id: task.slot.id } });
    expect(await approvals()).toEqual([]);
    expect((await repliesOf(second)).items.filter(({ body }) => body === '手快了')).toEqual([]);
    expect((await listed('data_lead'))[0]).toMatchObject({
      id: row!.id,
      desk: 'lead',
      holder: { id: api.people.data_lead.id },
    });
    const record = await api.as('data_lead').get(`/records/${task.recordId}`).expect(200);
    expect(record.body).toMatchObject({ state: 'in_work' });
    const again = await take('data_lead', row!.id);
    await decide('data_lead', again, {}).expect(200);
    expect(await approvals()).toHaveLength(1);
  });

  test('not once the annotator took it up again', async () => {
    const { asks } = await disagree();
    const task = await take('data_lead', (await listed('data_lead'))[0]!.id);
    const done = await decide('data_lead', task, { verdict: 'return', answerIds: [asks.answerId] }).expect(200);
    await claim(second);
    const late = await undo('data_lead', (done.body as { answerId: string }).answerId).expect(409);
    expect(late.body).toMatchObject({ code: 'adjudication.used' });
  });

  test('an annotator’s own undo takes the task from the desk, unless somebody has it in hand', async () => {
    const { asks } = await disagree();
    const [row] = await listed('data_lead');
    const task = await take('data_lead', row!.id);
    await undo(second, asks.answerId).expect(409);
    await api
      .as('data_lead')
      .post(`/work/slots/${task.slot.id}/release`, { fencingToken: task.slot.fencingToken })
      .expect(204);
    await undo(second, asks.answerId).expect(200);
    expect(await listed('data_lead')).toEqual([]);
    await api.as('data_lead').post(`/work/adjudications/${row!.id}/take`).expect(409);
  });
});

test('whoever skips one can still decide it from the list', async () => {
  await disagree();
  const [row] = await listed('data_lead');
  const task = await take('data_lead', row!.id);
  await api
    .as('data_lead')
    .post(`/work/slots/${task.slot.id}/skip`, { fencingToken: task.slot.fencingToken })
    .expect(204);
  expect((await api.as('data_lead').post('/work/claim', { taskSetId: row!.deskTaskSetId })).body).toEqual({
    slot: null,
  });
  await decide('data_lead', await take('data_lead', row!.id), {}).expect(200);
  expect(await approvals()).toHaveLength(1);
});
