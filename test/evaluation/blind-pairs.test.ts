import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type {
  BlindPairTask,
  EvaluationItemView,
  EvaluationView,
  HeldSlot,
  MyAnswer,
  TaskSet,
  WorkQueue,
} from '@qingnang/contracts';
import { startApi, type TestApi } from '../support/api.js';
import { importDialogues, makeSource } from '../support/corpus.js';

let api: TestApi;
let suiteId: string;

const QUESTIONS = ['头痛两天了，怎么办？', '咳嗽三天了，要吃药吗？'];
const [PLAIN, KIND] = ['多喝水。', '您好，建议多喝水、多休息，三天不好请就诊。'];
const DIALOGUE = [
  { role: 'doctor', text: '发烧吗？' },
  { role: 'patient', text: '不发烧。' },
  { role: 'doctor', text: '那先观察三天。' },
];
const one = (text: string) => [{ role: 'doctor', text }];
const uploaded = (name: string, answers: object[], more: object = {}) => ({ kind: 'uploaded', name, answers, ...more });
const entrants = () => [
  uploaded('甲机', [
    { n: 1, turns: one(PLAIN!) },
    { n: 2, turns: DIALOGUE },
  ]),
  uploaded('乙机', [
    { n: 1, turns: one(KIND!) },
    { n: 2, turns: [...DIALOGUE.slice(0, 2), { role: 'doctor', text: '请来门诊。' }] },
  ]),
];

beforeAll(async () => {
  api = await startApi();
  const questions = QUESTIONS.map((content) => ({ messages: [{ role: 'user', content }] }));
  const suite = await lead().post('/suites', { name: '两问', questions }).expect(201);
  suiteId = (suite.body as { id: string }).id;
  await lead().post(`/suites/${suiteId}/freeze`).expect(200);
});
afterAll(() => api?.close());

const lead = () => api.as('data_lead');
const doctor = () => api.as('doctor');
const doctors = (more: object = {}) => [{ kind: 'doctors', ...more }];
const make = async (body: object = {}): Promise<EvaluationView> => {
  const made = await lead().post('/evaluations', {
    name: '甲对乙',
    suiteId,
    entrants: entrants(),
    judges: doctors(),
    ...body,
  });
  expect(made.status, made.text).toBe(202);
  return made.body as EvaluationView;
};
const read = async (id: string) => (await lead().get(`/evaluations/${id}`).expect(200)).body as EvaluationView;
const claim = async (taskSetId: string) =>
  ((await doctor().post('/work/claim', { taskSetId }).expect(200)).body as { slot: HeldSlot | null }).slot;
const show = async (slot: HeldSlot) =>
  (await doctor().get(`/work/slots/${slot.id}/blind-pair`).expect(200)).body as BlindPairTask;
const submit = (slot: HeldSlot, verdict: string, reason = '') =>
  doctor().post(`/work/slots/${slot.id}/blind-pair`, { fencingToken: slot.fencingToken, verdict, reason, seconds: 20 });

/** Prefers the side on which these words stand, whichever letter that is. */
const prefers = (task: BlindPairTask, words: string) =>
  JSON.stringify(task.sides[0]!.turns).includes(words) ? 'a_better' : 'b_better';

