import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseSettings } from '@qingnang/config';
import type { Actor, CreateTaskSet, HeldSlot, SubmitRanking, SubmitReference } from '@qingnang/contracts';
import { corpusEntities } from '@qingnang/corpus';
import { judgeEntities } from '@qingnang/judge';
import { llmEntities } from '@qingnang/llm';
import {
  JudgementService,
  preferenceEntities,
  PromptService,
  RankingTaskService,
  ReferenceService,
  ReferenceTaskService,
  type SelectedPair,
  selectPairs,
  TaskSetMaker,
} from '@qingnang/preference';
import { reviewEntities, TaskSetService, WorkService } from '@qingnang/review';
import { makeProject } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';
import { addAiJudgement, addCandidates, makeQuestions } from '../support/preference.js';
import { makePerson, polishRecords } from '../support/review.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let maker: TaskSetMaker;
let work: WorkService;
let references: ReferenceTaskService;
let rankings: RankingTaskService;
let projectId: string;
let lead: Actor;
let doctor: Actor;
let prompts: string[];

beforeAll(async () => {
  const libraries = [corpusEntities, llmEntities, reviewEntities, judgeEntities, preferenceEntities];
  db = await createTestDataSource(libraries.flat());
  maker = new TaskSetMaker(new TaskSetService(db.dataSource));
  work = new WorkService(db.dataSource, parseSettings({}));
  references = new ReferenceTaskService(db.dataSource, work);
  rankings = new RankingTaskService(db.dataSource, work);
});
afterAll(() => db.close());

beforeEach(async () => {
  projectId = await makeProject(db.dataSource);
  lead = await makePerson(db.dataSource, projectId, ['data_lead']);
  doctor = await makePerson(db.dataSource, projectId, ['doctor']);
  prompts = await makeQuestions(db.dataSource, projectId, 3);
});

const rows = <Row extends object>(sql: string, ...params: unknown[]): Promise<Row[]> =>
  db.dataSource.query(sql, params);

async function taskSet(kind: CreateTaskSet['kind'], changes: Partial<CreateTaskSet> = {}): Promise<string> {
  const input = { name: kind, kind, filter: {}, overlap: 1, deadline: null, departments: [], ...changes };
  return (await maker.create(lead, { ...input, roles: changes.roles ?? ['doctor'] })).id;
}

const claim = async (who: Actor, setId: string): Promise<HeldSlot> => (await work.claim(who, setId))!;
const answer = (slot: HeldSlot, changes: Partial<SubmitReference> = {}): SubmitReference => ({
  fencingToken: slot.fencingToken,
  kind: 'answer',
  text: '多喝水，三天不好请就诊。',
  afterExposure: false,
  seconds: 40,
  claimNext: false,
  ...changes,
});
const order = (slot: HeldSlot, keys: readonly string[], ranks?: number[]): SubmitRanking => ({
  fencingToken: slot.fencingToken,
  ranks: keys.map((key, i) => ({ key, rank: ranks?.[i] ?? i + 1, bad: false })),
  reason: '',
  seconds: 20,
  claimNext: false,
});

test('a doctor answers before any model, and the answer stands as a reference', async () => {
  const set = await taskSet('reference');
  const slot = await claim(doctor, set);
  const task = await references.show(doctor, slot.id);
  expect(task).toMatchObject({ exposed: false, prompt: { id: slot.subjectId } });
  expect(task.prompt.turns.at(-1)).toMatchObject({ role: 'patient' });
  // The record's own doctor is not shown either.
  expect(task.prompt.turns.every((turn) => turn.role === 'patient')).toBe(true);
  const reply = await references.submit(doctor, slot.id, answer(slot));
  expect(reply).toMatchObject({
    fate: 'stored',
    reference: { revision: 1, kind: 'answer', rehearsal: false, afterExposure: false, doctor: { id: doctor.id } },
  });
  const [kept] = await rows('select verdict, result_type, result_id from answer where slot_id = $1', slot.id);
  expect(kept).toEqual({ verdict: 'done', result_type: 'reference', result_id: reply.reference.id });
  // What is answered waits no longer.
  const more = await maker.create(lead, {
    name: 'x',
    kind: 'reference',
    filter: {},
    overlap: 1,
    roles: ['doctor'],
    departments: [],
    deadline: null,
  });
  expect(more.tasks).toBe(2);
});

