import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BulkRunner } from '@qingnang/corpus';
import { runJobsUntilEmpty } from '@qingnang/queue';
import { BulkRunHandler } from '../../apps/worker/src/bulk/bulk-run.handler.js';
import { polished } from '../support/approval-rules.js';
import { type ConsoleBench, missingForBrowser, openConsoleBench } from '../support/console-bench.js';

describe.skipIf(missingForBrowser)('many records at once', () => {
  let bench: ConsoleBench;
  let page: Page;
  beforeAll(async () => {
    bench = await openConsoleBench();
    await polished(bench.api, 30, '头晕');
  });
  afterAll(() => bench?.close());
  afterEach(() => page?.context().close());

  const work = () => runJobsUntilEmpty(bench.api.url, [new BulkRunHandler(new BulkRunner(bench.api.dataSource))]);
  const states = async (): Promise<Record<string, number>> => {
    const rows: { state: string; n: number }[] = await bench.api.dataSource.query(
      'select state, count(*)::int as n from record group by state',
    );
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  };

  it('have a sample drawn for people to read, from the conditions of the list', async () => {
    page = await bench.open('data_lead', '/records');
    await page.getByRole('button', { name: '批量处理…' }).click();
    await page.getByRole('menuitem', { name: '按规则批准…' }).click();
    await page.getByLabel('名称').fill('头晕 抽样');
    await page.getByText('这条规则管得到 30 条').waitFor();
    await page.getByLabel('界线 %').fill('20');
    await page.getByRole('button', { name: '14 条里错 0 条以内' }).click();
    await page.getByLabel('抽查').fill('3');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('正在抽样…').waitFor();
    await work();
    await page.getByText('读了 0 / 14').waitFor();
    await page.getByText('样本要全部读完才能批准', { exact: false }).waitFor();
  });

  it('are held back on a phone, in English, after the reason was asked for', async () => {
    await bench.api.dataSource.query(`update person set language = 'en' where login = 'data_lead'`);
    page = await bench.open('data_lead', '/records', { width: 390, height: 844, locale: 'en' });
    await page.getByRole('button', { name: 'In bulk…' }).click();
    await page.getByRole('menuitem', { name: 'Hold back…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('No condition is set', { exact: false }).waitFor();
    await dialog.getByLabel('Reason').fill('licence unclear');
    await dialog.getByRole('button', { name: 'Start' }).click();
    await page.getByText('data_lead, because: licence unclear').waitFor();
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    await work();
    await page.getByText('Done').first().waitFor();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    expect(await states()).toEqual({ held_back: 30 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  });
});
