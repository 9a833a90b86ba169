import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseSettings } from '@qingnang/config';
import { type Actor, recordQuery, type SubmitPolish } from '@qingnang/contracts';
import { corpusEntities, RecordService } from '@qingnang/corpus';
import { uuidv7 } from '@qingnang/kernel';
import { ONLY_ATTEMPT } from '@qingnang/queue';
import {
  PolishReviewService,
  ReopenChangedRecords,
  reviewEntities,
  TaskSetService,
  WorkService,
} from '@qingnang/review';
import { importDialogues, makeProject, makeSource } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';
import { makePerson, polishRecords, polishReview } from '../support/review.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let sets: TaskSetService;
let work: WorkService;
let reviews: PolishReviewService;
let projectId: string;
let lead: Actor;
let annotator: Actor;
let recordIds: string[];

beforeAll(async () => {
  db = await createTestDataSource([...corpusEntities, ...reviewEntities]);
  const settings = parseSettings({});
  sets = new TaskSetService(db.dataSource);
  work = new WorkService(db.dataSource, settings);
  reviews = new PolishReviewService(db.dataSource, work, settings);
});
afterAll(() => db.close());

beforeEach(async () => {
  projectId = await makeProject(db.dataSource);
  lead = await makePerson(db.dataSource, projectId, ['data_lead']);
  annotator = await makePerson(db.dataSource, projectId, ['annotator']);
  const source = await makeSource(db.dataSource, projectId);
  recordIds = await importDialogues(
    db.dataSource,
    source,
    Array.from({ length: 6 }, (_, i) => [`血压${140 + i}要吃药吗`, `先复查${i + 2}次，少盐。`]),
  );
  await polishRecords(db.dataSource, projectId, recordIds);
});

const submission = (changes: Partial<SubmitPolish>): SubmitPolish => ({
  fencingToken: 1,
  baseVersionId: '',
  verdict: 'accept',
  turns: [],
  comment: '',
  seconds: 12,
  llmCallIds: [],
  confirmed: [],
  claimNext: false,
  ...changes,
});

const stateOf = async (recordId: string | null): Promise<string> =>
  (await db.dataSource.query('select state from record where id = $1', [recordId]))[0].state;

test('an accepted polish is approved by rule, and the next task comes with the answer', async () => {
  const set = await sets.createPolishReview(lead, polishReview());
  expect(set).toMatchObject({ tasks: 6, open: 6 });
  const slot = (await work.claim(annotator, set.id))!;
  const shown = await reviews.show(annotator, slot.id);
  expect(shown.turns[1]!.suggestion.text).toContain('祝您早日康复');
  const reply = await reviews.submit(
    annotator,
    slot.id,
    submission({ fencingToken: slot.fencingToken, baseVersionId: slot.shownVersionId!, claimNext: true }),
  );
  expect(reply.fate).toBe('approved');
  expect(reply.next?.record.id).not.toBe(slot.recordId);
  expect(await stateOf(slot.recordId)).toBe('approved');
  const [approval] = await db.dataSource.query('select * from approval where record_id = $1', [slot.recordId]);
  expect(approval).toMatchObject({ version_id: slot.shownVersionId, rule: 'single_answer', task_id: slot.taskId });
});

test('an edit makes a version whose patient words are untouched; a patient turn is refused', async () => {
  const set = await sets.createPolishReview(lead, polishReview());
  const slot = (await work.claim(annotator, set.id))!;
  const base = submission({ fencingToken: slot.fencingToken, baseVersionId: slot.shownVersionId!, verdict: 'edit' });
  await expect(
    reviews.submit(annotator, slot.id, { ...base, turns: [{ n: 0, text: '改患者的话' }] }),
  ).rejects.toMatchObject({
    code: 'answer.not_a_doctor_turn',
  });
  await reviews.submit(annotator, slot.id, { ...base, turns: [{ n: 1, text: '您好，请先复查血压。' }] });
  const [version] = await db.dataSource.query(
    `select v.* from approval a join version v on v.id = a.version_id where a.record_id = $1`,
    [slot.recordId],
  );
  expect(version).toMatchObject({ kind: 'edit', parent_id: slot.shownVersionId, made_by_id: annotator.id });
  expect(version.turns[1]).toEqual({ n: 1, role: 'doctor', text: '您好，请先复查血压。' });
});

test('a rejected polish puts its record aside', async () => {
  const set = await sets.createPolishReview(lead, polishReview());
  const slot = (await work.claim(annotator, set.id))!;
  const base = submission({ fencingToken: slot.fencingToken, baseVersionId: slot.shownVersionId!, verdict: 'reject' });
  await expect(reviews.submit(annotator, slot.id, base)).rejects.toMatchObject({ code: 'answer.reason_missing' });
  const reply = await reviews.submit(annotator, slot.id, { ...base, reasonCode: 'facts_changed' });
  expect(reply.fate).toBe('held_back');
  expect(await stateOf(slot.recordId)).toBe('held_back');
});

