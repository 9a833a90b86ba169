import { corpusEntities } from '@qingnang/corpus';
import { dropExpiredPayloads, llmEntities, plainAnswer } from '@qingnang/llm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLlmBench } from '../support/llm.js';
import { createTestDataSource } from '../support/postgres.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
beforeAll(async () => {
  db = await createTestDataSource([...llmEntities, ...corpusEntities]);
});
afterAll(() => db.close());

it('texts of calls go when their time is over, whether a job ends or not, beside others who remove them; tokens and cost stay', async () => {
  const bench = await openLlmBench(db.dataSource);
  const ask = {
    messages: [{ role: 'user' as const, content: '头痛' }],
    settings: { maxOutputTokens: 20 },
    mayLeave: true,
  };
  const where = { purpose: 'test', providerId: bench.providerId, model: 'rehearsal-chat' };
  const calls: string[] = [];
  for (let i = 0; i < 3; i++) {
    calls.push((await bench.gate.askOnce(bench.actor, { ...ask, ...where }, plainAnswer)).callId);
  }
  const left = async () =>
    (await db.dataSource.query<{ id: string }[]>('select call_id as id from llm_payload')).map(({ id }) => id);
  expect(await dropExpiredPayloads(db.dataSource)).toBe(0);
  await db.dataSource.query(`update llm_payload set expires_at = now() - interval '1 hour' where call_id <> $1`, [
    calls[2],
  ]);
  await db.dataSource.transaction(async (tx) => {
    await tx.query('select from llm_payload where call_id = $1 for update', [calls[0]]);
    expect(await dropExpiredPayloads(db.dataSource)).toBe(1);
  });
  expect(await dropExpiredPayloads(db.dataSource)).toBe(1);
  expect(await left()).toEqual([calls[2]]);
  const [ledger] = await db.dataSource.query<{ n: number; tokens: number }[]>(
    'select count(*)::int as n, min(output_tokens) as tokens from llm_call',
  );
  expect(ledger!.n).toBe(3);
  expect(ledger!.tokens).toBeGreaterThan(0);
  await bench.close();
});
