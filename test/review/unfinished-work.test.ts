import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { KeptDraft, TaskSet } from '@qingnang/contracts';
import { startApi, type TestApi, type TestPerson } from '../support/api.js';
import { importDialogues, makeSource } from '../support/corpus.js';
import { polishRecords, polishReview } from '../support/review.js';

interface Slot {
  id: string;
  fencingToken: number;
  shownVersionId: string;
}

let api: TestApi;
let set: TaskSet;
let person: TestPerson;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

beforeEach(async () => {
  await api.dataSource.query(`update task_set set state = 'closed'`);
  const source = await makeSource(api.dataSource, api.project.id);
  const ids = await importDialogues(
    api.dataSource,
    source,
    [1, 2].map((n) => [`头晕${n}天怎么办${source.id}`, `少盐，${n}天后复诊。`]),
  );
  await polishRecords(api.dataSource, api.project.id, ids);
  const made = await api
    .as('data_lead')
    .post('/task-sets', polishReview({ filter: { ids } }))
    .expect(201);
  set = made.body as TaskSet;
  person = await api.addPerson({ roles: ['annotator'] });
});

const claim = async (who: TestPerson): Promise<Slot> =>
  ((await api.as(who).post('/work/claim', { taskSetId: set.id }).expect(200)).body as { slot: Slot }).slot;
const write = (who: TestPerson, slot: Slot, text: string) =>
  api.as(who).put(`/work/slots/${slot.id}/draft`, {
    ...{ fencingToken: slot.fencingToken, baseVersionId: slot.shownVersionId },
    body: { turns: [{ n: 1, text }], comment: '没写完' },
  });
const draftsOf = async (who: TestPerson): Promise<KeptDraft[]> =>
  ((await api.as(who).get('/work/drafts').expect(200)).body as { items: KeptDraft[] }).items;

test('people find what they began and what was refused, with what became of it, and can throw it away', async () => {
  const slot = await claim(person);
  await write(person, slot, '写了一半').expect(200);
  expect(await draftsOf(person)).toMatchObject([{ slotId: slot.id, state: 'mine', text: '写了一半\n\n没写完' }]);
  // Drafts are any JSON: what is no turn is passed over.
  const odd = { turns: [{ n: '99999999999999', text: '怪' }, 7, { n: 1, text: '写了一半' }], comment: '没写完' };
  const held = { fencingToken: slot.fencingToken, baseVersionId: slot.shownVersionId };
  await api
    .as(person)
    .put(`/work/slots/${slot.id}/draft`, { ...held, body: odd })
    .expect(200);
  expect((await draftsOf(person))[0]!.text).toBe('写了一半\n\n没写完');
  await api.dataSource.query(`update slot set lease_until = now() - interval '1 second' where id = $1`, [slot.id]);
  const other = await api.addPerson({ roles: ['annotator'] });
  const [first, second] = [await claim(other), await claim(other)];
  expect(second.id).toBe(first.id);
  await api.as(other).post(`/work/slots/${first.id}/skip`, { fencingToken: first.fencingToken }).expect(204);
  const taken = await claim(other);
  expect(taken.id).toBe(slot.id);
  const late = { fencingToken: slot.fencingToken, baseVersionId: slot.shownVersionId, verdict: 'edit', seconds: 5 };
  await api
    .as(person)
    .post(`/work/slots/${slot.id}/polish`, { ...late, turns: [{ n: 1, text: '晚到' }] })
    .expect(409);
  expect(await draftsOf(person)).toMatchObject([{ state: 'taken', text: '晚到' }]);
  expect(await draftsOf(other)).toEqual([]);
  await api.as(other).delete(`/work/slots/${slot.id}/draft`).expect(204);
  expect(await draftsOf(person)).toHaveLength(1);
  await api.as(person).delete(`/work/slots/${slot.id}/draft`).expect(204);
  expect(await draftsOf(person)).toEqual([]);
});

