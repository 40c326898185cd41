import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRemote } from '../../src/sdk/remote.ts';
import { Instance } from '../support/instance.ts';
import { Lab } from '../support/lab.ts';
import { randomAddresses4 } from '../support/lists.ts';
import { sourcesThatPass } from '../support/traffic.ts';

let lab: Lab;
let netxfw: Instance;
beforeEach(() => {
  lab = Lab.create();
  netxfw = new Instance(lab);
});
afterEach(async () => {
  await netxfw.reboot();
  lab.dispose();
});

const addresses = randomAddresses4(2006, 5);
const [first, second, single] = [addresses.slice(0, 1000), addresses.slice(1000, 2000), addresses.slice(2000)];

async function writeAtOnce(): Promise<void> {
  const importing = [first, second].map((list, i) => {
    const file = join(lab.directory, `list-${i}.txt`);
    writeFileSync(file, list.join('\n'));
    return netxfw.nx(['rule', 'import', 'deny', file]);
  });
  const denying = single.map((address) => netxfw.nx(['deny', address]));
  for (const result of await Promise.all([...importing, ...denying])) expect(result).toMatchObject({ status: 0 });
}

async function expectNothingLost(): Promise<void> {
  expect((await netxfw.status()).rules).toMatchObject({ allow: 0, deny: addresses.length });
  expect(await sourcesThatPass(lab, addresses)).toEqual([]);
  // The disk alone must say the same.
  await netxfw.reboot();
  await netxfw.ok(['system', 'load']);
  expect((await netxfw.status()).rules).toMatchObject({ allow: 0, deny: addresses.length });
  expect(await sourcesThatPass(lab, addresses)).toEqual([]);
}

it('serialises commands that write at once without a daemon', async () => {
  await netxfw.ok(['system', 'load']);
  await writeAtOnce();
  await expectNothingLost();
});

it('serialises commands that write at once through the daemon', async () => {
  await netxfw.start();
  await writeAtOnce();
  await expectNothingLost();
});

it('serialises commands that change limits, ports and the configuration at once, and loses none', async () => {
  await netxfw.ok(['system', 'load']);
  const numbers = [1, 2, 3, 4];
  const commands = [
    ...numbers.map((n) => ['limit', 'add', `10.${n}.0.0/16`, '--rate', '100']),
    ...numbers.map((n) => ['port', 'add', `${8000 + n}/tcp`]),
    ...numbers.map((n) => ['deny', `192.0.2.${n}:443/tcp`]),
    ['security', 'fragments', 'on'],
    ['security', 'bogon', 'on'],
    ['security', 'strict-tcp', 'off'],
  ];
  const results = await Promise.all(commands.map((command) => netxfw.nx(command)));
  for (const [i, result] of results.entries()) expect(result, commands[i]!.join(' ')).toMatchObject({ status: 0 });
  const expectAll = async () => {
    await using sdk = createRemote({ socket: netxfw.socket });
    expect((await sdk.limits.list()).map(({ prefix }) => prefix).sort()).toEqual(numbers.map((n) => `10.${n}.0.0/16`));
    expect((await sdk.ports.list()).map(({ ports }) => ports).sort()).toEqual(numbers.map((n) => `${8000 + n}`));
    expect((await sdk.ports.listRules()).map(({ prefix }) => prefix).sort()).toEqual(
      numbers.map((n) => `192.0.2.${n}`),
    );
    const { base } = (await sdk.config.get()).config;
    expect(base).toMatchObject({ drop_fragments: true, bogon_filter: true, strict_tcp: false });
  };
  await netxfw.start();
  await expectAll();
  // The disk alone must say the same.
  await netxfw.reboot();
  await netxfw.start();
  await expectAll();
});
