import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BAD4, GOOD4 } from '../support/lab.ts';
import { until } from '../support/process.ts';
import { sourcesThatPass } from '../support/traffic.ts';
import { WebLab } from './support/web-lab.ts';

const LINES = 100_000;
/** More rows of 40 pixels than Firefox draws, and than the table lays out in full height. */
const LONG = 600_000;
/** One line in so many is no address. */
const BAD_EVERY = 1000;

/** What the browser does when somebody pastes. */
const pasteInto = new Function(
  'field',
  'text',
  `const clipboardData = new DataTransfer();
   clipboardData.setData('text/plain', text);
   field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));`,
) as (field: unknown, text: string) => void;

let web: WebLab;

beforeAll(async () => {
  web = await WebLab.open();
});
afterAll(() => web.close());

it('a pasted list of 100,000 lines shows what it would do, then does it', async () => {
  await web.nx.ok(['deny', '45.0.0.5']);
  await web.nx.ok(['allow', '45.0.0.6']);
  const lines = Array.from({ length: LINES }, (_, i) =>
    i % BAD_EVERY === 999 ? `bad line ${i}` : `45.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
  );
  lines[0] = BAD4;
  lines[1] = '45.0.0.2';
  const invalid = LINES / BAD_EVERY;

  const visitor = await web.visit();
  const { page } = visitor;
  await visitor.goto('/rules');
  await page.getByRole('button', { name: 'Import a list' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Paste here, or drop a file').evaluate(pasteInto, lines.join('\n'));
  const preview = dialog.getByTestId('preview');
  await preview.waitFor();
  const figure = async (name: string) =>
    Number((await preview.locator(`[data-figure=${name}]`).textContent())!.replace(/\D/g, ''));
  expect(await figure('invalid')).toBe(invalid);
  expect(await figure('duplicates')).toBe(1);
  expect(await figure('unchanged')).toBe(1);
  const added = LINES - invalid - 2;
  expect(await figure('added')).toBe(added);
  expect(await preview.textContent()).toMatch(/45\.0\.0\.6/);
  expect(await preview.textContent()).toMatch(/bad/);
  expect((await web.nx.rules()).length).toBe(2);

  const go = dialog.getByRole('button', { name: /Import 99,898 entries/ });
  expect(await go.isDisabled()).toBe(true);
  await dialog.getByLabel('Leave out the 100 invalid lines').check();
  await visitor.picture('rules-import-preview');
  expect(await visitor.violations()).toEqual([]);
  // The notice does not stay for long.
  const told = page.getByText(/99,898 added/).waitFor();
  await go.click();
  await told;
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText(/99,899 entries/).waitFor();
  expect((await web.nx.status()).rules).toMatchObject({ deny: added + 1, allow: 1 });
  expect(await sourcesThatPass(web.lab, [GOOD4, BAD4])).toEqual([GOOD4]);
  expect(visitor.complaints).toEqual([]);
});

it('the table goes to the end of a long list, finds and removes', async () => {
  const visitor = await web.visit();
  const { page } = visitor;
  await visitor.goto('/rules?sort=prefix');
  const table = page.getByRole('table', { name: 'Blacklist' });
  await table.evaluate((element: { scrollTop: number; scrollHeight: number }) => {
    element.scrollTop = element.scrollHeight;
  });
  await page.getByRole('cell', { name: BAD4, exact: true }).waitFor();
  await page.getByLabel('Search address or reason').fill(BAD4);
  await page.getByText('1 entry', { exact: true }).waitFor();
  expect(page.url()).toContain(`search=${BAD4}`);
  await page.getByRole('button', { name: `Remove ${BAD4}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('No entry matches').waitFor();
  expect(await sourcesThatPass(web.lab, [BAD4])).toEqual([BAD4]);
  expect(visitor.complaints).toEqual([]);
});

it('the table reaches the end of a list that is longer than browsers can draw', async () => {
  const file = join(web.nx.directory, 'long.txt');
  writeFileSync(file, Array.from({ length: LONG }, (_, i) => `80.${i >> 16}.${(i >> 8) & 255}.${i & 255}`).join('\n'));
  await web.nx.import('deny', file);
  const visitor = await web.visit();
  const { page } = visitor;
  await visitor.goto('/rules?sort=prefix&search=80.');
  await page.getByText('600,000 entries').waitFor();
  const table = page.getByRole('table', { name: 'Blacklist' });
  const scrollTo = (share: number) =>
    table.evaluate((element: { scrollTop: number; scrollHeight: number; clientHeight: number }, part: number) => {
      element.scrollTop = (element.scrollHeight - element.clientHeight) * part;
    }, share);
  await scrollTo(1);
  const last = LONG - 1;
  const end = `80.${last >> 16}.${(last >> 8) & 255}.${last & 255}`;
  const cell = page.getByRole('cell', { name: end, exact: true });
  await cell.waitFor();
  const frame = (await table.boundingBox())!;
  await until('the last row in sight', async () => {
    const box = (await cell.boundingBox())!;
    return box.y > frame.y && box.y + box.height <= frame.y + frame.height;
  });
  await scrollTo(0);
  await page.getByRole('cell', { name: '80.0.0.0', exact: true }).waitFor();
  expect(visitor.complaints).toEqual([]);
});

it('everything that is found is removed at once, but what was left out', async () => {
  const visitor = await web.visit();
  const { page } = visitor;
  await visitor.goto('/rules?sort=prefix&search=80.');
  await page.getByText('600,000 entries').waitFor();
  await page.getByRole('button', { name: 'Select all found' }).click();
  await page.getByRole('button', { name: 'Remove 600,000' }).waitFor();
  await page.getByLabel('Select 80.0.0.1', { exact: true }).uncheck();
  await page.getByRole('button', { name: 'Remove 599,999' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove 599,999 entries?' });
  await dialog.getByText('These sources get through again').waitFor();
  const told = page.getByText('599,999 entries are removed.').waitFor();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await told;
  await page.getByText('1 entry', { exact: true }).waitFor();
  await page.getByRole('cell', { name: '80.0.0.1', exact: true }).waitFor();
  expect((await web.nx.rules()).filter(({ prefix }) => prefix.startsWith('80.')).length).toBe(1);
  expect(visitor.complaints).toEqual([]);
});
