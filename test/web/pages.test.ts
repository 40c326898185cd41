import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { busyHost, startAttack } from './support/busy-host.ts';
import type { Visitor } from './support/visitor.ts';
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
  await startAttack(web);
});
afterAll(() => web.close());

describe.each(LOOKS)('in $language, $theme, $width pixels wide', (look) => {
  const size = look.width < 500 ? 'phone' : 'wide';
  let visitor: Visitor;

  beforeAll(async () => {
    visitor = await web.visit(look);
  });
  afterAll(() => visitor.close());

  it.each(PAGES)('$name shows itself without a complaint and is usable by everybody', async ({ name, path }) => {
    await visitor.goto(path);
    // A chart has something to show only after some seconds; what is live elsewhere comes at once.
    if (name === 'overview') await visitor.page.getByRole('img', { name: /15/ }).waitFor();
    await visitor.page.waitForTimeout(name === 'overview' ? 4000 : 1000);
    await visitor.picture(`${name}-${look.language}-${look.theme}-${size}`, { fullPage: true });
    expect(await visitor.page.locator('html').getAttribute('lang')).toBe(look.language === 'en' ? 'en' : 'zh-Hans');
    expect(await visitor.overflow()).toBeLessThanOrEqual(0);
    expect(await visitor.violations()).toEqual([]);
    expect(visitor.complaints.splice(0)).toEqual([]);
  });
});