test('a skip is taken back with what was written, until somebody else has the task', async () => {
  const slot = await claim(person);
  await write(person, slot, '跳早了').expect(200);
  await api.as(person).post(`/work/slots/${slot.id}/skip`, { fencingToken: slot.fencingToken }).expect(204);
  const back = await api.as(person).post(`/work/slots/${slot.id}/resume`).expect(200);
  expect(back.body).toMatchObject({ id: slot.id, draft: { body: { turns: [{ text: '跳早了' }] } } });
  await api.as(person).post(`/work/slots/${slot.id}/resume`).expect(200);
  await api.as('doctor').post(`/work/slots/${slot.id}/resume`).expect(404);
  const again = back.body as Slot;
  await api.as(person).post(`/work/slots/${slot.id}/skip`, { fencingToken: again.fencingToken }).expect(204);
  await api.dataSource.query(
    `update slot set state = 'leased', lease_until = now() + interval '1 minute', holder_id = $2
    where id = $1`,
    [slot.id, api.people.annotator.id],
  );
  const late = await api.as(person).post(`/work/slots/${slot.id}/resume`).expect(409);
  expect(late.body).toMatchObject({ code: 'slot.skip_used' });
});

test('a set that is closed while somebody writes says so, takes what is in hand, and hands out nothing', async () => {
  const slot = await claim(person);
  const beat = () => api.as(person).post(`/work/slots/${slot.id}/heartbeat`, { fencingToken: slot.fencingToken });
  expect((await beat().expect(200)).body).toMatchObject({ closed: false });
  await api
    .as('data_lead')
    .patch(`/task-sets/${set.id}`, { state: 'closed' })
    .set('If-Match', `"${set.revision}"`)
    .expect(200);
  expect((await beat().expect(200)).body).toMatchObject({ closed: true });
  const words = { fencingToken: slot.fencingToken, baseVersionId: slot.shownVersionId, verdict: 'accept', seconds: 5 };
  await api
    .as(person)
    .post(`/work/slots/${slot.id}/polish`, { ...words, claimNext: true })
    .expect(200);
  const next = await api.as(person).post('/work/claim', { taskSetId: set.id }).expect(409);
  expect(next.body).toMatchObject({ code: 'task_set.closed' });
  await api.as('lay').post('/work/claim', { taskSetId: set.id }).expect(404);
});

test('a member removed in the middle of a task is refused with what they wrote kept, and has no other way in', async () => {
  const slot = await claim(person);
  await api.as('admin').delete(`/members/${person.id}`).expect(200);
  const words = { fencingToken: slot.fencingToken, baseVersionId: slot.shownVersionId, verdict: 'edit', seconds: 5 };
  const late = await api
    .as(person)
    .post(`/work/slots/${slot.id}/polish`, { ...words, turns: [{ n: 1, text: '没来得及交' }] });
  expect(late.status).toBe(409);
  expect(late.body).toMatchObject({ code: 'slot.lease_lost', details: { what: 'removed' } });
  await write(person, slot, '又写了一点').expect(409);
  const [draft] = await api.dataSource.query('select body from draft where slot_id = $1 and person_id = $2', [
    slot.id,
    person.id,
  ]);
  expect(draft.body.turns[0].text).toBe('又写了一点');
  await api.as(person).get(`/work/slots/${slot.id}/polish`).expect(404);
  await api.as(person).get('/work/drafts').expect(404);
  await api.as(person).post('/work/claim', { taskSetId: set.id }).expect(404);
  const [others] = await api.dataSource.query('select id from slot where task_set_id = $1 and id <> $2', [
    set.id,
    slot.id,
  ]);
  await write(person, { ...slot, id: others.id }, '别人的').expect(404);
  await api
    .as('stranger')
    .put(`/work/slots/${slot.id}/draft`, { fencingToken: 1, baseVersionId: null, body: {} })
    .expect(404);
});