test('twenty people at once get different slots, and nobody the same record twice', async () => {
  const set = await sets.createPolishReview(lead, polishReview({ overlap: 2 }));
  const people = await Promise.all(
    Array.from({ length: 20 }, () => makePerson(db.dataSource, projectId, ['annotator'])),
  );
  const slots = (await Promise.all(people.map((person) => work.claim(person, set.id)))).filter((slot) => slot !== null);
  expect(slots).toHaveLength(12);
  expect(new Set(slots.map((slot) => slot.id)).size).toBe(12);

  const second = await sets.createPolishReview(lead, polishReview({ overlap: 3 }));
  const seen: string[] = [];
  for (let slot = await work.claim(annotator, second.id); slot; slot = await work.claim(annotator, second.id)) {
    seen.push(slot.recordId!);
    await work.skip(annotator, slot.id, slot.fencingToken, 'not mine');
  }
  expect(seen).toHaveLength(6);
  expect(new Set(seen).size).toBe(6);
});

test('one who claims again holds the same slot, with the draft', async () => {
  const set = await sets.createPolishReview(lead, polishReview());
  const slot = (await work.claim(annotator, set.id))!;
  await work.saveDraft(annotator, slot.id, {
    fencingToken: slot.fencingToken,
    baseVersionId: slot.shownVersionId,
    body: { text: '写到一半' },
  });
  const again = (await work.claim(annotator, set.id))!;
  expect(again).toMatchObject({
    id: slot.id,
    fencingToken: slot.fencingToken,
    draft: { body: { text: '写到一半' }, revision: 1 },
  });
});

test('a late submit is refused with what happened, and keeps the draft', async () => {
  const set = await sets.createPolishReview(lead, polishReview({ limit: 1 }));
  const slot = (await work.claim(annotator, set.id))!;
  await db.dataSource.query(`update slot set lease_until = now() - interval '1 second' where id = $1`, [slot.id]);
  const other = await makePerson(db.dataSource, projectId, ['annotator']);
  const theirs = (await work.claim(other, set.id))!;
  expect(theirs).toMatchObject({ id: slot.id, fencingToken: slot.fencingToken + 1, draft: null });
  const late = submission({
    fencingToken: slot.fencingToken,
    baseVersionId: slot.shownVersionId!,
    verdict: 'edit',
    turns: [{ n: 1, text: '晚到的修改' }],
  });
  await expect(reviews.submit(annotator, slot.id, late)).rejects.toMatchObject({
    code: 'slot.lease_lost',
    status: 409,
    details: { what: 'taken' },
  });
  const [draft] = await db.dataSource.query('select body from draft where slot_id = $1 and person_id = $2', [
    slot.id,
    annotator.id,
  ]);
  expect(draft.body.turns).toEqual([{ n: 1, text: '晚到的修改' }]);
  await expect(work.heartbeat(annotator, slot.id, slot.fencingToken)).rejects.toMatchObject({
    code: 'slot.lease_lost',
  });
});

test('a text too long for a draft saved while typing is kept all the same when its submit comes late', async () => {
  const set = await sets.createPolishReview(lead, polishReview({ limit: 1 }));
  const slot = (await work.claim(annotator, set.id))!;
  await work.release(annotator, slot.id, slot.fencingToken);
  const turns = Array.from({ length: 4 }, (_, n) => ({ n, text: '长'.repeat(20_000) }));
  const base = { fencingToken: slot.fencingToken, baseVersionId: slot.shownVersionId! };
  await expect(work.saveDraft(annotator, slot.id, { ...base, body: { turns } })).rejects.toMatchObject({
    code: 'draft.too_large',
  });
  await expect(
    reviews.submit(annotator, slot.id, submission({ ...base, verdict: 'edit', turns })),
  ).rejects.toMatchObject({ code: 'slot.lease_lost' });
  const [draft] = await db.dataSource.query('select body from draft where slot_id = $1', [slot.id]);
  expect(draft.body.turns).toEqual(turns);
});

