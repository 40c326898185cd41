import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Instance } from '../support/instance.ts';
import { Lab } from '../support/lab.ts';
import { randomAddresses4 } from '../support/lists.ts';
import { readKernelLists } from '../support/pinned-lists.ts';
import { must } from '../support/process.ts';

let labs: Lab[] = [];
beforeEach(() => {
  labs = [Lab.create(), Lab.create()];
});
afterEach(() => {
  for (const lab of labs) lab.dispose();
});

const IMPORTED = [...randomAddresses4(3000, 11), '2001:db8:5::/48', '2001:db8:6::9', '203.0.112.0/20'];

/** A day in the life: every kind of entry added, replaced, imported and removed. */
async function work(netxfw: Instance): Promise<void> {
  const list = join(netxfw.directory, 'list.txt');
  writeFileSync(list, IMPORTED.join('\n'));
  const commands = [
    ['deny', '192.0.2.1', '--reason', 'first'],
    ['deny', '192.0.2.1', '--reason', 'second'],
    ['deny', '198.18.0.0/15'],
    ['deny', '192.0.2.130', '--ttl', '7d'],
    ['deny', '2001:db8:1::1'],
    ['deny', '2001:db8:2::/48', '--reason', 'network'],
    ['allow', '192.0.2.1'],
    ['allow', '2001:db8:2::7', '--ttl', '1d', '--reason', 'guest'],
    ['allow', '10.0.0.0/8'],
    ['rule', 'import', 'deny', list],
    ['del', IMPORTED[7]!],
    ['del', '198.18.0.0/15'],
    ['deny', '192.0.2.130'],
    ['rule', 'import', 'deny', list, '--reason', 'again'],
  ];
  for (const command of commands) await netxfw.ok(command);
}

/** The rules as a person would compare them: everything but the moments at which they were made. */
async function rulesOf(netxfw: Instance): Promise<string[]> {
  const rules = await netxfw.rules();
  return rules
    .map((r) => `${r.list} ${r.prefix} ${r.reason} ${r.source} ${r.expiresAt === null ? '' : 'expires'}`)
    .sort();
}

it('leaves the same state with and without a daemon, in the kernel and on disk', async () => {
  const [alone, served] = labs.map((lab) => new Instance(lab)) as [Instance, Instance];
  await alone.ok(['system', 'load']);
  await served.start();
  await Promise.all([work(alone), work(served)]);

  const rules = await rulesOf(alone);
  expect(rules).toEqual(await rulesOf(served));
  const kernel = readKernelLists(alone.pinPath);
  expect(kernel).toEqual(readKernelLists(served.pinPath));
  expect(kernel.hosts.length).toBeGreaterThan(2990);
  expect(kernel.deniedNetworks.length).toBeGreaterThan(0);

  // Now only the disk speaks: pins and processes are gone, and each is brought up in the other way.
  await Promise.all([alone.reboot(), served.reboot()]);
  await must(['test', '!', '-e', alone.pinPath]);
  await alone.start();
  await served.ok(['system', 'load']);
  expect(await rulesOf(alone)).toEqual(rules);
  expect(await rulesOf(served)).toEqual(rules);
  expect(readKernelLists(alone.pinPath)).toEqual(kernel);
  expect(readKernelLists(served.pinPath)).toEqual(kernel);
  await alone.reboot();
  await served.reboot();
});
