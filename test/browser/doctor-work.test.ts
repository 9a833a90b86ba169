import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { consoleBuilt, openConsole } from '../support/doctor-console.js';
import { startApi, type TestApi } from '../support/api.js';
import { browserPath, launchBrowser } from '../support/browser.js';
import { importDialogues, makeSource } from '../support/corpus.js';
import { addAiJudgement, addCandidates, promptsOf } from '../support/preference.js';

const texts = [
  '您好，首先多喝水，其次清淡饮食，若三天不好请及时就诊。祝您早日康复。',
  '建议多喝水，清淡饮食。',
  '喝水就行。',
];

describe.skipIf(!browserPath || !consoleBuilt)('a doctor’s sitting', () => {
  let api: TestApi;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let address: string;
  let recordIds: string[];

  beforeAll(async () => {
    api = await startApi();
    await api.app.listen(0, '127.0.0.1');
    address = await api.app.getUrl();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await api?.close();
  });
  beforeEach(async () => {
    const source = await makeSource(api.dataSource, api.project.id);
    const dialogues = [1, 2].map((i) => [
      `咳嗽${i}天，夜里重，要吃药吗？${source.id.slice(-4)}`,
      `多喝水，${i}天后复诊。`,
    ]);
    recordIds = await importDialogues(api.dataSource, source, dialogues);
    await promptsOf(api.dataSource, api.project.id, { filter: { ids: recordIds } });
    // A phone.
    context = await browser.newContext({
      locale: 'zh-CN',
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      reducedMotion: 'reduce',
    });
  });
  afterEach(() => context?.close());

  const open = async (kind: string): Promise<void> => {
    const body = { name: kind, kind, roles: ['doctor'], filter: { ids: recordIds } };
    const made = await api.as('data_lead').post('/task-sets', body).expect(201);
    page = await openConsole(context, address, 'doctor', `/work/${kind}/${(made.body as { id: string }).id}`);
  };
  const candidates = async (judged: boolean): Promise<void> => {
    const prompts: { id: string }[] = await api.dataSource.query(
      'select id from prompt where record_id = any($1::uuid[])',
      [recordIds],
    );
    for (const { id } of prompts) {
      const ids = await addCandidates(api.dataSource, api.project.id, id, texts);
      if (judged) await addAiJudgement(api.dataSource, api.project.id, id, ids, [9, 6, 3]);
    }
  };
  const rows = <Row>(sql: string): Promise<Row[]> => api.dataSource.query(sql, [recordIds]);
  const cards = () => page.getByRole('listitem').filter({ has: page.getByRole('button', { name: /^拖动/ }) });
  /** The answers, from top to bottom. */
  const lying = async (): Promise<string[]> => {
    const shown = await cards().allInnerTexts();
    return shown.map((card) => texts.find((text) => card.includes(`\n${text}`)) ?? card);
  };
  /** Picks a card up by its dots and carries it up so many places, by the keys of the library. */
  const lift = async (card: Locator, places: number): Promise<void> => {
    const handle = card.getByRole('button', { name: /^拖动/ });
    await handle.focus();
    await page.keyboard.press('Space');
    for (let at = 0; at < places; at++) await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Space');
  };
  /** Nothing is wider than the phone. */
  const fits = () => page.evaluate<boolean>('document.documentElement.scrollWidth <= window.innerWidth');

  it('asks one question a page, keeps what is typed through a crash, and says thank you at the end', async () => {
    await open('reference');
    const field = page.getByRole('textbox');
    await page.getByText('第 1 / 2 题').waitFor();
    expect(await fits()).toBe(true);
    expect(await page.getByRole('button', { name: /提交/ }).isDisabled()).toBe(true);
    await field.fill('多喝水，房间加湿。');
    await page.getByText(/已保存/).waitFor();
    await page.reload();
    await expect.poll(() => page.getByRole('textbox').inputValue()).toBe('多喝水，房间加湿。');
    await page.getByRole('textbox').press('Control+Enter');
    await page.getByText('第 2 / 2 题').waitFor();
    await page.getByRole('button', { name: '先问患者' }).click();
    await page.getByRole('textbox').fill('发烧吗？');
    const submit = page.getByRole('button', { name: /提交/ });
    expect((await submit.boundingBox())!.height).toBeGreaterThanOrEqual(44);
    await submit.click();
    await page.getByRole('heading', { name: '做完了，谢谢您' }).waitFor();
    await page.getByText('这次写了 1 份参考答复').or(page.getByText('这次写了 2 份参考答复')).waitFor();
    expect(
      await rows(
        'select f.kind, f.text from reference f join prompt p on p.id = f.prompt_id where p.record_id = any($1::uuid[]) order by f.created_at',
      ),
    ).toEqual([
      { kind: 'answer', text: '多喝水，房间加湿。' },
      { kind: 'ask_first', text: '发烧吗？' },
    ]);
  });

  it('is ranked blind by tapping from best to worst, or by letters', async () => {
    await candidates(false);
    await open('ranking');
    await page.getByText(texts[2]!).click();
    expect(await lying()).toEqual([texts[2], expect.any(String), expect.any(String)]);
    await page.getByText(texts[2]!).click();
    for (const text of texts) await page.getByText(text).click();
    // What has a place lies above what has none, from best to worst.
    expect(await lying()).toEqual(texts);
    expect(await page.getByText('some-model').count()).toBe(0);
    expect(await fits()).toBe(true);
    const third = page.getByRole('listitem').filter({ hasText: texts[2]! });
    await third.getByRole('button', { name: '与上一名并列' }).click();
    await page.getByText(texts[2]!).scrollIntoViewIfNeeded();
    await page.getByRole('button', { name: /提交这个顺序/ }).click();
    await page.getByText('第 2 / 2 题').waitFor();
    await expect.poll(() => page.evaluate<number>(`document.querySelector('main').scrollTop`)).toBe(0);
    for (const letter of ['a', 'b', 'c']) await page.keyboard.press(letter);
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { name: '做完了，谢谢您' }).waitFor();
    await page.getByText(/得出 5 对优劣/).waitFor();
    const [first] = await rows<{ ranks: Record<string, number> }>(
      `select jsonb_object_agg(c.text, x.rank) as ranks from judgement j join judgement_item x on x.judgement_id = j.id
       join candidate c on c.id = x.candidate_id join prompt p on p.id = j.prompt_id
       where p.record_id = any($1::uuid[]) group by j.id, j.created_at order by j.created_at limit 1`,
    );
    expect(first!.ranks).toEqual({ [texts[0]!]: 1, [texts[1]!]: 2, [texts[2]!]: 2 });
  });

  it('is ranked by dragging, and a mis-tapped one is taken back', async () => {
    await candidates(false);
    await open('ranking');
    await page.getByText('第 1 / 2 题').waitFor();
    const last = (await lying()).at(-1)!;
    await lift(cards().last(), 2);
    await expect.poll(async () => (await lying())[0]).toBe(last);
    await page.getByText('第 1 名').first().waitFor();
    const second = (await lying()).at(-1)!;
    await lift(cards().last(), 1);
    await expect.poll(async () => (await lying())[1]).toBe(second);
    const third = (await lying())[2]!;
    await page.getByText(third).click();
    await page.getByRole('button', { name: /提交这个顺序/ }).click();
    await page.getByText('第 2 / 2 题').waitFor();
    await page.getByRole('button', { name: /撤销上一题/ }).click();
    await page.getByText('第 1 / 2 题').waitFor();
    expect(await lying()).toEqual([last, second, third]);
    await page.getByRole('button', { name: '下移' }).first().click();
    await page.getByRole('button', { name: /提交这个顺序/ }).click();
    await page.getByText('第 2 / 2 题').waitFor();
    const said = await rows<{ undone: boolean; best: string }>(
      `select j.undone, c.text as best from judgement j join judgement_item x on x.judgement_id = j.id and x.rank = 1
       join candidate c on c.id = x.candidate_id join prompt p on p.id = j.prompt_id
       where p.record_id = any($1::uuid[]) order by j.created_at`,
    );
    expect(said).toEqual([
      { undone: true, best: last },
      { undone: false, best: second },
    ]);
    await page.goto(`${address}/#/p/first/work/mine`);
    await page.getByText('已撤销').first().waitFor();
    // The newest stands first; what the same doctor said before stands below.
    await page.getByRole('button', { name: '改一改' }).first().click();
    await page.getByText('第 1 / 2 题').waitFor();
    expect((await lying())[0]).toBe(second);
  });

  it('confirms the AI’s order with one tap, or corrects it', async () => {
    await candidates(true);
    await open('confirm_ranking');
    await page.getByRole('button', { name: /确认这个顺序/ }).click();
    await page.getByText('第 2 / 2 题').waitFor();
    await page.getByRole('button', { name: '下移' }).first().click();
    await page.getByRole('button', { name: /提交这个顺序/ }).click();
    await page.getByRole('heading', { name: '做完了，谢谢您' }).waitFor();
    const shown = await rows<{ ai_order_shown: boolean; rehearsal: boolean }>(
      `select j.ai_order_shown, j.rehearsal from judgement j join prompt p on p.id = j.prompt_id
       where p.record_id = any($1::uuid[]) and j.origin = 'doctor' order by j.created_at`,
    );
    expect(shown).toEqual([
      { ai_order_shown: true, rehearsal: true },
      { ai_order_shown: true, rehearsal: false },
    ]);
  });
});
