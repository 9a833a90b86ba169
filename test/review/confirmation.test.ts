import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { answerQuery, type NamedFact, type SubmitPolish, type TaskSet } from '@qingnang/contracts';
import { startApi, type TestApi } from '../support/api.js';
import { importDialogues, makeSource } from '../support/corpus.js';
import { polishRecords, polishReview } from '../support/review.js';

const DOCTOR = '考虑高血压，氨氯地平20mg，不要吃生的，请马上就诊。';

let api: TestApi;
let set: TaskSet;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

beforeEach(async () => {
  await api.dataSource.query(`update task_set set state = 'closed'`);
  const source = await makeSource(api.dataSource, api.project.id);
  const recordIds = await importDialogues(
    api.dataSource,
    source,
    [1, 2, 3].map((n) => [`头晕${n}天怎么办${source.id}`, DOCTOR]),
  );
  await polishRecords(api.dataSource, api.project.id, recordIds);
  const made = await api
    .as('data_lead')
    .post('/task-sets', polishReview({ filter: { ids: recordIds } }))
    .expect(201);
  set = made.body as TaskSet;
});

interface Slot {
  id: string;
  fencingToken: number;
  shownVersionId: string;
  recordId: string;
}
interface Problem {
  code: string;
  details: { facts: (NamedFact & { kind: string; change: string; was: object; is: object })[] };
}

const claim = async (): Promise<Slot> =>
  ((await api.as('annotator').post('/work/claim', { taskSetId: set.id })).body as { slot: Slot }).slot;
const submit = (slot: Slot, changes: Partial<SubmitPolish>) =>
  api.as('annotator').post(`/work/slots/${slot.id}/polish`, {
    ...{ fencingToken: slot.fencingToken, baseVersionId: slot.shownVersionId, verdict: 'edit', seconds: 9 },
    ...changes,
  });
const words = (from: string, to: string) => [{ n: 1, text: `您好，${DOCTOR.replace(from, to)}祝您早日康复。` }];
const factsOf = (body: unknown) => (body as Problem).details.facts.map(({ kind, change }) => `${kind} ${change}`);
const answersOf = async (query: object = {}) =>
  (
    await api
      .as('data_lead')
      .get(`/answers?${new URLSearchParams({ taskSetId: set.id, ...query })}`)
      .expect(200)
  ).body.items as { verdict: string; facts: { kind: string; was: string; is: string; confirmedAt: string | null }[] }[];

describe('what does harm when it is wrong goes up only when its author says that it is right', () => {
  test.each([
    ['a dose typed by hand', '20mg', '500mg', 'dose changed'],
    ['a medicine typed by hand', '氨氯地平20mg', '氨氯地平20mg，阿司匹林', 'drug added'],
    ['a medicine left out', '氨氯地平20mg，', '', 'drug lost'],
    ['a negation left out', '不要吃生的', '可以吃生的', 'negation lost'],
    ['an urgency left out', '请马上就诊', '请有空就诊', 'urgency lost'],
  ])('%s', async (_, from, to, fact) => {
    const slot = await claim();
    const refused = await submit(slot, { turns: words(from, to) }).expect(409);
    expect(refused.body).toMatchObject({ code: 'answer.facts_unconfirmed', field: 'confirmed' });
    expect(factsOf(refused.body)).toContain(fact);
    expect(JSON.stringify(refused.body)).not.toContain('氨氯地平');
    const [before] = await api.dataSource.query('select count(*)::int as n from answer where slot_id = $1', [slot.id]);
    expect(before).toEqual({ n: 0 });
    const confirmed = (refused.body as Problem).details.facts.map(({ n, id }) => ({ n, id }));
    await submit(slot, { turns: words(from, to), confirmed }).expect(200);
  });

  test('each by itself: one confirmed dose says nothing about another', async () => {
    const slot = await claim();
    const turns = words('20mg，不要', '500mg，阿司匹林，不要');
    const refused = await submit(slot, { turns }).expect(409);
    const [first, ...rest] = (refused.body as Problem).details.facts;
    expect(rest.length).toBeGreaterThan(0);
    const again = await submit(slot, { turns, confirmed: [{ n: first!.n, id: first!.id }] }).expect(409);
    expect((again.body as Problem).details.facts).toEqual(rest);
  });

  test('also where the words are the model’s and nothing was typed', async () => {
    const slot = await claim();
    await api.dataSource.query(`alter table version disable trigger user`);
    await api.dataSource.query(
      `update version set turns = jsonb_set(turns, '{1,text}', to_jsonb(replace(turns -> 1 ->> 'text', '20mg', '200mg')))
       where id = $1`,
      [slot.shownVersionId],
    );
    await api.dataSource.query(`alter table version enable trigger user`);
    const refused = await submit(slot, { verdict: 'accept', turns: [] }).expect(409);
    expect(factsOf(refused.body)).toEqual(['dose changed']);
    await submit(slot, { verdict: 'reject', reasonCode: 'facts_changed', turns: [] }).expect(200);
  });

  test('and other facts only warn', async () => {
    const slot = await claim();
    await submit(slot, { turns: words('考虑高血压', '可能是高血压') }).expect(200);
  });
});

test('it is asked once: not again for the same fact of the same slot after the answer was taken back', async () => {
  const slot = await claim();
  const turns = words('20mg', '500mg');
  const refused = await submit(slot, { turns }).expect(409);
  const confirmed = (refused.body as Problem).details.facts.map(({ n, id }) => ({ n, id }));
  const { answerId } = (await submit(slot, { turns, confirmed }).expect(200)).body as { answerId: string };
  const undone = await api.as('annotator').post(`/work/answers/${answerId}/undo`).expect(200);
  const again = (undone.body as { slot: Slot }).slot;
  const shown = await api.as('annotator').get(`/work/slots/${again.id}/polish`).expect(200);
  expect((shown.body as { confirmed: NamedFact[] }).confirmed).toEqual(confirmed);
  await submit(again, { turns: words('20mg', '5g') }).expect(409);
  await submit(again, { turns }).expect(200);
});

