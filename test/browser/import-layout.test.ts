import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ConsoleBench, missingForBrowser, openConsoleBench } from '../support/console-bench.js';

describe.skipIf(missingForBrowser)('what a file is, for a person to put right', () => {
  let bench: ConsoleBench;
  let page: Page;
  beforeAll(async () => {
    bench = await openConsoleBench();
  });
  afterAll(() => bench?.close());
  afterEach(() => page?.context().close());

  const choose = async (name: string, rows: readonly string[]) => {
    page = await bench.open('data_lead', '/imports/create');
    const buffer = Buffer.from(`${rows.join('\n')}\n`);
    await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/plain', buffer });
  };
  const pick = async (label: string, option: string) => {
    await page.getByLabel(label, { exact: true }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };
  const picked = (label: string) => page.getByLabel(label, { exact: true }).textContent();
  const next = (): Locator => page.getByRole('button', { name: '列名没错，下一步' });
  const sample = () => page.getByRole('table', { name: '文件开头' });
  it('goes no further with one of no known form until somebody says what it is', async () => {
    await choose('病历.txt', [
      '主诉：头痛三天。',
      '现病史：受凉后头痛，无发热。',
      '',
      '主诉：咳嗽两天。',
      '医嘱：多喝水。',
    ]);
    await page.getByText('请先指明文件形式，再往下走。').waitFor();
    expect(await next().isDisabled()).toBe(true);
    // Its words are there to be looked at.
    await page.getByText('现病史：受凉后头痛，无发热。').waitFor();
    await pick('文件形式', '表格（CSV、TSV）');
    await page.getByLabel('分隔符', { exact: true }).waitFor();
  });

  it('is cut by another delimiter where the one proposed was wrong', async () => {
    await choose('门诊.csv', [
      '问题;回答',
      '头痛三天,怎么办？;多休息,三天不好再来。',
      '咳嗽两天,怎么办？;多喝水,少说话。',
    ]);
    await page.getByLabel('分隔符', { exact: true }).waitFor();
    await pick('分隔符', '逗号');
    await expect.poll(() => picked('分隔符')).toBe('逗号');
    await pick('分隔符', '分号');
    await expect.poll(() => picked('患者的问题')).toBe('问题');
    await expect.poll(() => picked('医生的答复')).toBe('回答');
    await sample().getByText('头痛三天,怎么办？').waitFor();
    await sample().getByText('多喝水,少说话。').waitFor();
    await expect.poll(() => next().isEnabled()).toBe(true);
  });

  it('has its first row read as data where it has no header, as proposed, and as a header where one says so', async () => {
    await choose('无表头.csv', [
      '头痛三天怎么办？,多休息，三天不好再来。',
      '咳嗽两天怎么办？,多喝水。',
      '胃痛怎么办？,清淡饮食。',
    ]);
    const noHeader = page.getByLabel('第一行就是数据（没有列名）');
    await noHeader.waitFor();
    expect(await noHeader.isChecked()).toBe(true);
    await sample().getByText('头痛三天怎么办？').waitFor();
    await noHeader.uncheck();
    await sample().getByRole('columnheader', { name: '头痛三天怎么办？' }).waitFor();
    await noHeader.check();
    await sample().getByRole('cell', { name: '头痛三天怎么办？' }).waitFor();
  });
});
