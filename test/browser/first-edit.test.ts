import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, launchBrowser } from '../support/browser.js';
import { Backdoor, Visitor } from '../support/console.js';
import { Installation } from '../support/installation.js';

/** Everything a hand does beside typing letters: each press of a pointer, of Tab, Enter, or of keys held together. */
const counting = `
  window.acts = [];
  window.addEventListener('pointerdown', ({ isTrusted }) => isTrusted && window.acts.push('click'), true);
  window.addEventListener('keydown', ({ isTrusted, key, ctrlKey, altKey, metaKey }) => {
    const isModifier = ['Control', 'Alt', 'Shift', 'Meta'].includes(key);
    const types = key.length === 1 && !ctrlKey && !altKey && !metaKey;
    if (isTrusted && !isModifier && !types) window.acts.push(key);
  }, true);`;

describe.skipIf(!browserPath)('from the sign-in page to the first edit', () => {
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

  const edits = async () =>
    (await admin.get<{ items: { verdict: string }[] }>('/work/answers')).items.filter(
      ({ verdict }) => verdict === 'edit',
    );

  it('a newcomer needs four acts beside typing', async () => {
    const { login, password } = installation.firstLogin();
    const visitor = await Visitor.arrive(browser, installation.address);
    const { page } = visitor;
    await page.addInitScript({ content: counting });
    await page.reload();

    await page.getByLabel('账号').waitFor();
    await page.keyboard.type(login);
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: '待审阅的润色' }).click();
    await page.locator('textarea:focus').waitFor();
    await page.keyboard.type('祝早日康复。');
    await page.keyboard.press('Control+Enter');
    await visitor.sees('上一条已通过');

    expect(await page.evaluate('window.acts')).toEqual(['Tab', 'Enter', 'click', 'Enter']);
    expect(await edits()).toHaveLength(1);
    await visitor.leave();
  });
});
