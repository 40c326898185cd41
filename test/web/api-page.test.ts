import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../support/process.ts';
import { BASE, WebLab } from './support/web-lab.ts';

let web: WebLab;
beforeAll(async () => {
  web = await WebLab.open();
});
afterAll(() => web.close());

it('the page to browse the API shows every group of routes, and the browser has nothing to complain of', async () => {
  const visitor = await web.visit({ token: null });
  const { page } = visitor;
  await page.goto(`${BASE}/api/docs/`);
  await page.locator('.opblock').first().waitFor();
  // It draws one group after the other.
  for (const group of ['rules', 'config', 'tokens']) await page.locator(`.opblock-tag[data-tag=${group}]`).waitFor();
  await until('all routes', async () => (await page.locator('.opblock').count()) > 40);
  await page.locator('.opblock-summary').first().click();
  await page.locator('.opblock-body').first().waitFor();
  expect(visitor.complaints).toEqual([]);
  await visitor.close();
});
