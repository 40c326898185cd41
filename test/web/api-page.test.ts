import { afterAll, beforeAll, expect, it } from 'vitest';
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
  const groups = await page.locator('.opblock-tag').evaluateAll((tags) => tags.map((tag) => tag.dataset.tag));
  expect(groups).toEqual(expect.arrayContaining(['rules', 'config', 'tokens']));
  expect(await page.locator('.opblock').count()).toBeGreaterThan(40);
  await page.locator('.opblock-summary').first().click();
  await page.locator('.opblock-body').first().waitFor();
  expect(visitor.complaints).toEqual([]);
  await visitor.close();
});
