import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, launchBrowser } from '../support/browser.js';
import { Backdoor, Visitor } from '../support/console.js';
import { Installation } from '../support/installation.js';

/** What most people see. */
const mainPages = ['/', '/imports/create', '/records', '/task-sets', '/snapshots', '/runs/create', '/chat', '/work'];

const allPages = [
  '/',
  '/sources',
  '/sources/create',
  '/imports',
  '/imports/create',
  '/records',
  '/task-sets',
  '/task-sets/create',
  '/llm-jobs',
  '/llm-jobs/create',
  '/prompt-templates',
  '/providers',
  '/prompts',
  '/references',
  '/candidates',
  '/judgements',
  '/snapshots',
  '/snapshots/create',
  '/runs',
  '/runs/create',
  '/schedules',
  '/schedules/create',
  '/models',
  '/chat',
  '/members',
  '/invites/create',
  '/people',
  '/api-keys',
  '/audit-entries',
  '/account',
  '/work',
  '/work/mine',
];

/** Lists whose rows open a page of their own, and that the demo fills. */
const listsOfPages = ['/sources', '/imports', '/records', '/task-sets', '/prompts', '/snapshots', '/members'];

/** `page: rule (element)` of whatever keeps somebody out, or nearly. */
async function findings(page: Page, name: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
    .analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ any, html, target }) => `${name}: ${id} ${target.join(' ')} ${html.slice(0, 120)} ${any[0]?.message ?? ''}`,
      ),
    );
}

describe.skipIf(!browserPath)('screens are open to everybody', () => {
  let installation: Installation;
  let browser: Browser;
  let admin: Backdoor;

  beforeAll(async () => {
    installation = new Installation();
    [browser] = await Promise.all([launchBrowser(), installation.up()]);
    admin = await Backdoor.open(installation, installation.firstLogin());
    await admin.demoIsMade();
  });
  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
  });

  it.each([
    ['in Chinese, at a desk', { language: 'zh-CN', width: 1440 }, 'light', allPages],
    ['in English, in the dark, on a phone', { language: 'en', width: 390 }, 'dark', mainPages],
  ] as const)('%s', async (_how, options, scheme, pages) => {
    const visitor = await Visitor.arrive(browser, installation.address, options);
    const { page } = visitor;
    await page.emulateMedia({ colorScheme: scheme });
    const found = await findings(page, 'sign-in');
    await visitor.signIn(installation.firstLogin());
    const { items } = await admin.get<{ items: { id: string; kind: string }[] }>('/task-sets');
    const { items: records } = await admin.get<{ items: { id: string }[] }>('/records?perPage=1');
    const { items: frozen } = await admin.get<{ items: { id: string }[] }>('/snapshots');
    const desks = new Map(items.map(({ id, kind }) => [kind, `/work/${kind}/${id}`]));
    for (const path of [
      ...pages,
      `/records/${records[0]!.id}/show`,
      `/snapshots/${frozen[0]!.id}/show`,
      ...desks.values(),
    ]) {
      await visitor.open(path);
      found.push(...(await findings(page, path)));
    }
    expect(found).toEqual([]);
    await visitor.leave();
  });

  it('leads from a list to the whole of its first row', async () => {
    const visitor = await Visitor.arrive(browser, installation.address);
    await visitor.signIn(installation.firstLogin());
    for (const list of listsOfPages) await visitor.openFirstOf(list);
    await visitor.leave();
  });
});
