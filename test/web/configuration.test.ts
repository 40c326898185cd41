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
  const text = page.getByLabel('Text of config.yaml');
  await until('the text', async () => (await text.inputValue()).includes('default_deny: true'));
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
  // There are 30 seconds for this, the quickest first.
  expect(file()).toContain('default_deny: true');
  expect(await passes()).toBe(false);
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
  await alert.filter({ hasText: /defualt_deny.*default_deny/ }).waitFor();
  const review = page.getByRole('button', { name: 'Review and apply' });
  await until('it to be switched off', () => review.isDisabled());
});

it('rows of a list are added, changed and removed in the form, by the same rules as in the file', async () => {
  const { page } = visitor;
  // The mistake of the test before was refused, which the browser has noted.
  visitor.complaints.length = 0;
  await visitor.goto('/configuration?section=port');
  const rules = page.getByRole('region', { name: 'port.ip_port_rules' });
  const text = page.getByLabel('Text of config.yaml');
  const holds = (wanted: RegExp) => until(`${wanted} in the text`, async () => wanted.test(await text.inputValue()));
  await rules.getByRole('button', { name: 'Add to port.ip_port_rules' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add to port.ip_port_rules' });
  await dialog.getByLabel('ip', { exact: true }).fill('192.0.2');
  await dialog.getByLabel('port', { exact: true }).fill('5432');
  await dialog.getByRole('combobox', { name: 'action' }).click();
  await page.getByRole('option', { name: 'deny' }).click();
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.getByText('must be an address or network').waitFor();
  expect(await visitor.violations()).toEqual([]);
  await visitor.picture('configuration-row');
  await dialog.getByLabel('ip', { exact: true }).fill('192.0.2.0/24');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await holds(/ip_port_rules:\n +- \{ ?ip: 192\.0\.2\.0\/24, port: 5432, action: deny ?\}/);

  await rules.getByRole('button', { name: 'Change ip: 192.0.2.0/24' }).click();
  await page.getByRole('dialog').getByLabel('port', { exact: true }).fill('5000-5999');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await rules.getByText('port: 5000-5999').waitFor();
  await page.getByTestId('kind').filter({ hasText: 'Incremental' }).waitFor();
  await rules.getByRole('button', { name: 'Remove ip: 192.0.2.0/24' }).click();
  await rules.getByText('port: 5000-5999').waitFor({ state: 'detached' });

  const open = page.getByRole('region', { name: 'port.allowed_ports' });
  await open.getByRole('button', { name: 'Add to port.allowed_ports' }).click();
  await page.getByRole('dialog').getByLabel('port.allowed_ports').fill('443/tcp');
  await page.keyboard.press('Enter');
  await open.getByText('443/tcp', { exact: true }).waitFor();
  await holds(/allowed_ports: \[ ?443\/tcp ?\]/);
  await visitor.goto('/configuration?section=log_engine');
  // Sections that are closed have such lists, too.
  await page.getByText('change them in the text').filter({ visible: true }).first().waitFor();
  expect(visitor.complaints).toEqual([]);
});
