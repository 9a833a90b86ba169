import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BudgetExhaustedError, llmEntities, plainAnswer } from '@qingnang/llm';
import { corpusEntities } from '@qingnang/corpus';
import type { Turn } from '@qingnang/contracts';
import type { DataSource } from 'typeorm';
import { importDialogues, makeSource } from '../support/corpus.js';
import { type LlmBench, openLlmBench, shortDialogues } from '../support/llm.js';
import { createTestDataSource } from '../support/postgres.js';

let dataSource: DataSource;
let close: () => Promise<void>;
let bench: LlmBench;

beforeAll(async () => {
  ({ dataSource, close } = await createTestDataSource([...llmEntities, ...corpusEntities]));
});
afterAll(() => close());

async function freshBench(records: number, source: { deidentified?: boolean } = {}): Promise<string[]> {
  bench = await openLlmBench(dataSource);
  const origin = await makeSource(dataSource, bench.projectId, source);
  return importDialogues(dataSource, origin, shortDialogues(records));
}

const polishes = (recordId: string): Promise<{ id: string; turns: Turn[]; parent_id: string; rehearsal: boolean }[]> =>
  dataSource.query(`select id, turns, parent_id, rehearsal from version where record_id = $1 and kind = 'polish'`, [
    recordId,
  ]);

/** Server, calls and items say the same. */
async function expectLedgerToAgree(jobId: string): Promise<void> {
  const charges = await bench.charges();
  const [calls] = await dataSource.query<Record<string, number>[]>(
    `select count(*) filter (where state = 'answered' and error_code is distinct from 'charged_before')::int as answered,
       sum(input_tokens)::int as input, sum(output_tokens)::int as output, sum(cost)::float8 as cost
     from llm_call where job_id = $1`,
    [jobId],
  );
  const [items] = await dataSource.query<Record<string, number>[]>(
    'select sum(input_tokens)::int as input, sum(output_tokens)::int as output, sum(cost)::float8 as cost from llm_item where job_id = $1',
    [jobId],
  );
  expect(calls!.answered).toBe(charges.calls);
  expect([calls!.input, calls!.output]).toEqual([charges.prompt_tokens, charges.completion_tokens]);
  expect(items).toEqual({ input: calls!.input, output: calls!.output, cost: calls!.cost });
  expect(calls!.cost).toBeCloseTo((charges.prompt_tokens * 2 + charges.completion_tokens * 8) / 1e6, 6);
  expect(Math.max(...Object.values(charges.charges))).toBe(1);
}

