import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DoctorDocument } from '../../src/cli/documents.ts';
import { FW_DEVICE } from '../support/lab.ts';
import { until } from '../support/process.ts';
import { BASE, WebLab } from './support/web-lab.ts';

let web: WebLab;

beforeAll(async () => {
  web = await WebLab.open();
});
afterAll(() => web.close());

describe('the audit log', () => {
  it('shows who changed what, from where and with what result, also of before; and is searched', async () => {
    await web.nx.ok(['deny', '192.0.2.7', '--reason', 'scanner']);
    web.lab.fw.runSync(['curl', '-s', '-H', 'Authorization: Bearer wrong', `${BASE}/api/rules`]);
    const visitor = await web.visit();
    const { page } = visitor;
    await page.getByLabel('Block a source').fill('192.0.2.8');
    await page.getByLabel('Block a source').press('Enter');
    await page.getByText('192.0.2.8 is blocked (1d).').waitFor();

    await visitor.goto('/system');
    const log = page.getByRole('region', { name: 'Audit log' });
    const row = (text: string) => log.getByRole('row').filter({ hasText: text });
    await row('prefix: 192.0.2.8')
      .filter({ hasText: /Add rules.*operator.*web interface.*127\.0\.0\.1.*Done/ })
      .waitFor();
    await row('prefix: 192.0.2.7')
      .filter({ hasText: /Add rules.*reason: scanner.*local socket.*Done/ })
      .waitFor();
    await row('a stranger')
      .filter({ hasText: /Look at \/api\/rules.*a stranger.*Not logged in/ })
      .first()
      .waitFor();

    await page.getByLabel('Search the audit log').fill('192.0.2.7');
    await row('prefix: 192.0.2.8').waitFor({ state: 'detached' });
    await row('prefix: 192.0.2.7').waitFor();
    expect(page.url()).toContain('audit=192.0.2.7');
    await page.reload();
    await row('prefix: 192.0.2.7').waitFor();
    const sought = page.getByLabel('Search the audit log');
    await until('the search', async () => (await sought.inputValue()) === '192.0.2.7');
    await page.getByLabel('Search the audit log').fill('nobody');
    await log.getByText('No record matches').waitFor();
    expect(await visitor.violations()).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  });

  it('goes back page by page, and survives a restart of the daemon', async () => {
    for (let i = 1; i <= 60; i++) await web.nx.ok(['dynamic', 'add', `198.51.100.${i}`]);
    await web.restart();
    const visitor = await web.visit({ token: web.reader });
    const { page } = visitor;
    await visitor.goto('/system?audit=198.51.100.');
    const log = page.getByRole('region', { name: 'Audit log' });
    const first = log.getByRole('row').filter({ hasText: /prefix: 198\.51\.100\.1$|prefix: 198\.51\.100\.1[^0-9]/ });
    await log.getByRole('row').filter({ hasText: 'prefix: 198.51.100.60' }).waitFor();
    expect(await first.count()).toBe(0);
    await log.getByRole('button', { name: 'Show older ones' }).click();
    await first.waitFor();
    await log.getByRole('button', { name: 'Show older ones' }).waitFor({ state: 'detached' });
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  });
});

describe('the doctor', () => {
  it('shows each finding as the command does, with its remedy', async () => {
    const { stdout } = await web.nx.nx(['system', 'doctor', '--json']);
    const { diagnoses } = JSON.parse(stdout) as DoctorDocument;
    const visitor = await web.visit({ token: web.reader });
    const { page } = visitor;
    await visitor.goto('/system');
    const table = page.getByRole('table', { name: 'Doctor' });
    for (const { name, message, remedy } of diagnoses) {
      // What is free changes from moment to moment.
      if (['memory', 'disk', 'memlock'].includes(name)) continue;
      await table
        .getByRole('row')
        .filter({ hasText: name })
        .filter({ hasText: message })
        .filter({ hasText: remedy ?? '' })
        .first()
        .waitFor();
    }
    await until('all rows', async () => (await table.getByRole('row').count()) === diagnoses.length + 1);
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByTestId('doctor').waitFor();
    expect(await visitor.violations()).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  });
});

it('what the daemon says is Chinese where the page is', async () => {
  const visitor = await web.visit({ language: 'zh' });
  const { page } = visitor;
  await visitor.goto('/system');
  await page.getByText(`过滤器在 ${FW_DEVICE} 上`).waitFor();
  const table = page.getByRole('table', { name: '诊断' });
  await table.getByText('可以加载程序').waitFor();
  await table.getByText('驱动 veth，以 native 模式挂载').waitFor();
  await visitor.goto('/');
  const address = page.getByLabel('封禁一个来源');
  await address.fill('192.0.2');
  await address.press('Enter');
  await page.getByText('“192.0.2”不是 IP 地址或网段。请填写 IPv4 或 IPv6 地址').waitFor();
  await visitor.close();
});
