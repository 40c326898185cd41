import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { busyHost } from './support/busy-host.ts';
import type { WebLab } from './support/web-lab.ts';

const PAGES = [
  { name: 'overview', path: '/' },
  { name: 'rules', path: '/rules' },
  { name: 'rules-whitelist', path: '/rules?list=allow' },
  { name: 'rules-dynamic', path: '/rules?list=dynamic' },
  { name: 'rules-ports', path: '/rules?list=ports' },
  { name: 'limits', path: '/limits' },
  { name: 'connections', path: '/connections' },
  { name: 'events', path: '/events' },
  { name: 'explain', path: '/explain?source=203.0.113.7&destinationPort=443' },
  { name: 'performance', path: '/performance' },
  { name: 'configuration', path: '/configuration' },
  { name: 'plugins', path: '/plugins' },
  { name: 'system', path: '/system' },
];

const LOOKS = [
  { language: 'en', theme: 'light', width: 1440, height: 900 },
  { language: 'en', theme: 'dark', width: 1440, height: 900 },
  { language: 'zh', theme: 'light', width: 1440, height: 900 },
  { language: 'zh', theme: 'dark', width: 1440, height: 900 },
  { language: 'en', theme: 'light', width: 390, height: 844 },
] as const;

let web: WebLab;

beforeAll(async () => {
  web = await busyHost();
});
afterAll(() => web.close());

describe.each(LOOKS)('in $language, $theme, $width pixels wide', (look) => {
  it('every page shows itself without a complaint and is usable by everybody', async () => {
    const visitor = await web.visit(look);
    const findings: string[] = [];
    for (const { name, path } of PAGES) {
      await visitor.goto(path);
      // The chart has something to show, and what is live has come.
      await visitor.page.waitForTimeout(name === 'overview' ? 6000 : 1200);
      const size = look.width < 500 ? 'phone' : 'wide';
      await visitor.picture(`${name}-${look.language}-${look.theme}-${size}`, { fullPage: true });
      for (const violation of await visitor.violations()) findings.push(`${name}: ${violation}`);
      const overflow = await visitor.overflow();
      if (overflow > 0) findings.push(`${name}: ${overflow} pixels wider than the screen`);
    }
    expect(await visitor.page.locator('html').getAttribute('lang')).toBe(look.language === 'en' ? 'en' : 'zh-Hans');
    expect([...findings, ...visitor.complaints]).toEqual([]);
    await visitor.close();
  });
});