test('an answer taken back is in hand again as it was written, and its approval has ended', async () => {
  const set = await sets.createPolishReview(lead, polishReview());
  const slot = (await work.claim(annotator, set.id))!;
  const edit = submission({
    fencingToken: slot.fencingToken,
    baseVersionId: slot.shownVersionId!,
    verdict: 'edit',
    turns: [{ n: 1, text: '手快了' }],
  });
  const { answerId } = await reviews.submit(annotator, slot.id, edit);
  const again = await reviews.undo(annotator, answerId);
  expect(again.slot).toMatchObject({ id: slot.id, round: 2, draft: { body: { turns: [{ n: 1, text: '手快了' }] } } });
  expect(await stateOf(slot.recordId)).toBe('in_work');
  await expect(reviews.undo(annotator, answerId)).rejects.toMatchObject({ code: 'answer.undo_too_late' });
  const reply = await reviews.submit(annotator, slot.id, {
    ...edit,
    fencingToken: again.slot.fencingToken,
    turns: [{ n: 1, text: '想好了再交' }],
  });
  expect(reply.fate).toBe('approved');
});

test('answers that differ wait for an adjudicator', async () => {
  const set = await sets.createPolishReview(lead, polishReview({ overlap: 2, limit: 1 }));
  const other = await makePerson(db.dataSource, projectId, ['annotator']);
  const mine = (await work.claim(annotator, set.id))!;
  const theirs = (await work.claim(other, set.id))!;
  const waiting = await reviews.submit(
    annotator,
    mine.id,
    submission({ fencingToken: mine.fencingToken, baseVersionId: mine.shownVersionId! }),
  );
  expect(waiting.fate).toBe('waiting_for_others');
  const last = await reviews.submit(
    other,
    theirs.id,
    submission({
      fencingToken: theirs.fencingToken,
      baseVersionId: theirs.shownVersionId!,
      verdict: 'edit',
      turns: [{ n: 1, text: '不同的说法' }],
    }),
  );
  expect(last.fate).toBe('to_adjudicate');
  expect(await stateOf(mine.recordId)).toBe('in_work');
});

test('another role, another project and a closed set hand out nothing', async () => {
  const set = await sets.createPolishReview(lead, polishReview());
  const doctor = await makePerson(db.dataSource, projectId, ['doctor']);
  await expect(work.claim(doctor, set.id)).rejects.toMatchObject({ status: 404 });
  const stranger = await makePerson(db.dataSource, await makeProject(db.dataSource), ['annotator']);
  await expect(work.claim(stranger, set.id)).rejects.toMatchObject({ status: 404 });
  await sets.update(lead, set.id, set.revision, { state: 'closed' });
  // Whose it was is told what happened; nobody else learns that there is such a set.
  await expect(work.claim(annotator, set.id)).rejects.toMatchObject({ code: 'task_set.closed', status: 409 });
  await expect(work.claim(doctor, set.id)).rejects.toMatchObject({ status: 404 });
  expect(await work.queues(annotator)).toEqual([]);
});

test('a closed set hands nothing on after a submit', async () => {
  const set = await sets.createPolishReview(lead, polishReview());
  const slot = (await work.claim(annotator, set.id))!;
  await sets.update(lead, set.id, set.revision, { state: 'closed' });
  const reply = await reviews.submit(
    annotator,
    slot.id,
    submission({ fencingToken: slot.fencingToken, baseVersionId: slot.shownVersionId!, claimNext: true }),
  );
  expect(reply).toMatchObject({ fate: 'approved', next: null });
});

test('what was held back meanwhile is neither handed out nor answered: 409 with the words kept, and back with the record', async () => {
  const set = await sets.createPolishReview(lead, polishReview());
  const slot = (await work.claim(annotator, set.id))!;
  const records = new RecordService(db.dataSource);
  for (const id of recordIds) await records.changeState(lead, id, { state: 'held_back', reason: '来源存疑' });
  const words = submission({
    fencingToken: slot.fencingToken,
    baseVersionId: slot.shownVersionId!,
    verdict: 'edit',
    turns: [{ n: 1, text: '先复查两次，少盐，少油。' }],
    claimNext: true,
  });
  await expect(reviews.submit(annotator, slot.id, words)).rejects.toMatchObject({
    code: 'slot.record_held_back',
    status: 409,
  });
  expect(await stateOf(slot.recordId!)).toBe('held_back');
  expect(await work.claim(annotator, set.id)).toBeNull();
  expect((await work.queues(annotator))[0]).toMatchObject({ waiting: 0 });
  await expect(sets.createPolishReview(lead, polishReview({ filter: { state: ['held_back'] } }))).rejects.toMatchObject(
    {
      code: 'task_set.empty',
    },
  );
  await records.changeState(lead, slot.recordId!, { state: 'imported', reason: '来源已核实' });
  expect(await stateOf(slot.recordId!)).toBe('in_work');
  const again = (await work.claim(annotator, set.id))!;
  expect(again).toMatchObject({ id: slot.id, draft: { body: { turns: words.turns } } });
  expect(again.fencingToken).toBeGreaterThan(slot.fencingToken);
  const { holds } = await records.get(lead, slot.recordId!);
  expect(holds).toMatchObject([{ kind: 'decided', reason: '来源存疑', endedReason: '来源已核实' }]);
});