describe('an evaluation that asks doctors', () => {
  let evaluation: EvaluationView;
  let setId: string;
  beforeEach(async () => {
    evaluation = await make();
    setId = evaluation.judges[0]!.taskSetId!;
  });

  it('shows who is not done, and stands open until they are', async () => {
    expect(evaluation).toMatchObject({ state: 'judging', done: 0, total: 2 });
    const { judges } = evaluation;
    expect(judges[0]).toMatchObject({ kind: 'doctors', done: 0, wanted: 2 });
    expect(judges[0]!.people).toEqual([expect.objectContaining({ answered: 0, waiting: 2 })]);
    const queues = (await doctor().get('/work/queues')).body as { items: WorkQueue[] };
    expect(queues.items.find(({ taskSetId }) => taskSetId === setId)).toMatchObject({ kind: 'blind_pair', waiting: 2 });
    const set = (await lead().get(`/task-sets/${setId}`)).body as TaskSet;
    expect(set).toMatchObject({ kind: 'blind_pair', evaluationId: evaluation.id, tasks: 2 });
  });

  it('takes verdicts without names, and adds them up for the right entrant', async () => {
    const kinds: string[] = [];
    for (let slot = await claim(setId); slot; slot = await claim(setId)) {
      const task = await show(slot);
      expect(JSON.stringify(task)).not.toMatch(/甲机|乙机/);
      kinds.push(`${task.sides[0]!.turns.length}`);
      const again = await show(slot);
      expect(again.sides).toEqual(task.sides);
      const verdict = task.sides[0]!.turns.length === 1 ? prefers(task, KIND!) : 'both_bad';
      expect((await submit(slot, verdict, '看内容')).body).toMatchObject({ fate: 'stored' });
    }
    expect(kinds.sort()).toEqual(['1', '3']);
    const done = await read(evaluation.id);
    expect(done).toMatchObject({ state: 'done', done: 2, total: 2, judges: [{ done: 2, wanted: 2 }] });
    const [judge] = done.results.judges;
    expect(judge!.pairs).toHaveLength(1);
    expect(judge!.pairs[0]!.summary).toMatchObject({ win: 0, loss: 1, tie: 1, bothBad: 1, missing: 0 });
    const { items } = (await lead().get(`/evaluations/${evaluation.id}/items`)).body as { items: EvaluationItemView[] };
    expect(items.map(({ outcome }) => outcome)).toEqual(['loss', 'tie']);
    expect(items[1]!.answerA).toEqual(DIALOGUE);
    expect(items[0]!.verdicts).toMatchObject([{ outcome: 'b', reason: '看内容' }]);
    expect(items[0]!.verdicts[0]!.person).not.toBeNull();
    for (const [outcome, n] of [
      ['loss', 1],
      ['both_bad', 1],
      ['win', 0],
      ['missing', 0],
    ] as const) {
      const page = await lead().get(`/evaluations/${evaluation.id}/items?outcome=${outcome}`);
      expect([outcome, (page.body as { total: number }).total]).toEqual([outcome, n]);
    }
    const [labels] = await api.dataSource.query('select count(*)::int as n from judgement');
    expect(labels).toEqual({ n: 0 });
  });

  it('lets a doctor see what they said, and take it back', async () => {
    const slot = (await claim(setId))!;
    const reply = (await submit(slot, 'tie', '都可以')).body as { answerId: string };
    const mine = async () =>
      ((await doctor().get('/work/answers?kind=blind_pair')).body as { items: MyAnswer[] }).items.find(
        ({ id }) => id === reply.answerId,
      );
    expect(await mine()).toMatchObject({ reasonCode: 'tie', undone: false });
    expect(QUESTIONS).toContain((await mine())!.question);
    const last = (await claim(setId))!;
    await submit(last, 'a_better');
    expect(await read(evaluation.id)).toMatchObject({ state: 'done' });
    const back = await doctor().post(`/work/answers/${reply.answerId}/undo`).expect(200);
    expect(back.body).toMatchObject({ slot: { id: slot.id, draft: { body: { verdict: 'tie', reason: '都可以' } } } });
    expect(await mine()).toMatchObject({ undone: true });
    expect(await read(evaluation.id)).toMatchObject({ state: 'judging', judges: [{ done: 1, wanted: 2 }] });
    const again = (back.body as { slot: HeldSlot }).slot;
    expect((await submit(again, 'b_better')).status).toBe(200);
    expect(await read(evaluation.id)).toMatchObject({ state: 'done', judges: [{ done: 2 }] });
    const twice = await doctor().post(`/work/answers/${reply.answerId}/undo`);
    expect(twice.body).toMatchObject({ code: 'answer.used', status: 409 });
  });

  it('is ended by its lead without the rest, taken up again, or cancelled', async () => {
    const slot = (await claim(setId))!;
    await submit(slot, 'tie');
    const ended = (await lead().post(`/evaluations/${evaluation.id}/doctors/finish`).expect(200))
      .body as EvaluationView;
    expect(ended).toMatchObject({ state: 'done', judges: [{ done: 1 }] });
    expect(ended.results.judges[0]!.pairs[0]!.summary).toMatchObject({ tie: 1, missing: 1 });
    expect((await doctor().post('/work/claim', { taskSetId: setId })).status).toBe(409);
    await lead().post(`/evaluations/${evaluation.id}/doctors/ask`).expect(200);
    expect(await read(evaluation.id)).toMatchObject({ state: 'judging' });
    expect(await claim(setId)).not.toBeNull();
    // The same from the page of the set.
    const set = (await lead().get(`/task-sets/${setId}`)).body as TaskSet;
    const close = await lead().patch(`/task-sets/${setId}`, { state: 'closed' }).set('If-Match', `"${set.revision}"`);
    expect(close.status, close.text).toBe(200);
    expect(await read(evaluation.id)).toMatchObject({ state: 'done' });
    await lead().post(`/evaluations/${evaluation.id}/doctors/ask`).expect(200);
    expect((await lead().post(`/evaluations/${evaluation.id}/cancel`)).body).toMatchObject({ state: 'cancelled' });
    expect((await lead().post(`/evaluations/${evaluation.id}/doctors/ask`)).body).toMatchObject({
      code: 'evaluation.ended',
    });
    const shut = (await lead().get(`/task-sets/${setId}`)).body as TaskSet;
    const reopen = await lead().patch(`/task-sets/${setId}`, { state: 'open' }).set('If-Match', `"${shut.revision}"`);
    expect(reopen.body).toMatchObject({ code: 'evaluation.ended', status: 409 });
    expect((await lead().get(`/task-sets/${setId}`)).body).toMatchObject({ state: 'closed' });
  });

  it('is nobody’s but the doctors’, and refuses what is late', async () => {
    const slot = (await claim(setId))!;
    expect((await api.as('annotator').get(`/work/slots/${slot.id}/blind-pair`)).status).toBe(404);
    expect((await api.nobody().get(`/work/slots/${slot.id}/blind-pair`)).status).toBe(401);
    expect((await api.as('annotator').post(`/evaluations/${evaluation.id}/doctors/finish`)).status).toBe(403);
    expect((await submit({ ...slot, fencingToken: slot.fencingToken + 1 }, 'tie')).body).toMatchObject({
      code: 'slot.lease_lost',
    });
    expect((await submit(slot, 'unknown')).status).toBe(422);
    const other = await doctor().get(`/work/slots/${slot.id}/ranking`);
    expect(other.status).toBe(404);
  });
});

