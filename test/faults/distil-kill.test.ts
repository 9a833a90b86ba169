import { corpusEntities } from '@qingnang/corpus';
import { newDistilJob } from '@qingnang/distill';
import { llmEntities } from '@qingnang/llm';
import { expect, it } from 'vitest';
import { runKillTrial } from '../support/kill-trial.js';
import { createTestDataSource } from '../support/postgres.js';

it('dialogues whose worker is killed again and again are made once each, turn by turn, and paid for once', async () => {
  const { dataSource, url, close } = await createTestDataSource([...llmEntities, ...corpusEntities]);
  const dialogues = 20;
  const figures = await runKillTrial(dataSource, url, {
    records: 0,
    kills: 3,
    killsBetweenSendAndAnswer: 2,
    seed: 20_261_129,
    delayMs: 60,
    start: async (bench) => {
      const roles = (['patient', 'doctor'] as const).map((role) => ({
        role,
        providerId: bench.providerId,
        model: `rehearsal-${role}`,
      }));
      const job = await dataSource.transaction(async (tx) => {
        const settings = {
          kind: 'dialogues' as const,
          count: dialogues,
          language: 'zh' as const,
          department: '',
          rounds: 3,
        };
        const body = { purpose: 'distil' as const, name: 'dialogues', settings, roles, budgetLimit: 1_000 };
        return bench.service.create(tx, bench.actor, await newDistilJob(tx, bench.actor, body));
      });
      await bench.start(job.id);
      return job.id;
    },
  });
  const [made] = await dataSource.query<{ records: number; texts: number; turns: number; calls: number }[]>(
    `select count(*)::int as records, count(distinct (select string_agg(t ->> 'text', '|') from jsonb_array_elements(v.turns) t))::int as texts,
       sum(jsonb_array_length(v.turns))::int as turns,
       (select count(distinct coalesce(t #>> '{made_by,id}', w.made_by_id))::int from version w, jsonb_array_elements(w.turns) t
        where w.kind = 'distil') as calls
     from record r join version v on v.record_id = r.id and v.kind = 'distil'`,
  );
  await close();
  expect(made).toMatchObject({ records: dialogues, texts: dialogues });
  // Every turn of every record is a call of its own: none was used twice, none lost.
  expect(made!.calls).toBe(made!.turns);
  expect(figures).toMatchObject({ kills: 5, mostChargesOfOneKey: 1, budgetReserved: 0 });
  expect(figures.stored).toBe(figures.items);
  expect(figures.serverCharges).toBe(figures.items);
  expect(figures.answeredCalls).toBe(figures.items);
});