test('a slot in hand whose record is held back is not handed to its holder again, a new one is', async () => {
  const set = await sets.createPolishReview(lead, polishReview());
  const slot = (await work.claim(annotator, set.id))!;
  const records = new RecordService(db.dataSource);
  await records.changeState(lead, slot.recordId!, { state: 'held_back', reason: '来源存疑' });
  const next = (await work.claim(annotator, set.id))!;
  expect(next.recordId).not.toBe(slot.recordId);
});

test('a rejection is the reason its record is held back for, until it is taken back', async () => {
  const set = await sets.createPolishReview(lead, polishReview());
  const slot = (await work.claim(annotator, set.id))!;
  const records = new RecordService(db.dataSource);
  const { answerId } = await reviews.submit(
    annotator,
    slot.id,
    submission({
      fencingToken: slot.fencingToken,
      baseVersionId: slot.shownVersionId!,
      verdict: 'reject',
      reasonCode: 'unsafe_advice',
      comment: '剂量没有依据',
    }),
  );
  const held = await records.get(lead, slot.recordId!);
  expect(held.holds).toMatchObject([
    { kind: 'rejected', reasonCode: 'unsafe_advice', reason: '剂量没有依据', untilAt: null },
  ]);
  expect(held.holds[0]!.by).not.toBeNull();
  const listed = await records.list(lead, recordQuery.parse({ state: 'held_back' }));
  expect(listed.items).toMatchObject([{ id: slot.recordId, hold: { reasonCode: 'unsafe_advice' } }]);
  const search = await records.list(lead, recordQuery.parse({}));
  expect(search.items.map(({ id }) => id)).not.toContain(slot.recordId);
  expect(search.total).toBe(recordIds.length - 1);
  await reviews.undo(annotator, answerId);
  expect((await records.get(lead, slot.recordId!)).holds[0]!.untilAt).not.toBeNull();
  await expect(records.changeState(lead, slot.recordId!, { state: 'imported', reason: 'x' })).rejects.toMatchObject({
    code: 'record.not_held_back',
  });
});

describe('when the source changed a record', () => {
  const changeSource = async (recordId: string): Promise<string> => {
    const id = uuidv7();
    const turns = [
      { n: 0, role: 'patient', text: '血压高要吃药吗', made_by: { kind: 'import', id }, rehearsal: false },
      { n: 1, role: 'doctor', text: '先看医生。', made_by: { kind: 'import', id }, rehearsal: false },
    ];
    await db.dataSource.query(
      `insert into version (id, project_id, record_id, kind, turns, made_by_kind, made_by_id)
       values ($1, $2, $3, 'import', $4, 'import', $5)`,
      [id, projectId, recordId, JSON.stringify(turns), id],
    );
    await db.dataSource.query(
      `update record set import_version_id = $2, latest_version_id = $2, state = 'imported' where id = $1`,
      [recordId, id],
    );
    return id;
  };

  test('an answer to its old words is refused and kept as a draft', async () => {
    const set = await sets.createPolishReview(lead, polishReview());
    const slot = (await work.claim(annotator, set.id))!;
    await changeSource(slot.recordId!);
    await expect(
      reviews.submit(
        annotator,
        slot.id,
        submission({ fencingToken: slot.fencingToken, baseVersionId: slot.shownVersionId! }),
      ),
    ).rejects.toMatchObject({ code: 'slot.base_changed' });
    expect(await db.dataSource.query('select from draft where slot_id = $1', [slot.id])).toHaveLength(1);
    expect(await stateOf(slot.recordId)).toBe('imported');
  });

  test('whoever takes its task again sees the new words, without what they wrote about the old', async () => {
    const set = await sets.createPolishReview(lead, polishReview({ limit: 1 }));
    const slot = (await work.claim(annotator, set.id))!;
    const body = { verdict: 'edit', turns: [{ n: 1, text: '旧的改写' }] };
    await work.saveDraft(annotator, slot.id, {
      fencingToken: slot.fencingToken,
      baseVersionId: slot.shownVersionId!,
      body,
    });
    const imported = await changeSource(slot.recordId!);
    await new ReopenChangedRecords(db.dataSource).run(projectId, slot.recordId!, ONLY_ATTEMPT);
    const again = (await work.claim(annotator, set.id))!;
    expect(again).toMatchObject({ id: slot.id, shownVersionId: imported, draft: null });
    expect((await reviews.show(annotator, again.id)).turns[1]).toMatchObject({ original: '先看医生。' });
    expect(await stateOf(slot.recordId)).toBe('in_work');
  });
});
