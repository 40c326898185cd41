import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASE, WebLab } from './support/web-lab.ts';

const NOTE_HEADLINE = `new MutationObserver((_, observer) => {
  if (!document.querySelector('[data-testid=headline]')) return;
  window.headlineAt = performance.now();
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });`;
const SIZES_BEFORE_HEADLINE = `performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
  .filter(({ name, startTime }) => !new URL(name).pathname.startsWith('/api/') && startTime < window.headlineAt)
  .map(({ encodedBodySize }) => encodedBodySize);`;

let web: WebLab;

beforeAll(async () => {
  web = await WebLab.open();
});
afterAll(() => web.close());

describe('the page', () => {
  it('lets in only its own scripts and style sheets', async () => {
    const { page } = await web.visit({ token: null });
    const policies = new Set<string>();
    for (const path of ['/', '/index.html', '/rules?list=allow']) {
      const answer = (await page.goto(BASE + path))!;
      const policy = answer.headers()['content-security-policy']!;
      expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
      expect(policy).toMatch(/default-src 'none'.*script-src 'self';.*style-src 'self' 'nonce-[^']{20,}'/);
      policies.add(policy);
      await page.getByRole('button', { name: 'Log in' }).waitFor();
    }
    expect(policies.size).toBe(3);
  });

  it('loads less than 300 kB before it shows the overview', async () => {
    const { page } = await web.visit({ token: null });
    // The browser itself notes when the overview is there: what comes later is not waited for by anybody.
    await page.addInitScript(NOTE_HEADLINE);
    await page.goto(BASE);
    await page.locator('input[type=password]').fill(web.admin);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByTestId('headline').waitFor();
    const sizes = await page.evaluate<number[]>(SIZES_BEFORE_HEADLINE);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(sizes.length).toBeGreaterThan(5);
    expect(total).toBeGreaterThan(50_000);
    expect(total).toBeLessThan(300_000);
  });

  it('asks no other host for anything', async () => {
    const { page } = await web.visit({ token: null });
    const hosts = new Set<string>();
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await page.goto(`${BASE}/events`);
    await page.locator('input[type=password]').fill(web.admin);
    await page.keyboard.press('Enter');
    await page.locator('main h1').waitFor();
    expect([...hosts]).toEqual([new URL(BASE).host]);
  });
});

describe('the login', () => {
  it('refuses a token that is none, and says so', async () => {
    const { page } = await web.visit({ token: null });
    await page.goto(BASE);
    await page.locator('input[type=password]').fill('nonsense');
    await page.keyboard.press('Enter');
    await page.getByText('This token is not valid.').waitFor();
  });

  it('ends with the token', async () => {
    const { token } = await web.nx.json<{ token: { token: string } }>(['token', 'create', 'guest']);
    const { page } = await web.visit({ token: token.token });
    await web.nx.ok(['token', 'remove', 'guest']);
    await page.getByText('The session has ended.').waitFor();
  });

  it('can be left', async () => {
    const { page } = await web.visit();
    await page.getByRole('button', { name: 'Session of operator' }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
  });
});

describe('a token that may only look', () => {
  it('sees everything and finds every change switched off', async () => {
    const visitor = await web.visit({ token: web.reader });
    const { page } = visitor;
    for (const path of [
      '/',
      '/rules',
      '/limits',
      '/connections',
      '/events',
      '/performance',
      '/configuration',
      '/plugins',
      '/system',
    ]) {
      await visitor.goto(path);
      await page.getByText('Read only', { exact: true }).waitFor();
    }
    await visitor.goto('/explain?source=192.0.2.1');
    await page.getByTestId('explanation').waitFor();
    await visitor.goto('/rules');
    const add = page.getByRole('button', { name: 'Add', exact: true });
    expect(await add.getAttribute('aria-disabled')).toBe('true');
    await add.click({ force: true });
    expect(await page.getByRole('dialog').count()).toBe(0);
    await visitor.picture('rules-read-only');
    expect(await visitor.violations()).toEqual([]);
    expect(visitor.complaints).toEqual([]);
  });

  it('is refused by the server, whatever the page would let through', async () => {
    const { page } = await web.visit({ token: web.reader });
    const answers = await page.evaluate<{ status: number; code: string }[]>(`(async () => {
      const { csrf } = await (await fetch('/api/session')).json();
      const headers = { 'x-csrf-token': csrf, 'content-type': 'application/json' };
      const calls = [
        ['POST', '/api/rules', { list: 'deny', prefix: '192.0.2.1' }],
        ['DELETE', '/api/rules?prefix=192.0.2.1'],
        ['POST', '/api/dynamic', { prefix: '192.0.2.1' }],
        ['PUT', '/api/config', { yaml: '' }],
        ['POST', '/api/ports', { spec: '80' }],
        ['POST', '/api/tokens', { name: 'x', role: 'admin' }],
        ['POST', '/api/rules/import?list=deny&preview=true', {}],
      ];
      return Promise.all(calls.map(async ([method, path, body]) => {
        const answer = await fetch(path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
        return { status: answer.status, code: (await answer.json()).code };
      }));
    })()`);
    expect(answers).toEqual(answers.map(() => ({ status: 403, code: 'FORBIDDEN' })));
    expect(answers.length).toBe(7);
    expect(await web.nx.prefixes()).toEqual([]);
  });
});
