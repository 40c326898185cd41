import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRemote } from '../../src/sdk/remote.ts';
import type { Netxfw } from '../../src/sdk/types.ts';
import { onCleanup } from '../support/cleanup.ts';
import { failingFsync } from '../support/failing-fsync.ts';
import { Instance } from '../support/instance.ts';
import { BAD4, FW4, GOOD4, Lab } from '../support/lab.ts';
import { eth, ipv4, packet, tcp } from '../support/packet.ts';
import { mustSync, runSync } from '../support/process.ts';
import { arrivals } from '../support/traffic.ts';

let lab: Lab;
let netxfw: Instance;
let unmount: () => void;
beforeEach(async () => {
  lab = Lab.create();
  netxfw = new Instance(lab);
  mkdirSync(netxfw.stateDir, { recursive: true });
  mustSync(['mount', '-t', 'tmpfs', '-o', 'size=256k', 'none', netxfw.stateDir]);
  unmount = onCleanup(() => void runSync(['umount', '-l', netxfw.stateDir]));
  netxfw.configure({ base: { default_deny: true }, port: { allowed_ports: [80] } });
  await netxfw.start();
  await netxfw.ok(['deny', BAD4]);
});
afterEach(async () => {
  await netxfw.reboot();
  unmount();
  lab.dispose();
});

const syn = (src: string, port: number) => ({
  name: `${src} -> ${port}`,
  bytes: packet(eth(), ipv4({ src, dst: FW4 }), tcp({ dport: port })),
});
const connections = [GOOD4, BAD4].flatMap((source) => [80, 443].map((port) => syn(source, port)));
const PASSING = [`${GOOD4} -> 80`];

const LONG = 'x'.repeat(63);
/** Changes that take more room than the last page of the journal may still have; none of them may be there afterwards. */
const CHANGES: readonly ((sdk: Netxfw) => Promise<unknown>)[] = [
  ({ rules }) => rules.add({ list: 'deny', prefix: GOOD4, reason: LONG }),
  ({ rules }) => rules.clear(undefined, { confirm: 60 }),
  ({ limits }) => limits.add({ prefix: `${GOOD4}/32`, rate: 1, burst: 1 }, { confirm: 60 }),
  ({ ports }) => ports.addRule({ prefix: '0.0.0.0/0', ports: '443', action: 'allow', reason: LONG }),
  ({ ports }) => ports.open('443/tcp', { confirm: 60 }),
  ({ config }) => config.set({ 'base.default_deny': false }, { confirm: 60 }),
];

/** Nothing can be changed, and nothing is: not for packets, not for who asks. */
async function refuseAll(sdk: Netxfw): Promise<void> {
  const before = (await sdk.rules.list()).rules;
  for (const change of CHANGES) await expect(change(sdk)).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
  expect([await sdk.limits.list(), await sdk.ports.listRules()].flat()).toEqual([]);
  expect(await sdk.ports.list()).toMatchObject([{ source: 'config' }]);
  expect(await sdk.config.pending()).toBeNull();
  expect((await sdk.rules.list()).rules).toEqual(before);
  expect(await arrivals(lab, connections)).toEqual(PASSING);
}

it('a full disk: changes are refused and undone in the kernel, the filter goes on, and later they work again', async () => {
  const filler = join(netxfw.stateDir, 'filler');
  writeFileSync(filler, '');
  try {
    for (;;) appendFileSync(filler, Buffer.alloc(1024));
  } catch {
    // Full.
  }
  await using sdk = createRemote({ socket: netxfw.socket });
  const refusal = (prefix: string) =>
    sdk.rules.add({ list: 'deny', prefix, reason: LONG }).then(
      () => null,
      (error) => error,
    );
  let first = await refusal('203.0.113.0');
  for (let i = 1; first === null && i < 100; i++) first = await refusal(`203.0.113.${i}`);
  expect(first).toMatchObject({ code: 'STORE_WRITE_FAILED', message: expect.stringContaining('no space left') });
  await refuseAll(sdk);
  const refused = await netxfw.nx(['deny', '203.0.113.200', '--reason', LONG]);
  expect(refused.status).toBe(8);
  rmSync(filler);
  await netxfw.ok(['port', 'add', '443/tcp']);
  expect(await arrivals(lab, connections)).toEqual([`${GOOD4} -> 80`, `${GOOD4} -> 443`]);
});

