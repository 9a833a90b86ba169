import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BulkRunner } from '@qingnang/corpus';
import { runJobsUntilEmpty } from '@qingnang/queue';
import { BulkRunHandler } from '../../apps/worker/src/bulk/bulk-run.handler.js';
import { polished, read } from '../support/approval-rules.js';
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

  it('are approved on a sample that people read, from the list to the job that does it, and taken back', async () => {
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

    const { id } = (await bench.api.dataSource.query('select sample_task_set_id as id from approval_rule'))[0] as {
      id: string;
    };
    await read(bench.api, 'annotator', id, () => 'accept');
    await page.getByText('错 0 / 14').first().waitFor();
    await page.getByText('至多 19.3%（95%）').first().waitFor();
    await page.getByLabel('为什么可以').fill('样本没有错');
    await page.getByRole('button', { name: '按这条规则批准' }).click();
    await page.getByText('data_lead，原因：样本没有错').waitFor();
    await work();
    await page.getByText('已完成').first().waitFor();
    expect(await states()).toEqual({ approved: 30 });
    await page.getByRole('tab', { name: '未处理的 14' }).click();
    await page.getByRole('cell', { name: '已经批准' }).first().waitFor();

    await page.getByRole('link', { name: '看批准规则' }).click();
    await page.getByText('读了 0 / 3').waitFor();
    await page.getByRole('link', { name: '看批量处理' }).click();
    await page.getByRole('button', { name: '撤销' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '确认' }).click();
    await page.getByText('撤销进度').waitFor();
    await work();
    await page.getByText('已撤销').first().waitFor();
    expect(await states()).toEqual({ approved: 14, in_work: 3, imported: 13 });
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
