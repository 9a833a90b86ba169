import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ConsoleBench, missingForBrowser, openConsoleBench } from '../support/console-bench.js';
import { type Sitting, sittingKinds, sittingMaker } from '../support/sittings.js';

describe.skipIf(missingForBrowser)('at the edges of a sitting', () => {
  let bench: ConsoleBench;
  let page: Page;
  beforeAll(async () => {
    bench = await openConsoleBench();
  });
  afterAll(() => bench?.close());
  afterEach(() => page?.context().close());

  const field = () => page.locator('main textarea:not([aria-hidden])').first();
  const begin = async ({ who, path }: Sitting): Promise<string> => {
    page = await bench.open(who, path);
    await field().waitFor();
    return path.split('/').at(-1)!;
  };
  const type = async (words: string) => {
    await field().focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(words);
  };
  const skipped = async (setId: string): Promise<number> => {
    const sql = `select count(*)::int as n from assignment where task_set_id = $1 and outcome = 'skipped'`;
    return (await bench.api.dataSource.query<{ n: number }[]>(sql, [setId]))[0]!.n;
  };

  it.each(sittingKinds)('a %s asks before it skips what was written, and goes on in it', async (kind) => {
    const setId = await begin(await sittingMaker(bench)[kind]());
    await type('写了一半');
    const written = await field().inputValue();
    const asked = page.getByRole('dialog', { name: '跳过这条？' });
    await page.keyboard.press('Alt+s');
    await asked.waitFor();
    // The keys of the page rest meanwhile.
    await page.keyboard.press('Alt+s');
    await page.getByRole('button', { name: '接着改' }).click();
    await asked.waitFor({ state: 'detached' });
    expect(await field().inputValue()).toBe(written);
    expect(await skipped(setId)).toBe(0);
    await page.keyboard.press('Alt+s');
    await page.getByRole('button', { name: '跳过', exact: true }).last().click();
    await expect.poll(() => skipped(setId)).toBe(1);
  });

  it.each(['reference', 'blind'] as const)(
    'a %s in a set that was closed says so, and can still go in',
    async (kind) => {
      const setId = await begin(await sittingMaker(bench)[kind]());
      await bench.api.dataSource.query(`update task_set set state = 'closed' where id = $1`, [setId]);
      // Asks the server whether the task is still its own, as it does where the line comes back.
      await page.context().setOffline(true);
      await type('写了一半');
      await page.getByText('连不上服务器', { exact: false }).first().waitFor();
      await page.context().setOffline(false);
      await page.getByText('这批任务刚刚关闭，不再发新的。手上这条还可以交。').waitFor();
      if (kind === 'blind') await page.getByRole('button', { name: '差不多' }).click();
      await page.getByRole('button', { name: /^提交/ }).click();
      await page.getByRole('heading', { name: '这批任务已经关闭' }).waitFor();
      await page.getByText('做过的都算数', { exact: false }).waitFor();
    },
  );
});

describe.skipIf(missingForBrowser)('drafts in “my work”', () => {
  let bench: ConsoleBench;
  let page: Page;
  beforeAll(async () => {
    bench = await openConsoleBench();
  });
  afterAll(async () => {
    await page?.context().close();
    await bench?.close();
  });

  const field = () => page.locator('main textarea:not([aria-hidden])').first();
  const draft = (words: string) => page.getByRole('listitem').filter({ hasText: words });
  const copied = () => page.evaluate<string>('navigator.clipboard.readText()');

  it('are copied and gone on with; one whose task went to somebody else is copied and thrown away', async () => {
    const make = sittingMaker(bench);
    const [begun, refused] = [await make.review(), await make.review()];
    page = await bench.open('annotator', begun.path);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    for (const [{ path }, words] of [
      [begun, '写了一半的话。'],
      [refused, '被拒的话。'],
    ] as const) {
      await bench.go(page, path);
      await field().waitFor();
      await field().focus();
      await page.keyboard.press('Control+End');
      await page.keyboard.type(words);
      await page.getByText(/^已保存/).waitFor();
    }
    const setId = refused.path.split('/').at(-1);
    await bench.api.dataSource.query(
      `update slot set holder_id = $2, fencing_token = fencing_token + 1 where task_set_id = $1 and state = 'leased'`,
      [setId, bench.api.people.reviewer.id],
    );
    await page.keyboard.press('Control+Enter');
    await page.getByText('这条超过了时间，已经分给别人。').waitFor();

    await bench.go(page, '/work/mine');
    await draft('被拒的话。').waitFor();
    expect(await draft('被拒的话。').getByRole('link', { name: '接着做' }).count()).toBe(0);
    await draft('被拒的话。').getByRole('button', { name: '复制' }).click();
    await expect.poll(copied).toContain('被拒的话。');
    await draft('被拒的话。').getByRole('button', { name: '丢弃' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /确认|确定/ })
      .click();
    await draft('被拒的话。').waitFor({ state: 'detached' });

    await draft('写了一半的话。').getByRole('button', { name: '复制' }).click();
    await expect.poll(copied).toContain('写了一半的话。');
    await draft('写了一半的话。').getByRole('link', { name: '接着做' }).click();
    await expect.poll(() => field().inputValue()).toContain('写了一半的话。');
  });
});