it('gives nobody a pair with answers of their own, by name or by words', async () => {
  const { id } = api.people.doctor;
  const named = [uploaded('医生本人', [{ n: 1, turns: one('我写的。') }], { authorId: id }), entrants()[0]!];
  const evaluation = await make({ entrants: named });
  const setId = evaluation.judges[0]!.taskSetId!;
  expect(await claim(setId)).toBeNull();
  expect((await read(evaluation.id)).judges[0]!.people).toEqual([expect.objectContaining({ id, waiting: 0 })]);
  const stranger = [uploaded('外人', [{ n: 1, turns: one('别人写的。') }], { authorId: suiteId }), entrants()[0]!];
  const refused = await lead().post('/evaluations', { name: 'x', suiteId, entrants: stranger, judges: doctors() });
  expect(refused.body).toMatchObject({ status: 422, field: 'entrants.0.authorId' });
});

it('turns the sides round for the second doctor of a pair', async () => {
  const evaluation = await make({ judges: doctors({ overlap: 2 }) });
  const rows = await api.dataSource.query<{ subject_id: string; firsts: string[] }[]>(
    `select s.subject_id, array_agg(case when (get_byte(decode(md5(s.subject_id::text), 'hex'), 0) + s.n) % 2 = 0
       then 'a' else 'b' end order by s.n) as firsts
     from slot s where s.task_set_id = $1 group by 1`,
    [evaluation.judges[0]!.taskSetId],
  );
  expect(rows.map(({ firsts }) => [...firsts].sort())).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
});

