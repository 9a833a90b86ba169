import iconv from 'iconv-lite';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ImportRunner } from '@qingnang/corpus';
import { runJobsUntilEmpty } from '@qingnang/queue';
import { ImportRunHandler } from '../../apps/worker/src/imports/import-run.handler.js';
import { type ConsoleBench, missingForBrowser, openConsoleBench } from '../support/console-bench.js';
import { openPolishBench, type PolishBench } from '../support/polish-job.js';

const realFile = join(
  import.meta.dirname,
  '../../../shared/data/toyhom-chinese-medical-dialogue/sample_internal_medicine_5000-6000.csv',
);
const rows = [
  'department,title,ask,answer',
  '心血管科,高血压患者能吃党参吗？,"我有高血压这两天女婿来的时候给我拿了些党参泡水喝，\n您好高血压可以吃党参吗？",高血压病人可以口服党参的。',
  '心血管科,血压偏高怎么办,血压150/95，头晕两天,考虑高血压，少盐，氨氯地平5mg，两周后复诊。',
  '消化科,胃痛三天怎么办,饭后胃痛，反酸,可能是胃炎，先吃清淡，不要喝酒。',
  '消化科,胃痛三天怎么办,饭后胃痛，反酸,可能是胃炎，先吃清淡，不要喝酒。',
  '消化科,,,没有问题的一行',
];