test('what was confirmed is kept with who and when, and who leads the work finds it by set and by record', async () => {
  const slot = await claim();
  const turns = words('20mg', '500mg');
  const refused = await submit(slot, { turns }).expect(409);
  const confirmed = (refused.body as Problem).details.facts.map(({ n, id }) => ({ n, id }));
  await submit(slot, { turns, confirmed, comment: '病历里是 500mg' }).expect(200);
  await submit(await claim(), { verdict: 'accept', turns: [] }).expect(200);
  const [flagged, ...others] = await answersOf({ with: 'facts' });
  expect(others).toEqual([]);
  expect(flagged).toMatchObject({
    verdict: 'edit',
    comment: '病历里是 500mg',
    person: { id: api.people.annotator.id },
    recordId: slot.recordId,
    facts: [{ kind: 'dose', was: '20mg', is: '500mg', of: '氨氯地平' }],
  });
  expect(flagged!.facts[0]!.confirmedAt).not.toBeNull();
  const ofRecord = await api.as('reviewer').get(`/answers?recordId=${slot.recordId}`).expect(200);
  expect(ofRecord.body).toMatchObject({ total: 1, items: [{ facts: [{ kind: 'dose' }] }] });
  const people = await api.as('data_lead').get(`/task-sets/${set.id}/people`).expect(200);
  expect((people.body as { items: object[] }).items[0]).toMatchObject({
    id: api.people.annotator.id,
    answered: 2,
    verdicts: { edit: 1, accept: 1 },
    confirmed: 1,
  });
  await api.as('annotator').get('/answers').expect(403);
  await api.as('doctor').get('/answers').expect(403);
  await api.as('stranger').get('/answers').expect(404);
  expect(answerQuery.parse({}).perPage).toBe(25);
});

test('alarms by kind stand on the set; a kind can be turned off and on again, and the log says so', async () => {
  const alarm = async (kind: string) =>
    ((await api.as('data_lead').get(`/task-sets/${set.id}/alarms`).expect(200)).body as { items: object[] }).items.find(
      (each) => (each as { kind: string }).kind === kind,
    );
  expect(await alarm('dose')).toEqual({ kind: 'dose', raised: 0, dismissed: 0, off: false, offered: false });
  const slot = await claim();
  const turns = words('20mg', '500mg');
  const refused = await submit(slot, { turns }).expect(409);
  await submit(slot, { turns, confirmed: (refused.body as Problem).details.facts.map(({ n, id }) => ({ n, id })) });
  expect(await alarm('dose')).toMatchObject({ raised: 1, dismissed: 1, offered: false });
  // As many as say something about a kind.
  await api.dataSource.query(
    `insert into answer_fact select gen_random_uuid(), project_id, task_set_id, slot_id, answer_id, person_id, turn_n,
       fact_id, kind, change, was_text, is_text, of_drug, n < 4, null from answer_fact, generate_series(1, 12) n
     where kind = 'dose' and task_set_id = $1`,
    [set.id],
  );
  expect(await alarm('dose')).toMatchObject({ raised: 13, dismissed: 4, offered: true });
  const patch = (quietKinds: string[], revision: number, who: 'data_lead' | 'reviewer' = 'data_lead') =>
    api.as(who).patch(`/task-sets/${set.id}`, { quietKinds }).set('If-Match', `"${revision}"`);
  await patch(['dose'], set.revision, 'reviewer').expect(403);
  await patch(['colour'], set.revision).expect(422);
  const off = await patch(['dose'], set.revision).expect(200);
  expect(off.body).toMatchObject({ quietKinds: ['dose'], evaluationId: null });
  expect(await alarm('dose')).toMatchObject({ off: true, offered: false });
  const next = await claim();
  const shown = await api.as('annotator').get(`/work/slots/${next.id}/polish`).expect(200);
  expect(shown.body).toMatchObject({ quietKinds: ['dose'] });
  await submit(next, { turns: words('20mg', '500mg') }).expect(200);
  await patch([], (off.body as TaskSet).revision).expect(200);
  await submit(await claim(), { turns: words('20mg', '500mg') }).expect(409);
  const log = await api.dataSource.query<{ before: object; after: object }[]>(
    `select before, after from audit_entry where action = 'task_set.update' and subject_id = $1 order by id`,
    [set.id],
  );
  expect(log.map(({ after }) => (after as { quietKinds: unknown }).quietKinds)).toEqual([['dose'], []]);
});

test('a rejection says that the alarms were right', async () => {
  const slot = await claim();
  await api.dataSource.query(`alter table version disable trigger user`);
  await api.dataSource.query(
    `update version set turns = jsonb_set(turns, '{1,text}', to_jsonb(replace(turns -> 1 ->> 'text', '20mg', '200mg')))
     where id = $1`,
    [slot.shownVersionId],
  );
  await api.dataSource.query(`alter table version enable trigger user`);
  await submit(slot, { verdict: 'reject', reasonCode: 'facts_changed', turns: [] }).expect(200);
  const { body } = await api.as('data_lead').get(`/task-sets/${set.id}/alarms`).expect(200);
  expect((body as { items: object[] }).items).toContainEqual(
    expect.objectContaining({ kind: 'dose', raised: 1, dismissed: 0 }),
  );
});
