import { expect } from 'vitest';
import type { Visitor } from '../../support/console.js';
import { csvCounts, csvFile, csvWord } from './csv-file.js';

/** Upload, a look at the columns, source and licence, and the counts of what came of it. */
export async function importFile(lead: Visitor): Promise<void> {
  const { page } = lead;
  await lead.menu('导入');
  await lead.press('导入文件');
  await page.setInputFiles('input[type=file]', csvFile);
  await lead.sees('哪一列是什么');
  await expectProposal(lead);
  await lead.picture('import-columns');
  await lead.press('列名没错，下一步');
  await lead.fill('名称', '社区门诊');
  await lead.fill('出处', '测试自写');
  await lead.fill('许可', 'CC0-1.0');
  for (const use of [/^训练/, /^评测/]) await page.getByRole('checkbox', { name: use }).check();
  await page.getByRole('radio', { name: /^已去标识/ }).check();
  await lead.press('开始导入');
  await lead.sees('已完成');
  for (const [name, count] of Object.entries(csvCounts))
    await page.locator(`[data-count=${name}]`, { hasText: new RegExp(`^${count}$`) }).waitFor();
  await lead.sees('没有问题文字');
  await lead.picture('import-done');
}

async function expectProposal(lead: Visitor): Promise<void> {
  const proposed = {
    结构: '问答表',
    编码: 'GB18030',
    标题: '标题',
    患者的问题: '提问',
    医生的答复: '回答',
    科室: '科室',
  };
  for (const [label, value] of Object.entries(proposed))
    expect(await lead.list(label).innerText(), label).toContain(value);
}

/** Which records, the estimate, start, done. */
export async function polishImported(lead: Visitor): Promise<void> {
  await lead.menu('模型任务');
  await lead.press('新建润色任务');
  await lead.fill('包含文字', csvWord);
  const selected = lead.page.locator('dl > div', { hasText: '选中记录' }).locator('dd');
  await expect.poll(() => selected.innerText()).toBe(String(csvCounts.accepted));
  await lead.button('开始润色').scrollIntoViewIfNeeded();
  await lead.picture('polish-estimate');
  await lead.press('开始润色');
  await lead.sees('已完成');
  await lead.sees(`${csvCounts.accepted} / ${csvCounts.accepted}`);
  await lead.picture('polish-done');
}

/** A queue of what was just polished, for the annotators. */
export async function makeReviewQueue(lead: Visitor, name: string): Promise<void> {
  await lead.menu('任务集');
  await lead.press('新建任务集');
  await lead.fill('名称', name);
  await lead.fill('文字里有', csvWord);
  await lead.sees(`符合条件且已润色：${csvCounts.accepted} 条`);
  await lead.press('保存');
  await lead.sees(name, 'heading');
  await lead.sees(`0 / ${csvCounts.accepted}`);
}

/** An invitation for one role; gives the link that is shown once. */
export async function invite(lead: Visitor, role: string): Promise<string> {
  const { page } = lead;
  await lead.menu('成员');
  await lead.press('邀请成员');
  const roles = page.getByRole('group', { name: '角色' });
  const usual = roles.getByRole('checkbox', { name: '标注员', exact: true });
  if (role !== '标注员') await usual.uncheck();
  await roles.getByRole('checkbox', { name: role, exact: true }).check();
  await lead.press('生成邀请链接');
  await lead.sees('邀请已生成');
  return page.getByLabel('邀请链接').inputValue();
}

/** Freezes all Chinese texts of a kind, the rehearsal model's among them. */
export async function freeze(lead: Visitor, kind: string, name: string): Promise<void> {
  const { page } = lead;
  await lead.menu('快照');
  await lead.press('新建快照');
  await page.getByRole('radio', { name: kind, exact: true }).check();
  await lead.fill('名称', name);
  await lead.choose('语言', '中文');
  await page.getByRole('checkbox', { name: '也收演练模型写的内容' }).check();
  await lead.press('冻结');
  await lead.sees(`${name} 第 1 版`, 'heading');
  await lead.sees('已冻结');
  await lead.sees('演练');
  if (kind === '监督微调') await lead.picture('snapshot');
}
