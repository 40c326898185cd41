import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebLab } from './support/web-lab.ts';

/** Holds the address that the browser has. */
const OWN_NETWORK = '198.51.100.0/24';

let web: WebLab;

beforeAll(async () => {
  web = await WebLab.open({ remote: true });
});
afterAll(() => web.close());

it('a change that would cut off whoever makes it asks first, in words, and then does as it said', async () => {
  const { page } = await web.visit();
  const address = page.getByLabel('Block a source');
  await address.fill(OWN_NETWORK);
  await address.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'This may lock you out' });
  await dialog.getByText('only be repaired at the console').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(await web.nx.prefixes()).toEqual([]);

  await address.press('Enter');
  await dialog.getByRole('button', { name: 'Do it anyway' }).click();
  await page.getByText('No connection to the daemon').waitFor();
  expect(await web.nx.prefixes()).toEqual([OWN_NETWORK]);

  await web.nx.ok(['del', OWN_NETWORK]);
  await page.getByText('No connection to the daemon').waitFor({ state: 'hidden' });
});