describe('a polish job', () => {
  it('estimates first, then polishes every doctor turn once, and leaves the patient alone', async () => {
    const records = await freshBench(12);
    const job = await bench.createPolish();
    expect(job.state).toBe('estimated');
    expect(job.estimate).toMatchObject({ subjects: 12, calls: 12, egressRefused: 0, alreadyDone: 0, tooLong: 0 });
    expect(job.estimate!.cost).toBeGreaterThan(0);

    await bench.start(job.id);
    await bench.runLane(job.id);

    const done = await bench.detail(job.id);
    expect(done).toMatchObject({ state: 'done', total: 12, counts: { stored: 12, failed: 0 } });
    for (const id of records) {
      const [polish, ...more] = await polishes(id);
      expect(more).toEqual([]);
      const [original] = await dataSource.query<{ turns: Turn[]; id: string }[]>(
        `select id, turns from version where record_id = $1 and kind = 'import'`,
        [id],
      );
      expect(polish!.parent_id).toBe(original!.id);
      expect(polish!.rehearsal).toBe(true);
      expect(polish!.turns[0]).toMatchObject({
        text: original!.turns[0]!.text,
        made_by: { kind: 'parent', id: original!.id },
      });
      // The call that made the version, which says it, made this turn.
      expect(polish!.turns.map((turn) => [turn.made_by === undefined, turn.rehearsal === true])).toEqual([
        [false, false],
        [true, true],
      ]);
      expect(polish!.turns[1]!.text).not.toBe(original!.turns[1]!.text);
    }
    await expectLedgerToAgree(job.id);
    await bench.close();
  });

  it('finds what was polished already, and buys no question twice unless told to', async () => {
    await freshBench(3);
    const first = await bench.createPolish();
    await bench.start(first.id);
    await bench.runLane(first.id);
    const second = await bench.createPolish();
    expect(second.estimate).toMatchObject({ subjects: 3, calls: 0, alreadyDone: 3 });
    await expect(bench.start(second.id)).rejects.toMatchObject({ code: 'llm_job.nothing_to_do' });

    const third = await bench.createPolish({ settings: { skipPolished: false } });
    await bench.start(third.id);
    await bench.runLane(third.id);
    expect(await bench.detail(third.id)).toMatchObject({ state: 'done', cachedCalls: 3, cost: 0 });
    expect((await bench.charges()).calls).toBe(3);

    const fourth = await bench.createPolish({ settings: { skipPolished: false, again: true } });
    await bench.start(fourth.id);
    await bench.runLane(fourth.id);
    expect((await bench.charges()).calls).toBe(6);
    await bench.close();
  });

  it('refuses text that may not leave: counted beforehand, skipped by name, never sent', async () => {
    await freshBench(4, { deidentified: false });
    await bench.updateProvider(`outside = true, kind = 'external', inside_address = true`);
    const open = await makeSource(dataSource, bench.projectId, { deidentified: true });
    await importDialogues(dataSource, open, [['嗓子疼三天了', '多喝水，必要时做血常规。']]);
    const job = await bench.createPolish();
    expect(job.estimate).toMatchObject({ subjects: 5, calls: 1, egressRefused: 4 });
    await bench.start(job.id);
    await bench.runLane(job.id);
    expect(await bench.detail(job.id)).toMatchObject({ state: 'done', counts: { stored: 1, skipped: 4 } });
    const [skipped] = await dataSource.query<{ n: number }[]>(
      `select count(*)::int as n from llm_item where job_id = $1 and error_code = 'egress_refused'`,
      [job.id],
    );
    expect(skipped!.n).toBe(4);
    expect((await bench.charges()).calls).toBe(1);
    await bench.close();
  });

  it('stops hard at its budget, and goes on when the limit is raised', async () => {
    await freshBench(6);
    await bench.updateProvider('max_concurrency = 1');
    const job = await bench.createPolish({ budgetLimit: 0.009 });
    await bench.start(job.id);
    await bench.runLane(job.id);
    const stopped = await bench.detail(job.id);
    expect(stopped).toMatchObject({ state: 'paused', failure: 'budget_exhausted', reserved: 0 });
    expect(stopped.counts.stored).toBeGreaterThan(0);
    expect(stopped.counts.stored + stopped.counts.waiting).toBe(6);
    expect(stopped.cost).toBeLessThanOrEqual(0.009);

    await dataSource.transaction((tx) =>
      bench.service.update(tx, bench.actor, job.id, stopped.revision, { budgetLimit: 10 }),
    );
    await dataSource.transaction((tx) => bench.service.resume(tx, bench.actor, job.id));
    await bench.runLane(job.id);
    expect(await bench.detail(job.id)).toMatchObject({ state: 'done', counts: { stored: 6 } });
    const [budget] = await dataSource.query<{ spent: string; reserved: string }[]>(
      'select spent::float8, reserved::float8 from budget where job_id = $1',
      [job.id],
    );
    expect(budget!.reserved).toBe(0);
    expect(budget!.spent).toBeCloseTo((await bench.detail(job.id)).cost, 6);
    await expectLedgerToAgree(job.id);
    await bench.close();
  });

  it('is cancelled beside an item that somebody is at work on, and leaves nothing set aside', async () => {
    await freshBench(6);
    await bench.updateProvider('max_concurrency = 1, honours_idempotency = false');
    await bench.setFaults([
      { kind: 'cut_stream', times: 1 },
      { kind: 'delay', delayMs: 30 },
    ]);
    const job = await bench.createPolish({ budgetLimit: 10 });
    await bench.start(job.id);
    const lane = bench.runLane(job.id);
    await expect.poll(async () => (await bench.detail(job.id)).inDoubtTotal, { interval: 10 }).toBe(1);
    const others = dataSource.createQueryRunner();
    await others.startTransaction();
    const [held] = await others.manager.query<{ id: string }[]>(
      `select id from llm_item where job_id = $1 and state = 'waiting' order by id desc limit 1 for update`,
      [job.id],
    );
    await dataSource.transaction(async (tx) => {
      await tx.query(`set local lock_timeout = '5s'`);
      await bench.service.cancel(tx, bench.actor, job.id);
    });
    await others.rollbackTransaction();
    await others.release();
    await lane;
    await bench.runLane(job.id);
    const [item] = await dataSource.query<{ state: string }[]>('select state from llm_item where id = $1', [held!.id]);
    expect(item!.state).toBe('skipped');
    const [budget] = await dataSource.query<{ reserved: string }[]>(
      'select reserved::float8 from budget where job_id = $1',
      [job.id],
    );
    expect(budget!.reserved).toBe(0);
    await bench.close();
  });

  it('pauses between two calls, resumes, and ends as cancelled with what was paid stored', async () => {
    await freshBench(20);
    await bench.updateProvider('max_concurrency = 1');
    await bench.setFaults([{ kind: 'delay', delayMs: 30 }]);
    const job = await bench.createPolish();
    await bench.start(job.id);
    const lane = bench.runLane(job.id);
    await expect.poll(async () => (await bench.detail(job.id)).counts.stored, { interval: 20 }).toBeGreaterThan(2);
    await dataSource.transaction((tx) => bench.service.pause(tx, bench.actor, job.id));
    await lane;
    const paused = await bench.detail(job.id);
    expect(paused).toMatchObject({ state: 'paused', counts: { in_flight: 0, answered: 0 } });
    expect(paused.counts.waiting).toBeGreaterThan(0);

    await dataSource.transaction((tx) => bench.service.resume(tx, bench.actor, job.id));
    const second = bench.runLane(job.id);
    await expect
      .poll(async () => (await bench.detail(job.id)).counts.stored, { interval: 20 })
      .toBeGreaterThan(paused.counts.stored);
    await dataSource.transaction((tx) => bench.service.cancel(tx, bench.actor, job.id));
    await second;
    const ended = await bench.detail(job.id);
    expect(ended.state).toBe('cancelled');
    expect(ended.counts.stored + ended.counts.skipped).toBe(20);
    await expectLedgerToAgree(job.id);
    await bench.close();
  });

  it('asks a text-only model turn by turn, and refuses what is longer than its context', async () => {
    bench = await openLlmBench(dataSource);
    const source = await makeSource(dataSource, bench.projectId);
    const [two, long] = await importDialogues(
      dataSource,
      source,
      [
        ['头疼', '多休息。', '还要做什么吗？', '三天后复诊。'],
        ['咳嗽', '注意保暖，'.repeat(120)],
      ],
      'real_conversation',
    );
    await bench.updateProvider(
      `models = jsonb_build_array(models -> 0 || '{"text_only": true, "context_tokens": 512}'::jsonb)`,
    );
    await expect(bench.createPolish()).rejects.toMatchObject({ code: 'polish.needs_text_template' });
    const job = await bench.createPolish({ template: 'polish_text' });
    expect(job.estimate).toMatchObject({ subjects: 2, calls: 3, tooLong: 1 });
    await bench.start(job.id);
    await bench.runLane(job.id);
    expect(await bench.detail(job.id)).toMatchObject({ state: 'done', counts: { stored: 2, failed: 1 } });
    const [failed] = await dataSource.query<{ error_code: string; attempts: number }[]>(
      `select error_code, attempts from llm_item where job_id = $1 and subject_id = $2`,
      [job.id, long],
    );
    expect(failed).toEqual({ error_code: 'context_too_long', attempts: 1 });
    const [latest] = await dataSource.query<{ turns: Turn[] }[]>(
      'select v.turns from record r join version v on v.id = r.latest_version_id where r.id = $1',
      [two],
    );
    expect(latest!.turns.map((turn) => turn.rehearsal ?? false)).toEqual([false, true, false, true]);
    await bench.close();
  });

  it('takes a question asked at a screen into the same ledger, under the same rules', async () => {
    bench = await openLlmBench(dataSource);
    const ask = {
      purpose: 'chat',
      providerId: bench.providerId,
      model: 'rehearsal-chat',
      messages: [{ role: 'user' as const, content: '我头疼两天了' }],
      settings: { maxOutputTokens: 256 },
      mayLeave: false,
    };
    const answer = await bench.gate.askOnce(bench.actor, ask, plainAnswer);
    expect(answer.rehearsal).toBe(true);
    expect(answer.text).not.toBe('');
    const [call] = await dataSource.query<{ state: string; cost: number }[]>(
      'select state, cost::float8 from llm_call where id = $1',
      [answer.callId],
    );
    expect(call!.state).toBe('answered');
    expect(call!.cost).toBeGreaterThan(0);

    await bench.updateProvider(`outside = true, kind = 'external', inside_address = true`);
    await expect(bench.gate.askOnce(bench.actor, ask, plainAnswer)).rejects.toMatchObject({
      code: 'llm.egress_refused',
    });
    await dataSource.query(
      `insert into budget (id, project_id, scope, limit_amount) values (gen_random_uuid(), $1, 'project', 0.000001)`,
      [bench.projectId],
    );
    await expect(bench.gate.askOnce(bench.actor, { ...ask, mayLeave: true }, plainAnswer)).rejects.toBeInstanceOf(
      BudgetExhaustedError,
    );
    expect((await bench.charges()).calls).toBe(1);
    await bench.close();
  });
});
