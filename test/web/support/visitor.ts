import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { until } from '../../support/process.ts';

export interface VisitorOptions {
  readonly base: string;
  readonly language?: 'en' | 'zh';
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

/** Where pictures of the pages go; not kept in the repository. */
const PICTURES = fileURLToPath(new URL('../../../dist/screenshots', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** A busy machine takes its time, milliseconds. */
const PATIENCE = 90_000;
const LOCALES = { en: 'en-GB', zh: 'zh-CN' } as const;

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Someone who looks at the web UI, and remembers everything that the browser complained of. */
export class Visitor {
  readonly page: Page;
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;
  readonly #base: string;

  private constructor(context: BrowserContext, page: Page, base: string) {
    this.#context = context;
    this.page = page;
    this.#base = base;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  static async open(browser: Browser, options: VisitorOptions): Promise<Visitor> {
    const { base, language = 'en', theme = 'light', width = 1440, height = 900 } = options;
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      locale: LOCALES[language],
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(PATIENCE);
    return new Visitor(context, await context.newPage(), base);
  }

  async logIn(token: string): Promise<void> {
    await this.page.goto(this.#base);
    await this.page.locator('input[type=password]').fill(token);
    await this.page.locator('button[type=submit]').click();
    await this.page.locator('header').waitFor();
  }

  /** Opens a view and waits until it has its data. */
  async goto(path: string): Promise<void> {
    await this.page.goto(this.#base + path);
    await this.page.locator('main h1').waitFor();
    await this.settled();
  }

  /** Nothing on the page says that it is still loading. */
  async settled(): Promise<void> {
    await this.page
      .locator('main .mantine-Skeleton-root, main .mantine-Loader-root')
      .first()
      .waitFor({ state: 'detached' });
  }

  /** Waits until no script is on its way, and one like this has come. */
  async fetched(script: RegExp): Promise<void> {
    const entries = () =>
      this.page.evaluate<string[]>(
        "performance.getEntriesByType('resource').filter((one) => one.initiatorType !== 'fetch').map((one) => one.name)",
      );
    let before = -1;
    await until(
      'all scripts',
      async () => {
        const now = await entries();
        const still = now.length === before && now.some((name) => script.test(name));
        before = now.length;
        await this.page.waitForTimeout(1000);
        return still;
      },
      PATIENCE,
    );
  }

  async picture(name: string, options: { readonly fullPage?: boolean } = {}): Promise<void> {
    mkdirSync(PICTURES, { recursive: true });
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`), ...options });
  }

  /** What axe-core finds wrong with the page, one line each. */
  async violations(): Promise<string[]> {
    // The tooltip of what the pointer happens to be on is part of that, but stands elsewhere in the document.
    await this.page.mouse.move(0, 0);
    await this.page.locator('[role=tooltip]').first().waitFor({ state: 'hidden' });
    // By its protocol the browser evaluates this beside the page's policy, which lets no other script in.
    await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate<{ violations: readonly Violation[] }>('axe.run()');
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
    );
  }

  /** How many pixels the page is wider than the screen. */
  overflow(): Promise<number> {
    return this.page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
  }

  close(): Promise<void> {
    return this.#context.close();
  }
}