it('a state directory that became read-only: changes are refused, said why, undone, and work again later', async () => {
  // So that nothing is open for writing.
  await netxfw.kill();
  await netxfw.start();
  mustSync(['mount', '--bind', netxfw.stateDir, netxfw.stateDir]);
  const free = onCleanup(() => void runSync(['umount', '-l', netxfw.stateDir]));
  await using sdk = createRemote({ socket: netxfw.socket });
  try {
    mustSync(['mount', '-o', 'remount,bind,ro', netxfw.stateDir]);
    const refused = await netxfw.nx(['deny', GOOD4]);
    expect(refused).toMatchObject({ status: 8, stderr: expect.stringContaining('the file system is read-only') });
    await refuseAll(sdk);
    expect((await sdk.health.check()).checks).toContainEqual(
      expect.objectContaining({ ok: false, message: expect.stringContaining('read-only') }),
    );
  } finally {
    free();
  }
  await netxfw.ok(['port', 'add', '443/tcp']);
  await netxfw.kill();
  await netxfw.reboot();
  await netxfw.start();
  expect(await arrivals(lab, connections)).toEqual([`${GOOD4} -> 80`, `${GOOD4} -> 443`]);
});

it('a disk that fails to make things durable: the same', async () => {
  const { preload, failing } = failingFsync(lab.directory);
  await netxfw.kill();
  process.env.LD_PRELOAD = preload;
  try {
    await netxfw.start();
  } finally {
    delete process.env.LD_PRELOAD;
  }
  await netxfw.ok(['deny', '203.0.113.1']);
  await using sdk = createRemote({ socket: netxfw.socket });
  writeFileSync(failing, '');
  const refused = await netxfw.nx(['deny', GOOD4]);
  expect(refused).toMatchObject({
    status: 8,
    stderr: expect.stringContaining('the disk reports an input/output error'),
  });
  await refuseAll(sdk);
  await netxfw.kill();
  await netxfw.reboot();
  await netxfw.start();
  // What was refused is not on disk either.
  expect(await netxfw.prefixes()).toEqual([BAD4, '203.0.113.1'].sort());
  await netxfw.ok(['port', 'add', '443/tcp']);
  expect(await arrivals(lab, connections)).toEqual([`${GOOD4} -> 80`, `${GOOD4} -> 443`]);
});

it('a configuration whose file cannot be written is not followed', async () => {
  const text = readFileSync(netxfw.configFile, 'utf8');
  // Root writes everywhere but here: the file becomes a mount point of its own, which nothing can replace.
  mustSync(['mount', '--bind', netxfw.configFile, netxfw.configFile]);
  const free = onCleanup(() => void runSync(['umount', '-l', netxfw.configFile]));
  try {
    await using sdk = createRemote({ socket: netxfw.socket });
    await expect(sdk.config.set({ 'base.default_deny': false })).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
    expect((await sdk.config.get()).config.base.default_deny).toBe(true);
    expect(await arrivals(lab, connections)).toEqual(PASSING);
  } finally {
    free();
  }
  expect(readFileSync(netxfw.configFile, 'utf8')).toBe(text);
});

it('unloads whatever is broken: configuration, rules, journal, confirmation, maps', async () => {
  await netxfw.kill();
  writeFileSync(netxfw.configFile, `${readFileSync(netxfw.configFile, 'utf8')}\n  nonsense: [\n`);
  for (const file of ['rules.json', 'rules.journal', 'confirm.json', 'config.applied.yaml', 'tokens.json']) {
    writeFileSync(join(netxfw.stateDir, file), Buffer.from([0xff, 0, 0x7b, 0x22]));
  }
  for (const map of ['whitelist', 'tunables', 'meta']) rmSync(join(netxfw.pinPath, map), { force: true });
  expect(await arrivals(lab, connections)).toEqual(PASSING);
  await netxfw.ok(['system', 'unload']);
  expect(await arrivals(lab, connections)).toEqual(connections.map(({ name }) => name));
});
