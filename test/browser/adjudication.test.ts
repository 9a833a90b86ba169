import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SubmitPolish } from '@qingnang/contracts';
import type { TestPerson } from '../support/api.js';
import { type ConsoleBench, missingForBrowser, openConsoleBench } from '../support/console-bench.js';
import { importDialogues, makeSource } from '../support/corpus.js';
import { polishRecords, polishReview } from '../support/review.js';

/** Pictures are taken for people who ask for them. */
const pictures = process.env['QINGNANG_PICTURES'];
const DOCTOR = '考虑高血压，氨氯地平5mg，少盐，三天后复诊。';
const EDIT = `您好，${DOCTOR}注意休息。`;

describe.skipIf(missingForBrowser)('what answers differ about', () => {
  let bench: ConsoleBench;
  let second: TestPerson;
  let setId: string;
  const pages: Page[] = [];

  beforeAll(async () => {
    bench = await openConsoleBench();
    const { api } = bench;
    second = await api.addPerson({ login: '小周', roles: ['annotator'] });
    const source = await makeSource(api.dataSource, api.project.id);
    const ids = await importDialogues(api.dataSource, source, [['头晕三天，血压150/95，怎么办？', DOCTOR]]);
    await polishRecords(api.dataSource, api.project.id, ids);
    const made = await api
      .as('data_lead')
      .post('/task-sets', polishReview({ name: '心内科润色', overlap: 2, filter: { ids } }))
      .expect(201);
    setId = (made.body as { id: string }).id;
    await answer('annotator', { verdict: 'edit', turns: [{ n: 1, text: EDIT }] });
    await answer(second, { verdict: 'ask_doctor', comment: '要不要查血脂？' });
    if (pictures) mkdirSync(pictures, { recursive: true });
  });
  afterAll(async () => {
    for (const page of pages) await page.context().close();
    await bench?.close();
  });

  async function answer(who: 'annotator' | TestPerson, changes: Partial<SubmitPolish>): Promise<void> {
    const as = bench.api.as(who);
    const { slot } = (await as.post('/work/claim', { taskSetId: setId })).body as {
      slot: { id: string; fencingToken: number; shownVersionId: string };
    };
    const held = { fencingToken: slot.fencingToken, baseVersionId: slot.shownVersionId, seconds: 20 };
    await as.post(`/work/slots/${slot.id}/polish`, { ...held, ...changes }).expect(200);
  }
  const open = async (who: Parameters<ConsoleBench['open']>[0], path: string, look = {}): Promise<Page> => {
    const page = await bench.open(who, path, look);
    pages.push(page);
    return page;
  };
  const picture = async (page: Page, name: string) => {
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  };
  const fits = (page: Page) => page.evaluate<boolean>('document.documentElement.scrollWidth <= window.innerWidth');
  const approved = (): Promise<{ text: string; rule: string | null }[]> =>
    bench.api.dataSource.query(
      `select v.turns -> 1 ->> 'text' as text, a.rule from approval a join version v on v.id = a.version_id
       where a.until_at is null`,
    );

  it('is found by a lead, side by side, and decided, undone and handed to a doctor by keys alone', async () => {
    const page = await open('data_lead', '/adjudications');
    await page.getByText('「要不要查血脂？」').waitFor();
    await picture(page, 'disagreements-zh-1440');
    await page.getByText('头晕三天，血压150/95，怎么办？').first().click();
    await page.getByRole('article', { name: /小周/ }).getByText('要不要查血脂？').waitFor();
    await picture(page, 'disagreement-zh-1440');
    await page.getByRole('link', { name: '处理', exact: true }).click();
    const field = page.locator('textarea').first();
    await expect.poll(() => field.inputValue()).toBe(EDIT);
    await page
      .getByRole('article', { name: /^A / })
      .getByRole('button', { name: /用这份/ })
      .waitFor();
    await picture(page, 'adjudication-zh-1440');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { name: '做完了，谢谢您' }).waitFor();
    expect(await approved()).toEqual([{ text: EDIT, rule: null }]);
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(() => field.inputValue()).toBe(EDIT);
    expect(await approved()).toEqual([]);
    await page.keyboard.press('Alt+n');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('2');
    await page.getByLabel('想请医生看什么（可不填）').fill('血脂的事请您定');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // Typed words belong to the task, not to the dialog.
    await page.keyboard.press('Alt+n');
    await expect.poll(() => page.getByLabel('想请医生看什么（可不填）').inputValue()).toBe('血脂的事请您定');
    await page.keyboard.press('2');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { name: '做完了，谢谢您' }).waitFor();
  });

  it('reaches the doctor on a phone, who writes the words that stand', async () => {
    const page = await open('doctor', '/work', { width: 390, height: 844 });
    await page.getByText(/^裁决/).waitFor();
    await page.getByRole('link', { name: '开始' }).click();
    await page.getByText('血脂的事请您定').waitFor();
    expect(await fits(page)).toBe(true);
    await picture(page, 'adjudication-zh-390');
    const decide = page.getByRole('button', { name: /^定稿/ });
    expect((await decide.boundingBox())!.height).toBeGreaterThanOrEqual(44);
    const field = page.locator('textarea').first();
    await field.fill(`${EDIT}下次来查血脂，氨氯地平改为10mg。`);
    await page.getByLabel('写给答题人的话（可不填）').fill('要查，我加上了。');
    await decide.click();
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: /没错，确认/ })
      .click();
    await page.getByText(/都确认过了/).waitFor();
    await decide.click();
    await page.getByRole('heading', { name: '做完了，谢谢您' }).waitFor();
    expect(await approved()).toEqual([{ text: `${EDIT}下次来查血脂，氨氯地平改为10mg。`, rule: null }]);
  });

  it('comes back to whoever asked', async () => {
    const page = await open(second, '/work');
    await page.getByText('1 条新回复').waitFor();
    await page.getByRole('link', { name: '去看' }).click();
    await page.getByText('要查，我加上了。').waitFor();
    await page.getByText('您写的：要不要查血脂？').waitFor();
    await picture(page, 'reply-zh-1440');
    await bench.go(page, '/work');
    await page.getByText('1 条新回复').waitFor({ state: 'detached' });
  });

  it.runIf(pictures)('has its picture taken', async () => {
    const [row] = await bench.api.dataSource.query(
      'select decides_task_id as id from task where decides_task_id is not null',
    );
    for (const locale of ['zh-CN', 'en'] as const) {
      await bench.api.dataSource.query(`update person set language = $1`, [locale]);
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const width of [1440, 390]) {
          const look = { locale, width, height: 900 };
          const name = `${locale.slice(0, 2)}-${width}-${colorScheme}`;
          for (const [what, path] of [
            ['disagreements', '/adjudications'],
            ['disagreement', `/adjudications/${row.id}/show`],
            ['task-set', `/task-sets/${setId}/show`],
          ] as const) {
            const page = await open('data_lead', path, look);
            await page.emulateMedia({ colorScheme });
            await page.getByText('要不要查血脂？').first().waitFor();
            await picture(page, `${what}-${name}`);
          }
        }
      }
    }
  });
});