test('“ask first” and “cannot be answered” are answers; only the last may stay without words', async () => {
  const set = await taskSet('reference');
  const first = await claim(doctor, set);
  await expect(
    references.submit(doctor, first.id, answer(first, { kind: 'ask_first', text: '' })),
  ).rejects.toMatchObject({
    code: 'reference.text_missing',
    status: 422,
  });
  await references.submit(doctor, first.id, answer(first, { kind: 'ask_first', text: '发烧吗？' }));
  const second = await claim(doctor, set);
  await references.submit(doctor, second.id, answer(second, { kind: 'cannot_answer', text: '' }));
  expect(await rows('select kind, text from reference where doctor_id = $1 order by created_at', doctor.id)).toEqual([
    { kind: 'ask_first', text: '发烧吗？' },
    { kind: 'cannot_answer', text: null },
  ]);
});

test('who has seen a model’s reply on the record is refused, keeps the text, and may mark it', async () => {
  const set = await taskSet('reference');
  const slot = await claim(doctor, set);
  await polishRecords(db.dataSource, projectId, [slot.recordId!]);
  await rows(
    `insert into exposure (id, project_id, person_id, record_id, what) values (gen_random_uuid(), $1, $2, $3, 'polish')`,
    projectId,
    doctor.id,
    slot.recordId,
  );
  expect((await references.show(doctor, slot.id)).exposed).toBe(true);
  await expect(references.submit(doctor, slot.id, answer(slot))).rejects.toMatchObject({
    code: 'reference.exposed',
    status: 409,
  });
  expect((await work.claim(doctor, set))!.draft).toMatchObject({ body: { text: '多喝水，三天不好请就诊。' } });
  const reply = await references.submit(doctor, slot.id, answer(slot, { afterExposure: true }));
  expect(reply.reference.afterExposure).toBe(true);
});

test('a reference taken over from a rehearsal candidate is rehearsal', async () => {
  const set = await taskSet('reference');
  const slot = await claim(doctor, set);
  await addCandidates(db.dataSource, projectId, slot.subjectId, ['您好，首先多喝水，其次房间加湿，祝您早日康复。']);
  const own = answer(slot, { afterExposure: true, text: '您好，首先多喝水，其次房间加湿，祝早日康复。' });
  expect((await references.submit(doctor, slot.id, own)).reference.rehearsal).toBe(true);
});

test('a further revision keeps the earlier one, and is refused to others, to the late and to the exposed', async () => {
  const service = new ReferenceService(db.dataSource);
  const slot = await claim(doctor, await taskSet('reference'));
  const { reference } = await references.submit(doctor, slot.id, answer(slot));
  const change = { kind: 'answer' as const, text: '改了。', afterExposure: false };
  expect(await service.revise(doctor, reference.id, 1, change)).toMatchObject({ revision: 2, text: '改了。' });
  await expect(service.revise(doctor, reference.id, 1, change)).rejects.toMatchObject({ status: 412 });
  await expect(service.revise(lead, reference.id, 2, change)).rejects.toMatchObject({ status: 404 });
  await addCandidates(db.dataSource, projectId, slot.subjectId, ['甲', '乙']);
  const ranking = await claim(doctor, await taskSet('ranking'));
  await rankings.show(doctor, ranking.id);
  await expect(service.revise(doctor, reference.id, 2, change)).rejects.toMatchObject({ code: 'reference.exposed' });
  expect(await rows('select text from reference where doctor_id = $1 order by revision', doctor.id)).toEqual([
    { text: '多喝水，三天不好请就诊。' },
    { text: '改了。' },
  ]);
});

