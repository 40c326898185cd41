import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebLab } from './support/web-lab.ts';

let web: WebLab;

beforeAll(async () => {
  web = await WebLab.open();
});
afterAll(() => web.close());

it('the page says that the daemon is gone, and goes on where it was when it is back', async () => {
  const visitor = await web.visit();
  const { page } = visitor;
  await visitor.goto('/rules?list=allow');
  await visitor.fetched(/performance-page/);
  await web.nx.stop();
  await page.getByText('No connection to the daemon').waitFor();
  expect(await visitor.violations()).toEqual([]);
  await visitor.picture('daemon-gone');
  // A page that is opened now has nothing yet, and says why.
  await page.getByRole('link', { name: 'Performance' }).click();
  await page.getByText('The daemon does not answer').waitFor();
  await page.getByRole('link', { name: 'Rules' }).click();
  await page.getByRole('tab', { name: 'Whitelist' }).click();

  await web.nx.start();
  // Sessions live in the daemon's memory.
  await page.getByText('The session has ended.').waitFor();
  await page.locator('input[type=password]').fill(web.admin);
  await page.keyboard.press('Enter');
  await page.getByText('Nobody is on the whitelist').waitFor();
  expect(page.url()).toContain('/rules?list=allow');
  await page.getByText('No connection to the daemon').waitFor({ state: 'hidden' });
});
