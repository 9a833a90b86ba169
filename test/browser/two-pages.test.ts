import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConsoleBench, missingForBrowser, openConsoleBench } from '../support/console-bench.js';
import { type Sitting, sittingKinds, sittingMaker } from '../support/sittings.js';

const ELSEWHERE = '您在另一个窗口或设备上打开了这批任务，这里只能看。';

describe.skipIf(missingForBrowser)('two pages of one person', () => {
  let bench: ConsoleBench;
  beforeAll(async () => {
    bench = await openConsoleBench();
  });
  afterAll(() => bench?.close());

  const field = (page: Page) => page.locator('main textarea:not([aria-hidden])').first();
  const notice = (page: Page) => page.getByText(ELSEWHERE);
  const goOnHere = (page: Page) => page.getByRole('button', { name: '在这里接着做' });
  const begin = async ({ path }: Sitting, page: Page): Promise<Page> => {
    await bench.go(page, path);
    await field(page).waitFor();
    return page;
  };
  const typeInto = async (page: Page, words: string) => {
    await field(page).focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(words);
  };
  const locked = (page: Page) =>
    field(page).evaluate(
      (it) =>
        (it as unknown as { readOnly: boolean; disabled: boolean }).readOnly ||
        (it as unknown as { disabled: boolean }).disabled,
    );
  const drafts = async (): Promise<string[]> =>
    (await bench.api.dataSource.query<{ body: string }[]>('select body::text as body from draft')).map(
      ({ body }) => body,
    );

  it.each(sittingKinds)('at a %s: the second only reads until it takes over, and no word is lost', async (kind) => {
    const sitting = await sittingMaker(bench)[kind]();
    const context = await bench.signIn(sitting.who);
    const one = await begin(sitting, await context.newPage());
    const before = await field(one).inputValue();
    const two = await begin(sitting, await context.newPage());
    await notice(two).waitFor();
    expect(await locked(two)).toBe(true);
    expect(await locked(one)).toBe(false);

    // Not yet with the server when the second asks, nor in the browser's storage: only the first page has it.
    const written = `在第一页写的${kind}。`;
    await one.evaluate(`Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }`);
    await typeInto(one, written);
    await goOnHere(two).click();
    await notice(one).waitFor();
    await notice(two).waitFor({ state: 'detached' });
    expect(await field(two).inputValue()).toBe(`${before}${written}`);
    expect(await field(one).inputValue()).toBe(`${before}${written}`);
    expect(await locked(one)).toBe(true);
    expect(await locked(two)).toBe(false);

    await typeInto(two, '在第二页接着写。');
    await expect.poll(async () => (await drafts()).filter((body) => body.includes(`${written}在第二页接着写。`))).toHaveLength(1); // prettier-ignore
    await goOnHere(one).click();
    await notice(two).waitFor();
    await expect.poll(() => field(one).inputValue()).toBe(`${before}${written}在第二页接着写。`);
    await context.close();
  });

  it('goes on by itself where one looks once the other is closed, and keeps its seat when loaded again', async () => {
    const sitting = await sittingMaker(bench).reference();
    const context = await bench.signIn(sitting.who);
    const one = await begin(sitting, await context.newPage());
    await one.reload();
    await field(one).waitFor();
    expect(await notice(one).count()).toBe(0);
    const two = await begin(sitting, await context.newPage());
    await notice(two).waitFor();
    await one.close();
    await two.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
    await notice(two).waitFor({ state: 'detached' });
    expect(await locked(two)).toBe(false);
    await context.close();
  });

  it('is told by the server where the other is on another device', async () => {
    const sitting = await sittingMaker(bench).review();
    const desk = await begin(sitting, await (await bench.signIn(sitting.who)).newPage());
    const phone = await begin(sitting, await (await bench.signIn(sitting.who, { width: 390 })).newPage());
    await typeInto(phone, '在手机上写的。');
    await phone.getByText(/^已保存/).waitFor();
    await typeInto(desk, '在桌上写的。');
    await notice(desk).waitFor();
    expect(await field(desk).inputValue()).toContain('在桌上写的。');
    expect((await drafts()).filter((body) => body.includes('在桌上写的'))).toEqual([]);
    await goOnHere(desk).click();
    await notice(desk).waitFor({ state: 'detached' });
    await expect.poll(() => locked(desk)).toBe(false);
    for (const page of [desk, phone]) await page.context().close();
  });
});
