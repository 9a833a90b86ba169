import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { approve, ImportRunner, ImportUndoer } from '@qingnang/corpus';
import { runJobsUntilEmpty } from '@qingnang/queue';
import { ImportRunHandler } from '../../apps/worker/src/imports/import-run.handler.js';
import { ImportUndoHandler } from '../../apps/worker/src/imports/import-undo.handler.js';
import { type ConsoleBench, missingForBrowser, openConsoleBench } from '../support/console-bench.js';

/** Where pictures of the screens go when somebody asks for them. */
const pictures = process.env.PICTURES;

describe.skipIf(missingForBrowser)('a file imported again', () => {
  let bench: ConsoleBench;
  let page: Page;
  beforeAll(async () => {
    bench = await openConsoleBench();
  });
  afterAll(() => bench?.close());
  afterEach(() => page?.context().close());

  const work = () => {
    const part = <T>(type: abstract new (...args: never[]) => T) => bench.api.app.get<T>(type, { strict: false });
    const handlers = [new ImportRunHandler(part(ImportRunner)), new ImportUndoHandler(part(ImportUndoer))];
    return runJobsUntilEmpty(bench.api.url, handlers);
  };
  const counts = () =>
    Promise.all(
      ['read', 'accepted', 'replaced', 'duplicate', 'rejected'].map((name) =>
        page.locator(`[data-count="${name}"]`).textContent(),
      ),
    );
  const picture = async (name: string) => {
    if (!pictures) return;
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  };

  async function choose(rows: readonly string[]): Promise<void> {
    page = await bench.open('data_lead', '/imports/create');
    const buffer = Buffer.from(['编号,问题,回答', ...rows].join('\n'));
    await page.locator('input[type=file]').setInputFiles({ name: '随访.csv', mimeType: 'text/csv', buffer });
    await page.getByLabel('患者的问题').waitFor();
    await page.getByLabel('原编号').click();
    await page.getByRole('option', { name: '编号' }).click();
    await page.getByRole('button', { name: '列名没错，下一步' }).click();
  }

  async function chooseKnownSource(): Promise<void> {
    await page.getByLabel('已登记的来源').check();
    await page.getByRole('combobox', { name: /来源/ }).fill('随访');
    await page.getByRole('option', { name: '随访问答' }).click();
  }

  it('is refused where its ids are known with other words, until replacing is chosen; then the ended approvals show', async () => {
    await choose(['F-1,胃痛三天,做胃镜。', 'F-2,心慌气短,查心电图。']);
    await page.getByLabel('名称').fill('随访问答');
    await page.getByLabel('许可').fill('CC-BY-4.0');
    await page.getByLabel(/^训练：/).check();
    await page.getByLabel(/^已去标识/).check();
    expect(await page.getByText('已登记过、内容却不同的行').count()).toBe(0);
    await page.getByRole('button', { name: '开始导入' }).click();
    await page.getByText('读取进度').waitFor();
    await work();
    await page.getByText('已完成').waitFor();
    const { dataSource, project } = bench.api;
    for (const record of await dataSource.query('select id, latest_version_id from record')) {
      const approval = { projectId: project.id, recordId: record.id, versionId: record.latest_version_id };
      await dataSource.transaction((tx) => approve(tx, { ...approval, approvedBy: null, rule: 'test' }));
    }
    await page.context().close();

    await choose(['F-1,胃痛五天,做胃镜，查幽门螺杆菌。', 'F-3,夜里咳嗽,拍胸片。']);
    await chooseKnownSource();
    await page.getByText('已登记过、内容却不同的行').waitFor();
    expect(await page.getByLabel(/^不收/).isChecked()).toBe(true);
    await picture('choice');
    await page.getByRole('button', { name: '开始导入' }).click();
    await page.getByText('读取进度').waitFor();
    await work();
    await page.getByText('已完成').waitFor();
    expect(await counts()).toEqual(['2', '1', '0', '0', '1']);
    await page.getByRole('cell', { name: '原编号已登记过，内容不同' }).waitFor();
    await page.context().close();

    await choose(['F-1,胃痛五天,做胃镜，查幽门螺杆菌。', 'F-3,夜里咳嗽,拍胸片。']);
    await chooseKnownSource();
    await page.getByLabel(/^用新内容替换旧内容/).check();
    await page.getByRole('button', { name: '开始导入' }).click();
    await page.getByText('读取进度').waitFor();
    await work();
    await page.getByText('已完成').waitFor();
    expect(await counts()).toEqual(['2', '0', '1', '1', '0']);
    await page.getByText('1 条已通过的记录因替换失去了通过').waitFor();
    await page.getByText('原已通过，替换后失去通过').waitFor();
    await picture('replaced');
  });

  it('can be taken back: what went is counted, what stayed is listed with why', async () => {
    const [first] = await bench.api.dataSource.query('select id from import order by id limit 1');
    page = await bench.open('data_lead', `/imports/${first.id}/show`);
    await page.getByRole('button', { name: '撤销这次导入' }).click();
    await page.getByRole('dialog').getByText('只由这次导入带来').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: '确认' }).click();
    await page.getByText('撤销进度').waitFor();
    await work();
    await page.getByText('别的导入也带来了同样的内容').first().waitFor();
    await page.getByText('已通过，或通过过').first().waitFor();
    await picture('undone-zh');
    expect(await page.getByRole('button', { name: '撤销这次导入' }).count()).toBe(0);
    await page.getByRole('link', { name: '胃痛五天' }).click();
    await page.getByText('做胃镜，查幽门螺杆菌。').first().waitFor();
    if (!pictures) return;
    for (const [name, options] of Object.entries({ en: { locale: 'en' }, phone: { width: 390, locale: 'zh-CN' } })) {
      await page.context().close();
      page = await bench.open('data_lead', `/imports/${first.id}/show`, options as never);
      await page.getByRole('link').filter({ hasText: '胃痛五天' }).first().waitFor();
      await picture(`undone-${name}`);
      await page.emulateMedia({ colorScheme: 'dark' });
      await picture(`undone-${name}-dark`);
    }
  });
});