describe('three entrants', () => {
  const three = () => [...entrants(), uploaded('丙机', [{ n: 1, turns: one('去看医生。') }])];

  it('meet each other, or the baseline alone; what has no answer is counted', async () => {
    const robin = await make({ entrants: three() });
    expect(robin.entrants.map(({ answered }) => answered)).toEqual([2, 2, 1]);
    await api.dataSource.query(
      `update model_answer set answer_type = 'refused' where id = (
         select id from model_answer where entrant_id = $1 limit 1)`,
      [robin.entrants[0]!.id],
    );
    const typed = (await lead().get(`/evaluations/${robin.id}`).expect(200)).body as typeof robin;
    expect(typed.entrants.map(({ answerTypes }) => answerTypes)).toEqual([
      [
        { type: 'complete', count: 1 },
        { type: 'refused', count: 1 },
      ],
      [{ type: 'complete', count: 2 }],
      [{ type: 'complete', count: 1 }],
    ]);
    expect(robin.results.judges[0]!.pairs.map(({ summary }) => [summary.questions, summary.missing])).toEqual([
      [2, 2],
      [2, 2],
      [2, 2],
    ]);
    expect(robin.judges[0]).toMatchObject({ wanted: 4 });
    const based = await make({ entrants: three(), baseline: 3 });
    const [a, b, c] = based.entrants.map(({ id }) => id);
    expect(based.results.judges[0]!.pairs.map((pair) => [pair.a, pair.b])).toEqual([
      [a, c],
      [b, c],
    ]);
    expect(based.judges[0]).toMatchObject({ wanted: 2 });
  });

  it('are refused where the form cannot be right', async () => {
    const body = { name: 'x', suiteId, judges: doctors() };
    const field = async (more: object) => {
      const reply = await lead().post('/evaluations', { ...body, ...more });
      return [reply.status, (reply.body as { field?: string }).field];
    };
    expect(await field({ entrants: three(), baseline: 4 })).toEqual([422, '/baseline']);
    expect(await field({ entrants: [three()[0], three()[0]] })).toEqual([422, '/entrants']);
    expect((await field({ entrants: three().slice(0, 1) }))[0]).toBe(422);
    expect((await field({ entrants: three(), judges: [...doctors(), ...doctors({ overlap: 2 })] }))[0]).toBe(422);
    const far = uploaded('远', [{ n: 9, turns: one('?') }]);
    expect(await field({ entrants: [...entrants(), far] })).toEqual([422, 'entrants.2.answers.0.n']);
    const patient = uploaded('病', [{ n: 1, turns: [{ role: 'patient', text: '疼' }] }]);
    expect((await field({ entrants: [...entrants(), patient] }))[0]).toBe(422);
  });
});

it('counts a doctor who judged a question as having seen answers on its record', async () => {
  const source = await makeSource(api.dataSource, api.project.id);
  const [recordId] = await importDialogues(api.dataSource, source, [[QUESTIONS[0]!, '多休息。']]);
  const evaluation = await make();
  const setId = evaluation.judges[0]!.taskSetId!;
  for (let slot = await claim(setId); slot; slot = await claim(setId)) {
    await show(slot);
    await submit(slot, 'tie');
  }
  const seen = await api.dataSource.query('select what from exposure where record_id = $1 and person_id = $2', [
    recordId,
    api.people.doctor.id,
  ]);
  expect(seen).toEqual([{ what: 'candidate' }]);
});

it('holds a verdict to two answers to one question of its evaluation', async () => {
  const [first, second] = [await make(), await make()];
  const refusal = (sql: string, params: unknown[]): Promise<string> =>
    api.dataSource.query(sql, params).then(
      () => 'taken',
      (error: { constraint?: string }) => error.constraint ?? String(error),
    );
  const [answer] = await api.dataSource.query('select id from model_answer where evaluation_id = $1 limit 1', [
    second.id,
  ]);
  const pairs = await api.dataSource.query(
    'select id, suite_item_id from answer_pair where evaluation_id = $1 order by suite_item_id',
    [first.id],
  );
  expect(await refusal('update answer_pair set b_answer_id = $2 where id = $1', [pairs[0].id, answer.id])).toBe(
    'fk_answer_pair_b',
  );
  const moved = 'update answer_pair set suite_item_id = $2 where id = $1';
  expect(await refusal(moved, [pairs[0].id, pairs[1].suite_item_id])).toMatch(
    /^(uq_answer_pair_question|fk_answer_pair_a)$/,
  );
});
