import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import type { Installation } from './installation.js';

/** What a person sees can take this long to come: two cores may be busy with a training. */
export const PATIENCE_MS = 60_000;

export interface WindowOptions {
  language?: 'zh-CN' | 'en';
  width?: number;
  height?: number;
}

/** One person at a browser of their own: an own session, an own language. */
export class Visitor {
  /** Faults of the console itself: a test that ends with some has not passed. */
  readonly faults: string[] = [];
  /** Takes the pictures of the walk-through; tests have none. */
  camera: ((page: Page, name: string) => Promise<void>) | undefined;

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly address: string,
  ) {
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => this.faults.push(String(error)));
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      // Without a session the first question is answered 401, and that is how the console learns it.
      if (response.status() >= 400 && !pathname.startsWith('/api/v1/auth/'))
        this.faults.push(`${response.status()} ${response.request().method()} ${pathname}`);
    });
  }

  static async arrive(browser: Browser, address: string, options: WindowOptions = {}): Promise<Visitor> {
    const { language = 'zh-CN', width = 1440, height = 900 } = options;
    const context = await browser.newContext({
      locale: language,
      timezoneId: 'Asia/Shanghai',
      reducedMotion: 'reduce',
      viewport: { width, height },
      hasTouch: width < 600,
    });
    const visitor = new Visitor(context, await context.newPage(), address);
    await visitor.page.goto(address);
    // An account may have another language; what is chosen on this machine stands above it.
    if (language === 'en') await visitor.button('English').click();
    return visitor;
  }

  /** By the form, as everybody does; settles when the first page of a project stands. */
  async signIn({ login, password }: { login: string; password: string }): Promise<void> {
    await this.page.getByLabel(/^(账号|Login|Account)$/).fill(login);
    await this.page.getByLabel(/^(密码|Password)$/).fill(password);
    await this.page.keyboard.press('Enter');
    await this.page.waitForURL(/#\/p\//);
    await this.heading();
  }

  /** Goes to a page of a project by its address; settles when it has taken the other's place and shows its rows. */
  async open(path: string, project = 'demo'): Promise<void> {
    const address = `${this.address}/#/p/${project}${path}`;
    if (this.page.url() === address) return;
    await this.page.evaluate(`document.querySelector('main > :last-child')?.setAttribute('data-before', '')`);
    await this.page.goto(address);
    await this.page.locator('[data-before]').waitFor({ state: 'detached' });
    await this.heading();
    const waiting = this.page.locator('main .MuiSkeleton-root, main .MuiCircularProgress-root');
    await waiting.first().waitFor({ state: 'detached' });
  }

  /** From a list to the page of its first row, whole: a row knows less than its page needs. */
  async openFirstOf(list: string): Promise<void> {
    await this.open(list);
    await this.page.locator('tbody tr').first().locator('td').nth(1).click();
    await this.page.waitForURL((url) => new RegExp(`${list}/[^/?]+`).test(url.hash));
    await this.heading();
    await this.page.locator('main .MuiSkeleton-root').first().waitFor({ state: 'detached' });
    // A page that stumbles over what it was given is caught by the console, and says so.
    expect(await this.page.getByText('没有取到数据').count(), list).toBe(0);
  }

  /** Through the menu at the side. */
  async menu(name: string): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
    await this.sees(name, 'heading');
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** A button or a link that looks like one. */
  async press(name: string | RegExp): Promise<void> {
    await this.button(name)
      .or(this.page.getByRole('link', { name, exact: typeof name === 'string' }))
      .first()
      .click();
  }

  private named(label: string): Locator {
    const words = label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    // Labels of what must be filled in end on an asterisk.
    return this.page.getByLabel(new RegExp(`^${words}\\s*\\*?$`));
  }

  /** What is chosen from a list. */
  list(label: string): Locator {
    return this.named(label).and(this.page.getByRole('combobox')).first();
  }

  async choose(label: string, option: string | RegExp): Promise<void> {
    await this.list(label).click();
    await this.page.getByRole('option', { name: option }).first().click();
  }

  async fill(label: string, text: string): Promise<void> {
    await this.named(label).first().fill(text);
  }

  async sees(words: string | RegExp, as?: 'heading' | 'status' | 'alert'): Promise<void> {
    const place = as ? this.page.getByRole(as).filter({ hasText: words }) : this.page.getByText(words);
    await place.first().waitFor({ state: 'visible', timeout: PATIENCE_MS });
  }

  /** The first heading, once it has words. */
  async heading(): Promise<string> {
    await this.page.locator('h1:not(:empty)').first().waitFor({ timeout: PATIENCE_MS });
    return this.page.locator('h1:not(:empty)').first().innerText();
  }

  /** A moment worth a picture. */
  async picture(name: string): Promise<void> {
    await this.camera?.(this.page, name);
  }

  async leave(): Promise<void> {
    const { faults } = this;
    await this.context.close();
    expect(faults).toEqual([]);
  }
}

/** Requests to a running installation as one of its people, for what a test needs to know and nobody needs to see. */
export class Backdoor {
  private constructor(
    private readonly address: string,
    private readonly token: string,
  ) {}

  static async open({ address }: Installation, credentials: { login: string; password: string }): Promise<Backdoor> {
    const response = await fetch(`${address}/api/v1/auth/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(credentials),
    });
    const { accessToken } = (await response.json()) as { accessToken: string };
    return new Backdoor(address, accessToken);
  }

  async get<T>(path: string): Promise<T> {
    return this.send<T>('GET', path);
  }

  async send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.address}/api/v1/projects/demo${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }

  /** The demo is made while the console already answers: settles when its last snapshot is frozen. */
  async demoIsMade(): Promise<void> {
    await vi.waitFor(
      async () => {
        const { total } = await this.get<{ total: number }>('/snapshots?state=frozen');
        expect(total).toBeGreaterThanOrEqual(3);
      },
      { timeout: 120_000, interval: 250 },
    );
  }
}
