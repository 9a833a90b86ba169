import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunConfig } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import { fireSchedules } from '@qingnang/runs';
import {
  type ConsoleBench,
  missingForBrowser,
  openConsoleBench,
  type WindowOptions,
} from '../support/console-bench.js';
import { makeSnapshot } from '../support/runs.js';

describe.skipIf(missingForBrowser)('the pages of runs and schedules', () => {
  let bench: ConsoleBench;
  let snapshot: { id: string; name: string };
  let page: Page;

  beforeAll(async () => {
    bench = await openConsoleBench();
    const { dataSource, settings, project } = bench.api;
    const id = await makeSnapshot(dataSource, settings.dataDir, project.id, 'sft');
    const [row] = await dataSource.query<{ name: string }[]>('select name from snapshot where id = $1', [id]);
    snapshot = { id, name: row!.name };
  });
  afterAll(() => bench?.close());
  afterEach(() => page?.context().close());

  const photograph = async (name: string): Promise<void> => {
    const folder = process.env.SCHEDULE_PICTURES;
    if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  };
  const rested = () =>
    page.locator('main .MuiSkeleton-root, main .MuiCircularProgress-root').first().waitFor({ state: 'detached' });
  /** What keeps somebody out, or nearly. */
  const findings = async (): Promise<string[]> => {
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
      .analyze();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id} ${nodes[0]?.html}`);
  };

  it('start a run with LoRA and epochs as chosen, and say at the field what is wrong', async () => {
    const { api } = bench;
    const model = 'sft model';
    await api.dataSource.query(
      `insert into model (id, project_id, name, stage, weights_hash, folder, context_tokens)
       values ($1, $2, $3, 'sft', $4, 'runs/none', 512)`,
      [uuidv7(), api.project.id, model, 'a'.repeat(64)],
    );
    page = await bench.open('data_lead', '/runs/create');
    await page.getByLabel('快照').waitFor();
    await photograph('run-folded-zh-1440');
    await page.getByLabel('快照').click();
    await page.getByRole('option', { name: snapshot.name }).click();
    await page.getByText('更多设置').click();
    // There is nothing an adapter could be added to yet.
    expect(await page.getByRole('switch', { name: '用 LoRA 训练' }).isDisabled()).toBe(true);
    await page.getByLabel('冻结的部分').waitFor();
    await page.getByLabel('起点模型').click();
    await page.getByRole('option', { name: model }).click();
    await page.getByRole('switch', { name: '用 LoRA 训练' }).check();
    await page.getByLabel('遍数（epoch）').fill('2');
    await page.getByText('最多这么多步').waitFor();
    await page.getByLabel('LoRA 秩').fill('0');
    await page.getByLabel('LoRA 缩放').fill('8');
    await page.getByLabel('LoRA 附加在哪些层').fill('q_proj v_proj');
    await page.getByLabel('LoRA 附加在哪些层').press('Enter');
    expect(await page.getByLabel('冻结的部分').count()).toBe(0);
    await page.getByRole('button', { name: '开始', exact: true }).click();
    await page.getByText('至少 1').waitFor();
    expect(await page.getByLabel('LoRA 秩').getAttribute('aria-invalid')).toBe('true');
    await photograph('run-fault-zh-1440');
    await page.getByLabel('LoRA 秩').fill('4');
    expect(await findings()).toEqual([]);
    // What only the API knows stands at its field, too.
    await api.dataSource.query(`update model set state = 'withdrawn' where name = $1`, [model]);
    await page.getByRole('button', { name: '开始', exact: true }).click();
    await page.locator('p.Mui-error').filter({ hasText: '已撤回' }).waitFor();
    await api.dataSource.query(`update model set state = 'registered' where name = $1`, [model]);
    await page.getByRole('button', { name: '开始', exact: true }).click();
    await page.getByRole('term').filter({ hasText: 'LoRA 缩放' }).waitFor();
    await photograph('run-show-zh-1440');
    const [run] = await api.dataSource.query<{ config: RunConfig }[]>('select config from run');
    expect(run!.config).toMatchObject({
      epochs: 2,
      lora: { rank: 4, alpha: 8, dropout: 0, target_modules: ['q_proj', 'v_proj'] },
    });
    await api.dataSource.query(`update run set state = 'cancelled'`);
  });

  it('make a schedule, show its next times, start it, and say when it failed', async () => {
    page = await bench.open('data_lead', '/schedules');
    await page.getByText('每次冻结了新快照就会自动训练').waitFor();
    await photograph('empty-zh-1440');
    await page.getByRole('link', { name: '新建定时训练' }).click();
    await page.getByLabel('名称').fill('每晚微调');
    await page.getByLabel('快照').click();
    await page.getByRole('option', { name: `${snapshot.name}（总用最新一版）` }).click();
    await page.getByLabel('时间（cron）').fill('每天');
    await page.getByRole('alert').filter({ hasText: '要五段' }).waitFor();
    await page.getByLabel('时间（cron）').fill('30 2 * * 1');
    await page.getByText('每周一凌晨两点半').waitFor();
    const times = page.getByRole('listitem').filter({ hasText: '星期一 02:30' });
    await expect.poll(() => times.count()).toBe(5);
    expect(await findings()).toEqual([]);
    await photograph('create-zh-1440');
    await page.getByRole('button', { name: '新建定时训练' }).click();

    await page.getByText('还没有到过点').waitFor();
    await page.getByRole('button', { name: '现在就训练' }).click();
    await page.getByText('排队中').waitFor();
    // What becomes of its run is seen here, without reading the page again.
    const [run] = await bench.api.dataSource.query<{ id: string }[]>(`select id from run where name = '每晚微调'`);
    await bench.api.as('data_lead').post(`/runs/${run!.id}/pause`);
    await page.getByText('上一次训练暂停着').waitFor();
    await photograph('blocked-zh-1440');
    await bench.api.as('data_lead').post(`/runs/${run!.id}/resume`);
    await page.getByText('排队中').waitFor();
    await page.getByRole('button', { name: '暂停' }).click();
    await page.getByText('恢复之前不会到点训练').waitFor();
    await page.getByRole('button', { name: '恢复' }).click();
    await page.getByText(/按 \S+ 的时间/).waitFor();

    // Whoever has the schedule before them sees that it failed, and has no notice of it any more.
    await bench.go(page, '/');
    await page.getByRole('button', { name: '现在就训练' }).waitFor({ state: 'detached' });
    await bench.api.dataSource.query(`update run set state = 'failed', failure = 'training.memory: lower batch_size'`);
    await bench.api.as('data_lead').post(`/snapshots/${snapshot.id}/withdraw`);
    expect(await fireSchedules(bench.api.dataSource, new Date(Date.now() + 8 * 86_400_000))).toBe(1);
    await page.getByRole('link', { name: '要您看看的定时训练' }).click();
    await page.getByText('没能开始').waitFor();
    await page.getByText('最近一次没有训练成').waitFor();
    expect(await findings()).toEqual([]);
    await photograph('show-zh-1440');
    await bench.go(page, '/');
    await page.getByText('定时训练 · 每晚微调').waitFor();
    expect(await page.getByRole('link', { name: '要您看看的定时训练' }).count()).toBe(0);
    await bench.go(page, '/schedules');
    await page.getByText('失败').waitFor();
    await photograph('list-zh-1440');
    await page.getByText('每晚微调').click();
    await page.getByRole('link', { name: '修改' }).click();
    await expect.poll(() => page.getByLabel('时间（cron）').inputValue()).toBe('30 2 * * 1');
  });

  it.each([
    ['zh-390', { width: 390, height: 844, locale: 'zh-CN' }],
    ['en-390', { width: 390, height: 844, locale: 'en' }],
  ] as [string, WindowOptions][])('fit the window: %s', async (name, options) => {
    const [row] = await bench.api.dataSource.query<{ id: string }[]>('select id from schedule');
    const language = name.startsWith('en') ? 'en' : 'zh-CN';
    await bench.api.dataSource.query(`update person set language = $1 where login = 'data_lead'`, [language]);
    page = await bench.open('data_lead', '/schedules', options);
    for (const [what, path] of [
      ['list', '/schedules'],
      ['create', '/schedules/create'],
      ['show', `/schedules/${row!.id}/show`],
      ['edit', `/schedules/${row!.id}`],
      ['run', '/runs/create'],
    ] as const) {
      await bench.go(page, path);
      await page.locator('h1:not(:empty)').first().waitFor();
      await rested();
      if (what === 'run') await page.locator('summary').click();
      await photograph(`${what}-${name}`);
      const width = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect(width, `${what} is wider than the window`).toBeLessThanOrEqual(0);
      expect(await findings(), what).toEqual([]);
    }
  });
});