test('a late answer is refused with what happened, and kept as a draft', async () => {
  const set = await taskSet('reference', { limit: 1 });
  const slot = await claim(doctor, set);
  await rows(`update slot set lease_until = now() - interval '1 second' where id = $1`, slot.id);
  const other = await makePerson(db.dataSource, projectId, ['doctor']);
  await claim(other, set);
  await expect(references.submit(doctor, slot.id, answer(slot))).rejects.toMatchObject({
    code: 'slot.lease_lost',
    details: { what: 'taken' },
  });
  expect(await rows('select body from draft where person_id = $1', doctor.id)).toMatchObject([
    { body: { kind: 'answer', text: '多喝水，三天不好请就诊。' } },
  ]);
});

test('candidates are ranked blind: no model, no id, an order of each doctor’s own that stays', async () => {
  const texts = ['甲', '乙', '丙', '丁', '甲'];
  const ids = await addCandidates(db.dataSource, projectId, prompts[0]!, texts);
  await addAiJudgement(db.dataSource, projectId, prompts[0]!, ids, [9, 7, 5, 3, 9]);
  const set = await taskSet('ranking', { overlap: 8 });
  const orders = new Set<string>();
  for (let i = 0; i < 8; i++) {
    const one = await makePerson(db.dataSource, projectId, ['doctor']);
    const slot = await claim(one, set);
    const task = await rankings.show(one, slot.id);
    // The same words are shown once.
    expect(task.candidates.map((candidate) => candidate.text).sort()).toEqual(['丁', '丙', '乙', '甲'].sort());
    expect(task.candidates.map((candidate) => candidate.key)).toEqual(['A', 'B', 'C', 'D']);
    expect(task.aiRanks).toBeNull();
    expect(JSON.stringify(task)).not.toContain('some-model');
    for (const id of ids) expect(JSON.stringify(task)).not.toContain(id);
    // One drawn later does not turn up under the doctor's hands.
    if (i === 0) await addCandidates(db.dataSource, projectId, prompts[0]!, ['戊']);
    expect(await rankings.show(one, slot.id)).toMatchObject({ candidates: task.candidates });
    orders.add(task.candidates.map((candidate) => candidate.text).join(''));
  }
  expect(orders.size).toBeGreaterThan(3);
});

test('a blind order becomes a judgement with ties and bad ones, decides the pairs, and counts for calibration', async () => {
  const ids = await addCandidates(db.dataSource, projectId, prompts[0]!, ['甲', '乙', '丙']);
  await addAiJudgement(db.dataSource, projectId, prompts[0]!, ids, [8, 6, 2]);
  const set = await taskSet('ranking');
  const slot = await claim(doctor, set);
  const { candidates } = await rankings.show(doctor, slot.id);
  const rank = { 甲: 2, 乙: 1, 丙: 2 } as Record<string, number>;
  const input = order(
    slot,
    candidates.map((candidate) => candidate.key),
    candidates.map((candidate) => rank[candidate.text]!),
  );
  input.ranks[candidates.findIndex((candidate) => candidate.text === '丙')]!.bad = true;
  await expect(rankings.submit(doctor, slot.id, { ...input, ranks: input.ranks.slice(1) })).rejects.toMatchObject({
    code: 'ranking.incomplete',
    status: 422,
  });
  await expect(
    rankings.submit(doctor, slot.id, { ...input, ranks: [{ key: 'F', rank: 1, bad: false }] }),
  ).rejects.toMatchObject({ code: 'slot.base_changed', status: 409 });
  expect(await rankings.submit(doctor, slot.id, input)).toMatchObject({ fate: 'stored', pairs: 3 });

  const detail = await new PromptService(db.dataSource).get(lead, prompts[0]!);
  const blind = detail.judgements.find((one) => one.origin === 'doctor')!;
  expect(blind).toMatchObject({ aiOrderShown: false, rehearsal: false });
  const placed = Object.fromEntries(blind.items.map((item) => [ids.indexOf(item.candidateId), item]));
  expect(placed).toMatchObject({
    0: { rank: 2, tieGroup: 1, bad: false },
    1: { rank: 1, tieGroup: 0 },
    2: { rank: 2, tieGroup: 1, bad: true },
  });
  expect(placed[0]!.positionShown).toBe(candidates.findIndex((candidate) => candidate.text === '甲') + 1);

  const pairs: SelectedPair[] = [];
  for await (const pair of selectPairs(db.dataSource.manager, projectId, {})) pairs.push(pair);
  expect(
    pairs.map((pair) => [ids.indexOf(pair.chosenId), ids.indexOf(pair.rejectedId), pair.evidence, pair.margin]),
  ).toEqual(
    expect.arrayContaining([
      [1, 0, 'doctor', null],
      [0, 2, 'doctor', 6],
      [1, 2, 'doctor', 4],
    ]),
  );
  const figures = await new JudgementService(db.dataSource).calibration(lead);
  // Ties of the doctor are left out; of the two other pairs the AI has one right.
  expect(figures).toMatchObject({
    judgements: 1,
    prompts: 1,
    doctors: 1,
    pairs: 2,
    agreed: 1,
    disagreed: 1,
    rehearsal: true,
  });
  expect(figures.meanTauB).toBeCloseTo(0, 12);
});

