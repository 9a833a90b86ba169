import type { HeldSlot, PolishTask, SubmitPolishReply } from '@qingnang/contracts';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { importDialogues, makeSource } from '../support/corpus.js';
import { polishRecords } from '../support/review.js';

/** What one answer that brings the next task may ask the database, from the request to its answer. */
const MOST_STATEMENTS = 20;

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  const source = await makeSource(api.dataSource, api.project.id);
  const dialogues = Array.from({ length: 6 }, (_, i): [string, string] => [`头痛第${i}天`, `多休息，第${i}号。`]);
  await polishRecords(api.dataSource, api.project.id, await importDialogues(api.dataSource, source, dialogues));
});
afterAll(() => api?.close());

/** Every statement that the application sends while `work` runs; keys are tidied once a second, whoever asks. */
async function statementsOf(dataSource: DataSource, work: () => Promise<void>): Promise<string[]> {
  const sent: string[] = [];
  const make = dataSource.createQueryRunner.bind(dataSource);
  dataSource.createQueryRunner = (mode) => {
    const runner = make(mode);
    const query = runner.query.bind(runner) as (text: string, ...rest: unknown[]) => Promise<unknown>;
    const noted = (text: string, ...rest: unknown[]): Promise<unknown> => {
      sent.push(text.replace(/\s+/g, ' ').trim());
      return query(text, ...rest);
    };
    return Object.assign(runner, { query: noted });
  };
  try {
    await work();
  } finally {
    dataSource.createQueryRunner = make;
  }
  return sent.filter((text) => !text.startsWith('delete from idempotency_key'));
}

it('an answer that brings the next task asks the database no more than it must', async () => {
  const set = await api
    .as('data_lead')
    .post('/task-sets', { name: 'counted', kind: 'polish_review', roles: ['annotator'], filter: { polished: true } })
    .expect(201);
  const claim = await api.as('annotator').post('/work/claim', { taskSetId: set.body.id as string });
  const first = (claim.body as { slot: HeldSlot }).slot;
  let task = (await api.as('annotator').get(`/work/slots/${first.id}/polish`).expect(200)).body as PolishTask;
  const answer = async (verdict: 'accept' | 'edit'): Promise<void> => {
    const doctor = task.turns.find((turn) => turn.suggestion.role === 'doctor')!;
    const words = { n: doctor.n, text: `${doctor.suggestion.text}请按时休息。` };
    const reply = await api
      .as('annotator')
      .post(`/work/slots/${task.slot.id}/polish`, {
        fencingToken: task.slot.fencingToken,
        baseVersionId: task.slot.shownVersionId,
        verdict,
        turns: verdict === 'edit' ? [words] : [],
        seconds: 3,
        claimNext: true,
      })
      .set('Idempotency-Key', `counted-${task.slot.id}`)
      .expect(200);
    const { fate, next } = reply.body as SubmitPolishReply;
    expect(fate).toBe('approved');
    task = next!;
  };
  const accepted = await statementsOf(api.dataSource, () => answer('accept'));
  const edited = await statementsOf(api.dataSource, () => answer('edit'));
  expect(edited.some((text) => text.startsWith('with added as (insert into version'))).toBe(true);
  expect(edited.length, edited.join('\n')).toBeLessThanOrEqual(MOST_STATEMENTS);
  expect(accepted.length, accepted.join('\n')).toBeLessThan(edited.length);
});