describe.skipIf(missingForBrowser)('the data desk', () => {
  let bench: ConsoleBench;
  let polishing: PolishBench;
  let page: Page;

  beforeAll(async () => {
    bench = await openConsoleBench();
    polishing = await openPolishBench(bench.api);
  });
  afterAll(async () => {
    await polishing?.close();
    await bench?.close();
  });
  afterEach(() => page?.context().close());

  const runImports = () =>
    runJobsUntilEmpty(bench.api.url, [new ImportRunHandler(bench.api.app.get(ImportRunner, { strict: false }))]);
  const count = (name: string) => page.locator(`[data-count="${name}"]`).textContent();

  it('brings a GB18030 file from the desk to records, and gives back what it refused', async () => {
    page = await bench.open('data_lead', '/imports/create');
    const file = {
      name: '内科.csv',
      mimeType: 'text/csv',
      buffer: iconv.encode(`${rows.join('\r\n')}\r\n`, 'gb18030'),
    };
    await page.locator('input[type=file]').setInputFiles(file);
    // Detected: shown for a yes.
    await page.getByRole('table', { name: '文件开头' }).getByText('高血压患者能吃党参吗？').waitFor();
    expect(await page.getByLabel('编码').textContent()).toContain('GB18030');
    expect(await page.getByLabel('医生的答复').textContent()).toContain('answer');
    await page.getByRole('button', { name: '列名没错，下一步' }).click();

    await page.getByLabel('名称').fill('内科问答样本');
    await page.getByLabel('许可').fill('CC-BY-4.0');
    await page.getByLabel(/^训练：/).check();
    await page.getByLabel(/^已去标识/).check();
    await page.getByRole('button', { name: '开始导入' }).click();
    await page.getByText('读取进度').waitFor();
    await runImports();
    await page.getByText('已完成').waitFor();
    expect(await Promise.all(['read', 'accepted', 'duplicate', 'rejected'].map(count))).toEqual(['5', '3', '1', '1']);
    // The row opens to the whole of what it said, and why in a sentence.
    await page.getByRole('cell', { name: '没有问题文字' }).click();
    await page.getByText('这一行里患者没有说话。').waitFor();

    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '下载 CSV' }).click(),
    ]);
    const csv = await readFile(await saved.path(), 'utf8');
    expect(csv).toContain('没有问题的一行');
    await page.getByRole('tab', { name: /重复的行/ }).click();
    await page.getByRole('link', { name: '看记录' }).click();
    await page.getByText('胃痛三天怎么办').first().waitFor();
    await page.getByText('内科.csv', { exact: false }).first().waitFor();
  });

  it('shows how a polish differs from the doctor’s words, and puts a record aside and back', async () => {
    await polishing.polish({});
    page = await bench.open('data_lead', '/records');
    await page.getByText('血压偏高怎么办').first().click();
    await page.locator('ins').first().waitFor();
    await page.getByText('演练').first().waitFor();
    await page.getByRole('button', { name: '搁置' }).click();
    await page.getByRole('dialog').getByLabel('原因').fill('再核对');
    await page.getByRole('dialog').getByRole('button', { name: '搁置' }).click();
    await page.getByText('已搁置').first().waitFor();
    await page.getByRole('button', { name: '恢复' }).click();
    await page.getByRole('dialog').getByLabel('原因').fill('核对好了');
    await page.getByRole('dialog').getByRole('button', { name: '恢复' }).click();
    await page.getByRole('button', { name: '搁置' }).waitFor();
  });

  it('hands polished records to annotators, one of whom asks the model again', async () => {
    page = await bench.open('data_lead', '/task-sets/create');
    await page.getByText('符合条件且已润色：3 条').waitFor();
    await page.getByLabel('名称').fill('内科润色');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByRole('heading', { name: '内科润色' }).waitFor();
    await page.getByText('0 / 3').waitFor();
    await page.context().close();

    page = await bench.open('annotator', '/work');
    await page.getByText('内科润色').waitFor();
    await page.getByRole('link', { name: '开始' }).click();
    const editor = page.locator('textarea').first();
    // The field takes the focus once it stands.
    await page.locator('textarea:focus').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('重写');
    expect(await editor.inputValue()).toBe('重写');
    await page.keyboard.press('Alt+p');
    await expect.poll(() => editor.inputValue()).toMatch(/。/);
    // At once, before these words were compared: what was found in the ones before is nothing to ask about.
    await page.keyboard.press('Control+End');
    await page.keyboard.type('祝好。');
    await page.keyboard.press('Control+Enter');
    await page.getByText('第 2 / 3').waitFor();
    const [answer] = await bench.api.dataSource.query<{ calls: string; rehearsal: boolean }[]>(
      `select cardinality(a.llm_call_ids) as calls, v.rehearsal from answer a join version v on v.id = a.version_id`,
    );
    expect(answer).toEqual({ calls: 1, rehearsal: true });

    await bench.go(page, '/work/mine');
    await page.getByRole('button', { name: '撤销' }).click();
    await expect.poll(() => page.locator('textarea').first().inputValue()).toContain('祝好。');
  });

  it('keeps an edit of a source from overwriting another', async () => {
    const { body } = await bench.api.as('data_lead').get('/sources');
    const source = (body as { items: { id: string; revision: number }[] }).items[0]!;
    page = await bench.open('data_lead', `/sources/${source.id}`);
    await page.getByLabel('附加条款').fill('须署名');
    await bench.api
      .as('data_lead')
      .patch(`/sources/${source.id}`, { origin: '别处' })
      .set('If-Match', `"${source.revision}"`)
      .expect(200);
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('内容刚被别人改过').waitFor();
  });

  it.skipIf(!existsSync(realFile))('takes a real file of 7,644 rows the same way', async () => {
    page = await bench.open('data_lead', '/imports/create');
    await page.locator('input[type=file]').setInputFiles(realFile);
    await page.getByRole('button', { name: '列名没错，下一步' }).click();
    await page.getByText('已登记的来源').click();
    await page.getByRole('combobox', { name: '来源' }).click();
    await page.getByRole('option', { name: '内科问答样本' }).click();
    await page.getByRole('button', { name: '开始导入' }).click();
    await page.getByText('读取进度').waitFor();
    await runImports();
    await page.getByText('已完成').waitFor();
    expect(await Promise.all(['read', 'accepted', 'duplicate', 'rejected'].map(count))).toEqual([
      '7,644',
      '7,266',
      '378',
      '0',
    ]);
  });
});