test('in the second mode the AI’s order is shown, and what it leads to never counts for calibration', async () => {
  const ids = await addCandidates(db.dataSource, projectId, prompts[0]!, ['甲', '乙', '丙']);
  await expect(taskSet('confirm_ranking')).rejects.toMatchObject({ code: 'task_set.empty' });
  await addAiJudgement(db.dataSource, projectId, prompts[0]!, ids, [5, 8, 5]);
  const set = await taskSet('confirm_ranking', { overlap: 2 });
  const slot = await claim(doctor, set);
  const task = await rankings.show(doctor, slot.id);
  expect(task.candidates[0]!.text).toBe('乙');
  expect(task.aiRanks).toEqual([1, 2, 2]);
  // A later word of the AI changes nothing under the doctor's hands.
  await addAiJudgement(db.dataSource, projectId, prompts[0]!, ids, [9, 1, 1]);
  expect(await rankings.show(doctor, slot.id)).toMatchObject({ candidates: task.candidates, aiRanks: [1, 2, 2] });
  const keys = task.candidates.map((candidate) => candidate.key);
  await rankings.submit(doctor, slot.id, order(slot, keys, [1, 2, 2]));

  const other = await makePerson(db.dataSource, projectId, ['doctor']);
  const theirs = await claim(other, set);
  const shown = await rankings.show(other, theirs.id);
  await rankings.submit(
    other,
    theirs.id,
    order(
      theirs,
      shown.candidates.map((candidate) => candidate.key),
      [3, 1, 2],
    ),
  );
  expect(
    await rows(
      `select ai_order_shown, rehearsal from judgement where origin = 'doctor' and project_id = $1 order by created_at`,
      projectId,
    ),
  ).toEqual([
    // Taken over as it was, the order is still the rehearsal judge's.
    { ai_order_shown: true, rehearsal: true },
    { ai_order_shown: true, rehearsal: false },
  ]);
  expect(await new JudgementService(db.dataSource).calibration(lead)).toMatchObject({ judgements: 0, meanTauB: null });
});

test('references are for doctors, orders for doctors and lay people', async () => {
  await addCandidates(db.dataSource, projectId, prompts[0]!, ['甲', '乙']);
  await expect(taskSet('reference', { roles: ['annotator'] })).rejects.toMatchObject({ code: 'task_set.wrong_roles' });
  const lay = await makePerson(db.dataSource, projectId, ['lay']);
  const slot = await claim(lay, await taskSet('ranking', { roles: ['doctor', 'lay'] }));
  const { candidates } = await rankings.show(lay, slot.id);
  await rankings.submit(
    lay,
    slot.id,
    order(
      slot,
      candidates.map((candidate) => candidate.key),
    ),
  );
  expect(await rows('select origin from judgement where person_id = $1', lay.id)).toEqual([{ origin: 'lay' }]);
});
