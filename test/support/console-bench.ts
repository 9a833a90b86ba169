import type { Role } from '@qingnang/contracts';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { PASSWORD, startApi, type TestApi, type TestPerson } from './api.js';
import { browserPath, launchBrowser } from './browser.js';

type Who = Role | TestPerson;

export interface ConsoleBench {
  api: TestApi;
  browser: Browser;
  /** `http://127.0.0.1:<port>` */
  address: string;
  /** A browser of its own in which that person is signed in. */
  signIn(who: Who, options?: WindowOptions): Promise<BrowserContext>;
  /** A page of the project for that person, e.g. `open('annotator', '/work')`. */
  open(who: Who, path: string, options?: WindowOptions): Promise<Page>;
  /** Goes to a path of the project. */
  go(page: Page, path: string): Promise<void>;
  close(): Promise<void>;
}

export interface WindowOptions {
  width?: number;
  height?: number;
  locale?: 'zh-CN' | 'en';
}

/** What a browser test needs and this machine lacks; null when it can run. */
export const missingForBrowser = !browserPath
  ? 'no Chromium on this machine'
  : existsSync(join(import.meta.dirname, '../../apps/console/dist/index.html'))
    ? null
    : 'the console is not built';

/** The built console on the real API and a database of its own, in the machine's own browser. */
export async function openConsoleBench(settings: Record<string, string> = {}): Promise<ConsoleBench> {
  const api = await startApi({ settings });
  await api.app.listen(0, '127.0.0.1');
  const address = `http://127.0.0.1:${(api.app.getHttpServer().address() as AddressInfo).port}`;
  const browser = await launchBrowser();

  async function signIn(who: Who, { width = 1440, height = 900, locale = 'zh-CN' }: WindowOptions = {}) {
    const { login } = typeof who === 'string' ? api.people[who] : who;
    const context = await browser.newContext({ viewport: { width, height }, locale, baseURL: address });
    context.setDefaultTimeout(60_000);
    // The sign-in page has a test of its own; its cookie is all that the console needs.
    const reply = await context.request.post('/api/v1/auth/sign-in', { data: { login, password: PASSWORD } });
    if (!reply.ok()) throw new Error(`sign-in of ${login}: ${reply.status()}`);
    return context;
  }

  const hash = (path: string) => `/#/p/${api.project.slug}${path}`;
  return {
    api,
    browser,
    address,
    signIn,
    open: async (who, path, options) => {
      const page = await (await signIn(who, options)).newPage();
      await page.goto(hash(path));
      return page;
    },
    go: async (page, path) => {
      await page.goto(hash(path));
    },
    close: async () => {
      await browser.close();
      await api.close();
    },
  };
}
