import { mkdirSync, rmSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { repositoryRoot } from '@qingnang/config';
import { launchBrowser } from '../support/browser.js';
import { Backdoor, Visitor, type WindowOptions } from '../support/console.js';
import { Installation } from '../support/installation.js';
import { csvWord } from '../browser/walk/csv-file.js';
import * as lead from '../browser/walk/lead-steps.js';
import * as models from '../browser/walk/model-steps.js';
import * as worker from '../browser/walk/worker-steps.js';

const folder = join(repositoryRoot(), 'docs', 'images');
/** All pictures together: who clones the project pays for them. */
const LIMIT_BYTES = 4_000_000;

/** As `<name>-<language>-<width>.png`, when everything has come to rest. */
async function photograph(page: Page, name: string): Promise<void> {
  await page.locator('.MuiSkeleton-root, .MuiCircularProgress-root').first().waitFor({ state: 'detached' });
  // A word of thanks at the foot of the page hides what the page is about.
  await page.locator('.MuiSnackbar-root').waitFor({ state: 'detached' });
  await page.mouse.move(0, 0);
  const language = (await page.locator('html').getAttribute('lang')) === 'en' ? 'en' : 'zh';
  await page.screenshot({ path: join(folder, `${name}-${language}-${page.viewportSize()!.width}.png`) });
}

it('takes the pictures of the walk-through', async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const installation = new Installation();
  const [browser] = await Promise.all([launchBrowser(), installation.up()]);
  const arrive = async (options?: WindowOptions): Promise<Visitor> => {
    const visitor = await Visitor.arrive(browser, installation.address, options);
    visitor.camera = photograph;
    return visitor;
  };
  try {
    await (await Backdoor.open(installation, installation.firstLogin())).demoIsMade();
    const one = await arrive({ height: 960 });
    await one.picture('sign-in');
    await one.signIn(installation.firstLogin());
    await walk(one, arrive);
    await one.open(`/records?filter=${encodeURIComponent(JSON.stringify({ text: csvWord, state: ['approved'] }))}`);
    await one.page.getByRole('row').nth(1).click();
    await one.sees('通过记录');
    await one.picture('record');
    await one.page.setViewportSize({ width: 1440, height: 1200 });
    await one.open('/');
    await one.picture('dashboard');
    await one.leave();
    const english = await arrive({ language: 'en', height: 1200 });
    await english.signIn(installation.firstLogin());
    await english.picture('dashboard');
    await english.leave();
    const files = await readdir(folder);
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(LIMIT_BYTES);
  } finally {
    await browser.close();
    await installation.remove();
  }
});

async function walk(one: Visitor, arrive: (options?: WindowOptions) => Promise<Visitor>): Promise<void> {
  await lead.importFile(one);
  await lead.polishImported(one);
  await lead.makeReviewQueue(one, '社区门诊润色');
  const annotator = await arrive();
  await worker.join(annotator, await lead.invite(one, '标注员'), 'zhang', '张标注');
  await worker.editOneAcceptOne(annotator, '社区门诊润色');
  await annotator.leave();
  const doctor = await arrive({ width: 390, height: 844 });
  await worker.join(doctor, await lead.invite(one, '医生'), 'li', '李医生');
  await worker.writeReference(doctor, '参考答复');
  await worker.confirmOrder(doctor, '确认 AI 排序');
  await doctor.leave();
  await lead.freeze(one, '监督微调', 'outpatient-sft');
  await lead.freeze(one, '偏好对', 'outpatient-preference');
  await lead.freeze(one, '提问', 'outpatient-prompts');
  const [policy, reward] = ['青囊 SFT', '青囊 RM'];
  await models.train(one, { method: '监督微调', name: policy, snapshot: 'outpatient-sft' });
  await models.train(one, { method: '奖励模型', name: reward, snapshot: 'outpatient-preference', policy });
  await models.train(one, { method: 'PPO', name: '青囊 PPO', snapshot: 'outpatient-prompts', policy, reward });
  await models.makeSuite(one, '十题', 'outpatient-prompts');
  await models.evaluate(one, '十题', [policy, '青囊 PPO']);
  await models.chat(one, '青囊 PPO');
}
