import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConsoleBench, missingForBrowser, openConsoleBench } from '../support/console-bench.js';
import { importDialogues, makeSource } from '../support/corpus.js';
import { polishRecords, polishReview } from '../support/review.js';

describe.skipIf(missingForBrowser)('the review screen', () => {
  let bench: ConsoleBench;
  let page: Page;
  let setId: string;
  let recordIds: string[];

  beforeAll(async () => {
    bench = await openConsoleBench();
  });
  afterAll(() => bench?.close());

  beforeEach(async () => {
    const { dataSource, project } = bench.api;
    await dataSource.query(`update task_set set state = 'closed' where project_id = $1`, [project.id]);
    const source = await makeSource(dataSource, project.id);
    recordIds = await importDialogues(
      dataSource,
      source,
      [1, 2, 3].map((i) => [`头晕${i}天，血压150/95，怎么办？${source.id}`, `考虑高血压，少盐，${i + 1}天后复诊。`]),
    );
    await polishRecords(dataSource, project.id, recordIds);
    const made = await bench.api.as('data_lead').post('/task-sets', polishReview({ filter: { ids: recordIds } }));
    expect(made.status).toBe(201);
    setId = (made.body as { id: string }).id;
    page = await bench.open('annotator', `/work/polish_review/${setId}`);
    await editor(page).waitFor();
  });
  afterEach(() => page?.context().close());

  const editor = (at: Page) => at.locator('textarea').first();
  const text = (at = page) => editor(at).inputValue();
  const position = () => page.locator('header').getByText('/ 3').textContent();
  const answers = (): Promise<
    { verdict: string; reason_code: string | null; seconds: number; text: string | null }[]
  > =>
    bench.api.dataSource.query(
      `select a.verdict, a.reason_code, a.seconds, v.turns -> 1 ->> 'text' as text
       from answer a join task t on t.id = a.task_id left join version v on v.id = a.version_id
       where t.task_set_id = $1 order by a.created_at`,
      [setId],
    );
  const nextRecord = (before: string) => expect.poll(() => text()).not.toBe(before);
  const isAtHand = () => expect.poll(() => page.locator('textarea:focus').count()).toBe(1);

  it('takes a record to its end by keys alone, and back', async () => {
    const first = await text();
    await isAtHand();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('请按时服药。');
    await page.getByRole('button', { name: /提交修改/ }).waitFor();
    await page.keyboard.press('Control+Enter');
    await nextRecord(`${first}请按时服药。`);
    await isAtHand();

    const second = await text();
    await page.keyboard.press('Alt+r');
    await page.keyboard.press('2');
    await page.keyboard.press('Enter');
    await nextRecord(second);
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { name: '做完了，谢谢' }).waitFor();

    expect(await answers()).toMatchObject([
      { verdict: 'edit', text: `${first}请按时服药。` },
      { verdict: 'reject', reason_code: 'unsafe_advice' },
      { verdict: 'accept' },
    ]);
    await page.keyboard.press('Control+Shift+z');
    await editor(page).waitFor();
    expect(await position()).toContain('第 3 / 3');
  });

  it('is there after at most 350 KB of script and style', async () => {
    const visit = await bench.signIn('annotator');
    const fresh = await visit.newPage();
    const sizes: Promise<number>[] = [];
    fresh.on('response', (response) => {
      if (['script', 'stylesheet'].includes(response.request().resourceType()))
        sizes.push(
          response
            .request()
            .sizes()
            .then(({ responseBodySize }) => responseBodySize)
            // What comes while the page is being left is no part of what it needed.
            .catch(() => 0),
        );
    });
    await fresh.goto(page.url());
    await editor(fresh).waitFor();
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(sizes.length).toBeGreaterThan(3);
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThanOrEqual(350 * 1024);
    await visit.close();
  });

  it('gives the text back the focus when a dialog is left', async () => {
    await isAtHand();
    for (const keys of ['Alt+r', 'Alt+n']) {
      await page.keyboard.press(keys);
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      await isAtHand();
    }
    await page.keyboard.press('Tab');
    const ring = () => page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle');
    await expect.poll(ring).toBe('solid');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await isAtHand();
  });

  it('has the next record with the answer to the last, asking for nothing in between', async () => {
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (/\/work\/claim$|\/polish$/.test(pathname)) asked.push(`${request.method()} ${pathname.split('/').at(-1)}`);
    });
    const before = await text();
    await isAtHand();
    await page.keyboard.press('Control+Enter');
    await nextRecord(before);
    expect(asked).toEqual(['POST polish']);
  });

  it('leaves every key to an input method that composes', async () => {
    const before = await text();
    const input = await page.context().newCDPSession(page);
    await page.keyboard.press('Control+End');
    await input.send('Input.imeSetComposition', { text: 'shaoyan', selectionStart: 7, selectionEnd: 7 });
    for (const keys of ['Control+Enter', 'Alt+r', 'Alt+s', 'Alt+n', 'Alt+z']) await page.keyboard.press(keys);
    expect(await page.getByRole('dialog').count()).toBe(0);
    await input.send('Input.insertText', { text: '少盐' });
    await expect.poll(() => text()).toBe(`${before}少盐`);
    expect(await answers()).toEqual([]);
    expect(await position()).toContain('第 1 / 3');
  });

  it('walks changes and warnings, reverts one and keeps one', async () => {
    const selected = () =>
      page.evaluate<string>(`(() => {
        const { value, selectionStart, selectionEnd } = document.querySelector('textarea');
        return value.slice(selectionStart, selectionEnd);
      })()`);
    // Marks are drawn by the browser on the text, without elements of their own.
    const inserted = () =>
      page.evaluate<string[]>(`[...(CSS.highlights.get('polish-inserted') ?? [])].map((range) => range.toString())`);
    // They are compared off the key path: what differs is there a moment after the text.
    await expect.poll(inserted).toEqual(['您好，', '祝您早日康复。']);
    await isAtHand();
    await page.keyboard.press('Alt+j');
    await expect.poll(selected).toBe('您好，');
    await page.keyboard.press('Alt+y');
    await expect.poll(selected).toBe('祝您早日康复。');
    await page.keyboard.press('Alt+z');
    await expect.poll(() => text()).toMatch(/^您好，考虑高血压.*复诊。$/);
    await expect.poll(inserted).toEqual(['您好，']);
  });

  it('gives back after a crash what the server never got, and says where the words are', async () => {
    await page.keyboard.press('Control+End');
    await page.keyboard.type('一');
    await page.getByText(/^已保存 \d\d:\d\d$/).waitFor();
    // Of this page alone: the one that follows the crash is connected again.
    await page.route('**/draft', (route) => route.abort());
    await page.keyboard.type('二三');
    await page.getByText('在本机，还没送出（1）').waitFor();
    const typed = await text();
    const crashed = page;
    page = await crashed.context().newPage();
    await crashed.goto('chrome://crash').catch(() => undefined);
    await bench.go(page, `/work/polish_review/${setId}`);
    await expect.poll(() => text()).toBe(typed);
    await page.getByText(/^已保存 \d\d:\d\d$/).waitFor();
    const [draft] = await bench.api.dataSource.query(
      `select body -> 'turns' -> 0 ->> 'text' as text from draft d join slot s on s.id = d.slot_id where s.task_set_id = $1`,
      [setId],
    );
    expect(draft.text).toBe(typed);
  });

  it('asks once for a medicine typed by hand, and takes one key for yes', async () => {
    const before = await text();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('再服阿司匹林。');
    await page.getByText(/新增药名：阿司匹林.*提交前要您确认/).waitFor();
    await page.keyboard.press('Control+Enter');
    const asked = page.getByRole('alertdialog', { name: '这里和医生原话不同，请您确认。' });
    await asked.getByText('新增药名：阿司匹林（原话没有）').waitFor();
    expect(await answers()).toEqual([]);
    await page.keyboard.press('Alt+y');
    await page.getByText('都确认过了').waitFor();
    // Also after the page was left: what was said once is not asked again.
    await page.getByText(/^已保存/).waitFor();
    await page.reload();
    await editor(page).waitFor();
    await page.getByText(/新增药名：阿司匹林.*已确认/).waitFor();
    await page.keyboard.press('Control+Enter');
    await nextRecord(`${before}再服阿司匹林。`);
    expect(await answers()).toMatchObject([{ verdict: 'edit', text: `${before}再服阿司匹林。` }]);
    const lead = await bench.open('data_lead', `/task-sets/${setId}/show`);
    await lead.getByText('作者已确认').waitFor();
    await lead.getByText('新增药名：阿司匹林（原话没有）').waitFor();
    await lead.getByText('提醒 1 处，没理会 1 处（100%）').waitFor();
    await lead.context().close();
  });

  it('puts a medicine typed by mistake back by one key when it is asked about', async () => {
    await page.keyboard.press('Control+End');
    await page.keyboard.type('再服阿司匹林。');
    await page.keyboard.press('Control+Enter');
    const asked = page.getByRole('alertdialog', { name: '这里和医生原话不同，请您确认。' });
    await asked.waitFor();
    await page.keyboard.press('Alt+z');
    await expect.poll(() => text()).not.toContain('阿司匹林');
    await page.keyboard.press('Control+Enter');
    await expect.poll(async () => (await answers()).map(({ text: said }) => said)).toHaveLength(1);
    expect((await answers())[0]!.text).not.toContain('阿司匹林');
  });

  it('keeps the words of a late submit and says what happened', async () => {
    await page.keyboard.press('Control+End');
    await page.keyboard.type('多休息。');
    const typed = await text();
    await page.getByText(/^已保存/).waitFor();
    // The lease ran out and somebody else took the record.
    await bench.api.dataSource.query(
      `update slot set holder_id = $2, fencing_token = fencing_token + 1 where task_set_id = $1 and state = 'leased'`,
      [setId, bench.api.people.reviewer.id],
    );
    await page.keyboard.press('Control+Enter');
    await page.getByText('这条超过了时间，已经分给别人。').waitFor();
    expect(await text()).toBe(typed);
    const drafts = await bench.api.dataSource.query(
      `select body -> 'turns' -> 0 ->> 'text' as text from draft d join slot s on s.id = d.slot_id
       where s.task_set_id = $1 and d.person_id = $2`,
      [setId, bench.api.people.annotator.id],
    );
    expect(drafts).toEqual([{ text: typed }]);
    await page.getByRole('button', { name: '接着做' }).click();
    await nextRecord(typed);
    expect(await answers()).toEqual([]);
  });

  it('sends a submission again under the same key when its reply was lost', async () => {
    const before = await text();
    let lost = 0;
    await page.route('**/polish', async (route) => {
      if (route.request().method() !== 'POST' || lost++ > 0) return route.continue();
      await route.fetch();
      await route.abort();
    });
    await page.keyboard.press('Control+Enter');
    await page.getByText('您写的文字还在，可以再试一次。').waitFor();
    await page.keyboard.press('Control+Enter');
    await nextRecord(before);
    expect((await answers()).map((answer) => answer.verdict)).toEqual(['accept']);
  });
});
