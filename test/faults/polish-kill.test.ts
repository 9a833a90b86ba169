import { corpusEntities } from '@qingnang/corpus';
import { llmEntities } from '@qingnang/llm';
import { expect, it } from 'vitest';
import { runKillTrial } from '../support/kill-trial.js';
import { createTestDataSource } from '../support/postgres.js';

it('a polish whose worker is killed again and again ends every item once and pays for each once', async () => {
  const { dataSource, url, close } = await createTestDataSource([...llmEntities, ...corpusEntities]);
  const records = 150;
  const plan = { records, kills: 5, killsBetweenSendAndAnswer: 3, seed: 20_261_123, delayMs: 120 };
  const figures = await runKillTrial(dataSource, url, plan);
  await close();
  expect(figures).toMatchObject({
    kills: 8,
    items: records,
    stored: records,
    versions: records,
    recordsWithOneVersion: records,
    serverCharges: records,
    answeredCalls: records,
    mostChargesOfOneKey: 1,
    budgetReserved: 0,
  });
  expect(figures.killsBetweenSendAndAnswer).toBeGreaterThanOrEqual(3);
  expect(figures.doubts).toBeGreaterThanOrEqual(3);
  for (const cost of [figures.ledgerCost, figures.itemCost, figures.budgetSpent]) {
    expect(cost).toBeCloseTo(figures.serverCost, 6);
  }
});
