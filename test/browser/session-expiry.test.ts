import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, type TestPerson } from '../support/api.js';
import { type ConsoleBench, missingForBrowser, openConsoleBench } from '../support/console-bench.js';
import { type Sitting, sittingMaker } from '../support/sittings.js';

const ENDED = '登录已过期，您已退出';

describe.skipIf(missingForBrowser)('a session that runs out in the middle of a sentence', () => {
  let bench: ConsoleBench;
  let colleague: TestPerson;
  let sittings: Record<'review' | 'reference' | 'blind', Sitting>;

  beforeAll(async () => {
    bench = await openConsoleBench();
    colleague = await bench.api.addPerson({ login: 'colleague', roles: ['doctor'] });
  });
  afterAll(() => bench?.close());
  beforeEach(async () => {
    const make = sittingMaker(bench);
    sittings = { review: await make.review(), reference: await make.reference(), blind: await make.blind() };
  });

  const field = (page: Page) => page.locator('main textarea:not([aria-hidden])').first();
  const begin = async ({ who, path }: Sitting, context?: BrowserContext): Promise<Page> => {
    const page = context ? await context.newPage() : await bench.open(who, path);
    if (context) await bench.go(page, path);
    await field(page).waitFor();
    return page;
  };
  /** Of everybody who answers; the lead goes on. */
  const endSession = () =>
    bench.api.dataSource.query('update session set revoked_at = now() where revoked_at is null and person_id <> $1', [
      bench.api.people.data_lead.id,
    ]);
  const ended = (page: Page) => page.getByRole('dialog', { name: ENDED });
  const signIn = async (page: Page, who: string) => {
    await ended(page).getByLabel('账号').fill(who);
    await ended(page).getByLabel('密码').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await ended(page).waitFor({ state: 'detached' });
  };
  const drafts = async ({ id }: TestPerson): Promise<string[]> => {
    const sql = 'select body::text as body from draft where person_id = $1';
    return (await bench.api.dataSource.query<{ body: string }[]>(sql, [id])).map(({ body }) => body);
  };
  const saved = (page: Page) => page.getByText(/^已保存/).waitFor();

  it.each(['review', 'reference', 'blind'] as const)('keeps the text of a %s and goes on in it', async (kind) => {
    const page = await begin(sittings[kind]);
    const before = await field(page).inputValue();
    await field(page).focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('多喝');
    await saved(page);
    await endSession();
    await page.keyboard.type('水，三天');
    await ended(page).waitFor();
    await ended(page)
      .getByText(/您写的文字在这台设备上/)
      .waitFor();
    // Nothing of the page is seen, read out or reached by its keys.
    expect(await page.getByRole('textbox', { name: /答复|修改稿|为什么/ }).count()).toBe(0);
    const shown = await page.evaluate<boolean>(
      `document.querySelector('[role=dialog]').contains(document.elementFromPoint(innerWidth / 2, innerHeight / 3))`,
    );
    expect(shown).toBe(true);
    await page.keyboard.press('Control+Enter');

    await signIn(page, sittings[kind].who);
    expect(await field(page).inputValue()).toBe(`${before}多喝水，三天`);
    await field(page).focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('后复诊。');
    await saved(page);
    const kept = await drafts(bench.api.people[sittings[kind].who]);
    expect(kept.filter((body) => body.includes('多喝水，三天后复诊。'))).not.toEqual([]);
    await page.context().close();
  });

  it('gives the text back also after the page was closed meanwhile', async () => {
    const page = await begin(sittings.reference);
    await endSession();
    await field(page).fill('多喝水。');
    await ended(page).waitFor();
    await page.reload();
    await page.getByText('这台设备上有还没送出的文字', { exact: false }).waitFor();
    await page.getByLabel('账号').fill('doctor');
    await page.getByLabel('密码').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await expect.poll(() => field(page).inputValue()).toBe('多喝水。');
    await page.context().close();
  });

  it('shows it to nobody else who signs in, nor sends it in their name', async () => {
    const page = await begin(sittings.reference);
    await endSession();
    await field(page).fill('只有我能看到的话。');
    await ended(page).waitFor();
    await signIn(page, 'colleague');
    await field(page).waitFor();
    expect(await field(page).inputValue()).toBe('');
    expect(await page.content()).not.toContain('只有我能看到的话');
    await field(page).fill('另一个人写的。');
    await saved(page);
    expect((await drafts(colleague)).filter((body) => body.includes('只有我'))).toEqual([]);
    await endSession();
    await field(page).fill('另一个人写的话。');
    await ended(page).waitFor();
    await signIn(page, 'doctor');
    await expect.poll(() => field(page).inputValue()).toBe('只有我能看到的话。');
    await page.context().close();
  });

  it('is ended, and begun again, in all tabs', async () => {
    const one = await begin(sittings.reference);
    const two = await begin(sittings.blind, one.context());
    await endSession();
    await field(one).fill('在第一个窗口。');
    await field(two).fill('在第二个窗口。');
    await ended(one).waitFor();
    await ended(two).waitFor();
    await signIn(one, 'doctor');
    await ended(two).waitFor({ state: 'detached' });
    await saved(two);
    expect(await field(two).inputValue()).toBe('在第二个窗口。');
    await one.context().close();
  });

  it('passes to another in all tabs when another signs in', async () => {
    const one = await begin(sittings.reference);
    const two = await begin(sittings.blind, one.context());
    await endSession();
    await field(one).fill('甲医生的话。');
    await ended(one).waitFor();
    await field(two).fill('还是甲医生的话。');
    await signIn(one, 'colleague');
    // The second tab may not have noticed anything: it is the other's from now on, for whom nothing waits there.
    await field(two).waitFor({ state: 'detached' });
    expect((await drafts(colleague)).filter((body) => body.includes('甲医生'))).toEqual([]);
    await one.context().close();
  });

  it('has no notice left once the line is there again', async () => {
    const page = await begin(sittings.reference);
    await field(page).fill('多喝水，房间加湿。');
    await saved(page);
    await page.context().setOffline(true);
    await page.getByRole('button', { name: /提交/ }).click();
    await page.getByText('连不上服务器，正在重试', { exact: false }).waitFor();
    await page.getByText('您写的文字还在，可以再试一次', { exact: false }).waitFor();
    await page.context().setOffline(false);
    await page.getByText('连不上服务器', { exact: false }).first().waitFor({ state: 'detached' });
    await page.getByText('您写的文字还在，可以再试一次', { exact: false }).waitFor({ state: 'detached' });
    await saved(page);
    await page.context().close();
  });

  it('reads a list again by itself once the line is there again', async () => {
    const page = await bench.open('data_lead', '/task-sets');
    await page.getByRole('heading', { name: '任务集' }).waitFor();
    await page.context().setOffline(true);
    await bench.go(page, '/records');
    await page.getByText('没有取到数据').waitFor();
    await page.context().setOffline(false);
    await page.getByText('没有取到数据').waitFor({ state: 'detached' });
    await page.locator('tbody tr').first().waitFor();
    await page.context().close();
  });
});
