import { corpusEntities } from '@qingnang/corpus';
import { llmEntities } from '@qingnang/llm';
import { expect, it } from 'vitest';
import { runKillTrial } from '../support/kill-trial.js';
import { createTestDataSource } from '../support/postgres.js';

// `npm run bench -- polish-kill`
it('polish-kill: forty SIGKILLs of a polishing worker, ten of them between send and answer', async () => {
  const { dataSource, url, close } = await createTestDataSource([...llmEntities, ...corpusEntities]);
  const records = 600;
  const plan = { records, kills: 30, killsBetweenSendAndAnswer: 10, seed: 20_261_123, delayMs: 150 };
  const figures = await runKillTrial(dataSource, url, plan);
  await close();
  process.stdout.write(`${JSON.stringify({ plan, figures }, null, 2)}\n`);
  expect(figures).toMatchObject({ kills: 40, stored: records, recordsWithOneVersion: records, versions: records });
  expect(figures.serverCharges).toBe(records);
  expect(figures.mostChargesOfOneKey).toBe(1);
  expect(figures.ledgerCost).toBeCloseTo(figures.serverCost, 6);
});
