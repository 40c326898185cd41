import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXIT } from '../../src/model/errors.ts';
import { Instance } from '../support/instance.ts';
import { Lab } from '../support/lab.ts';
import { sourcesThatPass } from '../support/traffic.ts';

const lab = Lab.create();
const netxfw = new Instance(lab, 'a', { config: { capacity: { whitelist: 2, lock_list: 3, lock_hosts: 64 } } });
beforeAll(() => netxfw.start());
afterAll(async () => {
  await netxfw.stop();
  lab.dispose();
});

const NETWORKS = ['203.0.112.0/24', '203.0.113.0/24', '203.0.114.0/24'];

it('refuses a network too many, names map and capacity, and keeps what it had', async () => {
  for (const network of NETWORKS) await netxfw.ok(['deny', network]);
  const result = await netxfw.nx(['deny', '203.0.115.0/24']);
  expect(result, result.stderr).toMatchObject({ status: EXIT.full, stdout: '' });
  expect(result.stderr).toMatch(/lock_list.*3|3.*lock_list/);
  expect(result.stderr).toContain('capacity');
  expect(await netxfw.prefixes()).toEqual(NETWORKS);
  const sources = [...NETWORKS, '203.0.115.0/24'].map((network) => network.replace('.0/24', '.77'));
  expect(await sourcesThatPass(lab, sources)).toEqual(['203.0.115.77']);
});

it('refuses an import that does not fit as a whole', async () => {
  const file = join(lab.directory, 'hosts.txt');
  const hosts = Array.from({ length: 5000 }, (_, i) => `11.0.${i >> 8}.${i & 255}`);
  writeFileSync(file, `${hosts.join('\n')}\n`);
  const result = await netxfw.nx(['rule', 'import', 'deny', file]);
  expect(result, result.stderr).toMatchObject({ status: EXIT.full, stdout: '' });
  expect(result.stderr).toContain('lock_hosts');
  expect(await netxfw.prefixes()).toEqual(NETWORKS);
  expect(await sourcesThatPass(lab, hosts.slice(0, 200))).toEqual(hosts.slice(0, 200));
});

it('takes the entry once another one made room', async () => {
  await netxfw.ok(['del', NETWORKS[0]!]);
  await netxfw.ok(['deny', '203.0.115.0/24']);
  expect(await sourcesThatPass(lab, ['203.0.112.77', '203.0.115.77'])).toEqual(['203.0.112.77']);
});
