import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EvaluationView } from '@qingnang/contracts';
import { startApi, type TestApi } from '../support/api.js';
import { browserPath, launchBrowser } from '../support/browser.js';
import { consoleBuilt, openConsole } from '../support/doctor-console.js';

const QUESTIONS = ['头痛两天了，要不要紧？', '咳嗽三天了，要吃药吗？'];
const turns = (last: string) => [
  { role: 'doctor', text: '您好，发烧吗？痰是什么颜色？' },
  { role: 'patient', text: '不发烧，没有痰。' },
  { role: 'doctor', text: last },
];
const fileOf = (single: string, last: string) =>
  [JSON.stringify({ n: 1, answer: single }), JSON.stringify({ n: 2, turns: turns(last) })].join('\n');
const files = {
  甲机: fileOf(
    '您好，先量血压，注意休息；若越来越痛、呕吐或手脚无力，请马上就诊。',
    '先多喝水，房间加湿，三天不好请来复诊。',
  ),
  乙机: fileOf('吃止痛药就行。', '吃点消炎药吧。'),
};
/** Pictures are taken for people who ask for them. */
const pictures = process.env['QINGNANG_PICTURES'];

describe.skipIf(!browserPath || !consoleBuilt)('judging blind', () => {
  let api: TestApi;
  let browser: Browser;
  let address: string;
  let evaluationId: string;
  const open: BrowserContext[] = [];

  beforeAll(async () => {
    api = await startApi();
    await api.app.listen(0, '127.0.0.1');
    address = await api.app.getUrl();
    browser = await launchBrowser();
    const questions = QUESTIONS.map((content) => ({ messages: [{ role: 'user', content }] }));
    const suite = await api.as('data_lead').post('/suites', { name: '门诊两问', questions }).expect(201);
    await api
      .as('data_lead')
      .post(`/suites/${(suite.body as { id: string }).id}/freeze`)
      .expect(200);
    if (pictures) mkdirSync(pictures, { recursive: true });
  });
  afterAll(async () => {
    for (const context of open) await context.close();
    await browser?.close();
    await api?.close();
  });

  const visit = async (who: string, path: string, look: object = {}): Promise<Page> => {
    const context = await browser.newContext({
      locale: 'zh-CN',
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
      ...look,
    });
    open.push(context);
    return openConsole(context, address, who, path);
  };
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
  const picture = async (page: Page, name: string) => {
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  };
  const fits = (page: Page) => page.evaluate<boolean>('document.documentElement.scrollWidth <= window.innerWidth');

  it('is started by a lead from two files, for doctors', async () => {
    const page = await visit('data_lead', '/evaluations/create');
    await page.getByLabel('题集').click();
    await page.getByRole('option', { name: /门诊两问/ }).click();
    for (const [name, text] of Object.entries(files)) {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: '带来现成的回答' }).click(),
      ]);
      await chooser.setFiles({ name: `${name}.jsonl`, mimeType: 'application/json', buffer: Buffer.from(text) });
      await page.getByText('读到 2 题的回答，其中多轮 1 题。').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: '加入' }).click();
      await page.getByText('读到 2 题的回答').waitFor({ state: 'detached' });
    }
    await page.getByLabel('请医生盲评').check();
    await page.getByText('共 2 组回答，评判模型约答 0 次，医生任务 2 个。').waitFor();
    await picture(page, 'create-zh-1440');
    await page.getByRole('button', { name: '开始' }).click();
    await page.getByRole('heading', { name: '甲机 对 乙机' }).waitFor();
    await page.getByText('已评 0 / 2').waitFor();
    evaluationId = /evaluations\/([^/]+)/.exec(page.url())![1]!;
    await picture(page, 'evaluation-begun-zh-1440');
  });

  it('asks a doctor about a pair and a dialogue, on a phone, with undo', async () => {
    const evaluation = (await api.as('data_lead').get(`/evaluations/${evaluationId}`)).body as EvaluationView;
    const path = `/work/blind_pair/${evaluation.judges[0]!.taskSetId!}`;
    const page = await visit('doctor', path, phone);
    await page.getByText('第 1 / 2 题').waitFor();
    expect(await page.getByText(/甲机|乙机/).count()).toBe(0);
    expect(await page.title()).not.toMatch(/甲机|乙机/);
    expect(await fits(page)).toBe(true);
    const submit = page.getByRole('button', { name: /提交|请先选/ });
    expect(await submit.isDisabled()).toBe(true);
    expect((await page.getByRole('button', { name: 'A 更好' }).boundingBox())!.height).toBeGreaterThanOrEqual(44);
    await picture(page, 'blind-zh-390');
    await page.getByRole('button', { name: '差不多' }).click();
    await page.getByLabel('为什么（可不填）').fill('都说到了');
    await page.getByText(/已保存/).waitFor();
    await submit.click();
    await page.getByText('第 2 / 2 题').waitFor();
    await page.getByRole('button', { name: /撤销上一题：差不多/ }).click();
    await page.getByText('第 1 / 2 题').waitFor();
    expect(await page.getByLabel('为什么（可不填）').inputValue()).toBe('都说到了');
    await page.getByRole('heading', { name: /哪一份答复更好/ }).click();
    await page.keyboard.press('x');
    await page.keyboard.press('Control+Enter');
    await page.getByText('第 2 / 2 题').waitFor();
    await picture(page, 'blind-second-zh-390');
    await page.getByRole('button', { name: 'A 更好' }).click();
    await submit.click();
    await page.getByRole('heading', { name: '做完了，谢谢您' }).waitFor();
    await page.getByText('A 更好 1 · 都不好 1').waitFor();
    await page.goto(`${address}/#/p/first/work/mine`);
    await page.getByText('都不好').first().waitFor();
    await page.getByText(QUESTIONS[0]!).first().waitFor();
  });

  it('shows the lead what each doctor said', async () => {
    const page = await visit('data_lead', `/evaluations/${evaluationId}/show`);
    await page.getByText('已评 2 / 2').waitFor();
    await page.getByText('都说到了').waitFor();
    await page.getByText('有 1 题医生认为两份都不好，算平局。').waitFor();
    expect(await fits(page)).toBe(true);
    const [said] = await api.dataSource.query(
      `select count(*) filter (where not undone)::int as kept, count(*) filter (where undone)::int as undone from verdict`,
    );
    expect(said).toEqual({ kept: 2, undone: 1 });
  });

  it.runIf(pictures)('has its picture taken', async () => {
    const again = await api.as('data_lead').get(`/evaluations/${evaluationId}`);
    const { suite } = again.body as EvaluationView;
    const entrants = Object.entries(files).map(([name, text]) => ({
      kind: 'uploaded',
      name,
      answers: text.split('\n').map((line) => {
        const { n, answer, turns: said } = JSON.parse(line) as { n: number; answer?: string; turns?: object[] };
        return { n, turns: said ?? [{ role: 'doctor', text: answer }] };
      }),
    }));
    const body = { name: '盲评', suiteId: suite.id, entrants, judges: [{ kind: 'doctors' }] };
    const made = (await api.as('data_lead').post('/evaluations', body).expect(202)).body as EvaluationView;
    const path = `/work/blind_pair/${made.judges[0]!.taskSetId!}`;
    for (const locale of ['zh-CN', 'en-US']) {
      for (const colorScheme of ['light', 'dark']) {
        for (const width of [1440, 390]) {
          const look = { locale, colorScheme, viewport: { width, height: 900 } };
          const name = `${locale.slice(0, 2)}-${width}-${colorScheme}`;
          const doctor = await visit('doctor', path, look);
          await doctor.getByText(/1 \/ 2|1 of 2/).waitFor();
          await picture(doctor, `blind-${name}`);
          const lead = await visit('data_lead', `/evaluations/${evaluationId}/show`, look);
          await lead.getByText('都说到了').waitFor();
          await picture(lead, `evaluation-${name}`);
        }
      }
    }
  });
});
