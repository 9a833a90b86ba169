import { parseSettings } from '@qingnang/config';
import { corpusEntities, holdBack } from '@qingnang/corpus';
import { PolishReviewService, reviewEntities, TaskSetService, WorkService } from '@qingnang/review';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importDialogues, makeProject, makeSource } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';
import { makePerson, polishRecords, polishReview } from '../support/review.js';
import { untilWaiting } from '../support/waiting.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
beforeAll(async () => {
  db = await createTestDataSource([...corpusEntities, ...reviewEntities]);
});
afterAll(() => db.close());

test('an answer is not taken back under a record that is just being held back', async () => {
  const { dataSource } = db;
  const projectId = await makeProject(dataSource);
  const lead = await makePerson(dataSource, projectId, ['data_lead']);
  const annotator = await makePerson(dataSource, projectId, ['annotator']);
  const source = await makeSource(dataSource, projectId);
  const recordIds = await importDialogues(dataSource, source, [['血压150要吃药吗', '先复查三次，少盐。']]);
  await polishRecords(dataSource, projectId, recordIds);
  const settings = parseSettings({});
  const work = new WorkService(dataSource, settings);
  const reviews = new PolishReviewService(dataSource, work, settings);
  const set = await new TaskSetService(dataSource).createPolishReview(lead, polishReview());
  const slot = (await work.claim(annotator, set.id))!;
  const { answerId } = await reviews.submit(annotator, slot.id, {
    ...{ fencingToken: slot.fencingToken, baseVersionId: slot.shownVersionId!, verdict: 'accept', turns: [] },
    ...{ comment: '', seconds: 9, llmCallIds: [], confirmed: [], claimNext: false },
  });
  let undoing: Promise<unknown> | undefined;
  await dataSource.transaction(async (tx) => {
    await holdBack(tx, { projectId, recordId: slot.recordId!, kind: 'decided', heldBy: lead.personId, reason: '投诉' });
    undoing = reviews.undo(annotator, answerId).catch((error: unknown) => error);
    await untilWaiting(dataSource);
  });
  expect(await undoing).toMatchObject({ code: 'answer.undo_too_late' });
  const [record] = await dataSource.query('select state from record where id = $1', [slot.recordId]);
  expect(record.state).toBe('held_back');
});
