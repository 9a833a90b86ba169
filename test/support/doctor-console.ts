import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { repositoryRoot } from '@qingnang/config';
import { PASSWORD } from './api.js';

/** The API serves the built console; without a build there is nothing to look at. */
export const consoleBuilt = existsSync(join(repositoryRoot(), 'apps/console/dist/index.html'));

/** Signs somebody in by the form, and goes to a page of the project `first`. */
export async function openConsole(
  context: BrowserContext,
  address: string,
  login: string,
  path: string,
): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(address);
  await page.getByLabel(/^(账号|Account|Login)$/).fill(login);
  await page.getByLabel(/^(密码|Password)$/).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/p\//);
  await page.goto(`${address}/#/p/first${path}`);
  return page;
}
