import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GOOD4 } from '../support/lab.ts';
import { until } from '../support/process.ts';
import { sourcesThatPass } from '../support/traffic.ts';
import type { Visitor } from './support/visitor.ts';
import { WebLab } from './support/web-lab.ts';

let web: WebLab;
let visitor: Visitor;

beforeAll(async () => {
  web = await WebLab.open();
  visitor = await web.visit();
});
afterAll(() => web.close());

const passes = async () => (await sourcesThatPass(web.lab, [GOOD4])).length === 1;
const file = () => readFileSync(web.nx.configFile, 'utf8');

/** Turns default deny on in the form and applies it with a time to keep it. */
async function applyDefaultDeny(): Promise<void> {
  const { page } = visitor;
  await visitor.goto('/configuration');
  await page.locator('label', { hasText: 'base.default_deny' }).click();
  expect(await page.getByLabel('Text of config.yaml').inputValue()).toContain('default_deny: true');
  await page.getByTestId('kind').filter({ hasText: 'Incremental' }).waitFor();
  await page.getByRole('button', { name: 'Review and apply' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('base.default_deny: false -> true').waitFor();
  expect(await dialog.getByTestId('diff').textContent()).toContain('+  default_deny: true');
  await dialog.getByLabel('Undo by itself unless I keep it within').click();
  await page.getByRole('option', { name: '30 seconds' }).click();
  await visitor.picture('configuration-apply');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByTestId('pending').waitFor();
}

it('an applied configuration that nobody keeps is rolled back', async () => {
  const before = file();
  expect(await passes()).toBe(true);
  await applyDefaultDeny();
  expect(await passes()).toBe(false);
  expect(file()).toContain('default_deny: true');
  expect(await visitor.violations()).toEqual([]);
  await visitor.picture('configuration-pending');
  await until('the roll-back', async () => file() === before, 60_000);
  await visitor.page.getByTestId('pending').waitFor({ state: 'hidden' });
  expect(await passes()).toBe(true);
  expect(visitor.complaints).toEqual([]);
});

it('one that is kept stays', async () => {
  await applyDefaultDeny();
  await visitor.page.getByTestId('pending').getByRole('button', { name: 'Keep it' }).click();
  await visitor.page.getByText('The change stays.').waitFor();
  await visitor.page.getByTestId('pending').waitFor({ state: 'hidden' });
  expect(await web.nx.nx(['system', 'test'])).toMatchObject({ status: 0 });
  expect(file()).toContain('default_deny: true');
  expect(await passes()).toBe(false);
});

it('a mistake is named as the command line names it, and cannot be applied', async () => {
  const { page } = visitor;
  await visitor.goto('/configuration');
  const text = page.getByLabel('Text of config.yaml');
  await text.fill((await text.inputValue()).replace('default_deny', 'defualt_deny'));
  const alert = page.getByRole('alert').filter({ hasText: 'This would not be accepted' });
  await alert.waitFor();
  expect(await alert.textContent()).toMatch(/defualt_deny.*default_deny/);
  expect(await page.getByRole('button', { name: 'Review and apply' }).isDisabled()).toBe(true);
});
