import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureLlmDefaults, LlmJobRunner } from '@qingnang/llm';
import { startRehearsalServer, type RehearsalServer } from '../../apps/rehearsal/src/server.js';
import { runJobsUntilEmpty } from '@qingnang/queue';
import { LlmJobRunHandler } from '../../apps/worker/src/llm/llm-job-run.handler.js';
import { type ConsoleBench, missingForBrowser, openConsoleBench } from '../support/console-bench.js';

let bench: ConsoleBench;
let rehearsal: RehearsalServer;

describe.skipIf(missingForBrowser)('a distillation from the console', () => {
  beforeAll(async () => {
    bench = await openConsoleBench();
    rehearsal = await startRehearsalServer({ port: 0, host: '127.0.0.1', seed: 3 });
    await bench.api.dataSource.transaction((tx) => ensureLlmDefaults(tx, bench.api.project.id));
    await bench.api.dataSource.query(`update provider set base_url = $1 where kind = 'rehearsal'`, [
      `http://127.0.0.1:${rehearsal.port}/v1`,
    ]);
  });
  afterAll(async () => {
    await rehearsal.close();
    await bench.close();
  });

  it('is chosen, started, followed stage by stage, and its records are found from its page', async () => {
    const page = await bench.open('data_lead', '/llm-jobs');
    await page.getByRole('link', { name: '新建蒸馏任务' }).first().click();
    await page.getByLabel('种类').click();
    await page.getByRole('option', { name: '蒸馏对话' }).click();
    await page.getByLabel('要多少条').fill('6');
    expect(await page.getByRole('group', { name: '医生' }).isVisible()).toBe(true);
    await page.getByRole('button', { name: '开始蒸馏' }).click();
    await page.waitForURL(/llm-jobs\/.*\/show/);
    await runJobsUntilEmpty(bench.api.url, [new LlmJobRunHandler(bench.api.app.get(LlmJobRunner, { strict: false }))]);
    await page.getByText('得到记录 6 条（想要 6 条）').waitFor();
    await page.getByRole('link', { name: '看这些记录' }).click();
    await page.waitForURL(/records/);
    await expect.poll(() => page.getByRole('row').count()).toBe(7);
  });
});
