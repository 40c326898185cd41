import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRemote } from '../../src/sdk/remote.ts';
import type { Netxfw } from '../../src/sdk/types.ts';
import { Instance } from '../support/instance.ts';
import { BAD4, FW4, GOOD4, Lab } from '../support/lab.ts';
import { eth, ipv4, packet, tcp } from '../support/packet.ts';
import { until } from '../support/process.ts';
import { arrivals } from '../support/traffic.ts';

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

const syn = (src: string, port: number) => ({
  name: `${src} -> ${port}`,
  bytes: packet(eth(), ipv4({ src, dst: FW4 }), tcp({ dport: port })),
});
const PORTS = [22, 80, 443];
const connections = [GOOD4, BAD4].flatMap((source) => PORTS.map((port) => syn(source, port)));
const EVERYTHING = connections.map(({ name }) => name);

const OPEN = { base: { default_deny: false } };
const CLOSED = { base: { default_deny: true }, port: { allowed_ports: ['80/tcp'] } };
const THROUGH_CLOSED = EVERYTHING.filter((name) => !name.endsWith('443'));

const passing = () => arrivals(lab, connections);

async function inDaemon<T>(work: (sdk: Netxfw) => Promise<T>): Promise<T> {
  await using sdk = createRemote({ socket: netxfw.socket });
  return await work(sdk);
}

describe('reload', () => {
  it('follows the file: switches, ports, lists, capacities', async () => {
    await netxfw.start();
    await netxfw.ok(['deny', BAD4, '--reason', 'kept']);
    expect(await passing()).toEqual(EVERYTHING.filter((name) => name.startsWith(GOOD4)));
    netxfw.configure({ ...CLOSED, whitelist: [BAD4] } as never);
    expect(await inDaemon(({ config }) => config.reload())).toMatchObject({ kind: 'incremental' });
    expect(await passing()).toEqual([
      ...THROUGH_CLOSED.filter((name) => name.startsWith(GOOD4)),
      ...EVERYTHING.slice(3),
    ]);
    netxfw.configure({
      ...OPEN,
      capacity: { lock_list: 1000, lock_hosts: 5000, rate_limits: 10 },
      conntrack: { max_entries: 5000 },
    });
    expect(await inDaemon(({ config }) => config.reload())).toMatchObject({ kind: 'full' });
    expect(await passing()).toEqual(EVERYTHING.filter((name) => name.startsWith(GOOD4)));
    expect((await netxfw.status()).maps.find(({ name }) => name === 'rate_limit')?.capacity).toBe(10);
    expect(await inDaemon(({ config }) => config.reload())).toMatchObject({ kind: 'none', changes: [] });
  });

  it('of a broken file changes nothing and fails', async () => {
    netxfw.configure(CLOSED);
    await netxfw.start();
    writeFileSync(netxfw.configFile, `${readFileSync(netxfw.configFile, 'utf8')}\nmode: perhaps\n`);
    const refused = await netxfw.nx(['reload']);
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toMatch(/config\.yaml:\d+: mode/);
    expect(await passing()).toEqual(THROUGH_CLOSED);
  });

  it('that the kernel refuses changes nothing', async () => {
    netxfw.configure(CLOSED);
    await netxfw.start();
    await netxfw.ok(['deny', '203.0.113.1']);
    await netxfw.ok(['deny', '203.0.113.2']);
    await netxfw.ok(['deny', '203.0.113.0/25']);
    await netxfw.ok(['deny', '203.0.113.128/25']);
    netxfw.configure({ ...OPEN, capacity: { lock_list: 1 } });
    expect(await netxfw.nx(['reload'])).toMatchObject({ status: 7 });
    expect(await passing()).toEqual(THROUGH_CLOSED);
    netxfw.configure({ base: { default_deny: false, interfaces: ['nonesuch'] } });
    expect((await netxfw.nx(['reload'])).status).not.toBe(0);
    expect(await passing()).toEqual(THROUGH_CLOSED);
    expect((await netxfw.status()).rules.deny).toBe(4);
  });

  it('comes with SIGHUP, too', async () => {
    const daemon = await netxfw.start();
    netxfw.configure(CLOSED);
    daemon.signal('SIGHUP');
    await until('the new policy', async () => (await passing()).length === THROUGH_CLOSED.length);
    writeFileSync(netxfw.configFile, 'nonsense');
    daemon.signal('SIGHUP');
    await until('the complaint', () => /CONFIG_INVALID|config\.yaml:1/.test(daemon.stderr + daemon.stdout));
    expect(daemon.status).toBeUndefined();
    expect(await passing()).toEqual(THROUGH_CLOSED);
  });

  it('works without a daemon, and nothing but a reload follows an edit', async () => {
    await netxfw.ok(['system', 'load']);
    netxfw.configure(CLOSED);
    await netxfw.ok(['deny', '203.0.113.1']);
    expect(await passing()).toEqual(EVERYTHING);
    await netxfw.ok(['reload']);
    expect(await passing()).toEqual(THROUGH_CLOSED);
    await netxfw.ok(['port', 'add', '443/tcp']);
    expect(await passing()).toEqual(EVERYTHING);
    netxfw.configure(OPEN);
    await netxfw.ok(['port', 'del', '443/tcp']);
    expect(await passing()).toEqual(THROUGH_CLOSED);
  });
});

describe('a change to be confirmed', () => {
  const restartBeforeTheEnd = async () => {
    await netxfw.kill();
    await netxfw.start();
  };

  it.each([
    ['while the daemon runs', async () => {}],
    ['by a daemon that took over meanwhile', restartBeforeTheEnd],
  ])('is undone %s', async (_when, meanwhile) => {
    netxfw.configure(OPEN);
    await netxfw.start();
    const text = readFileSync(netxfw.configFile, 'utf8');
    netxfw.configure(CLOSED);
    await inDaemon(({ config }) => config.reload({ confirm: 4 }));
    expect(await passing()).toEqual(THROUGH_CLOSED);
    await meanwhile();
    await until('the old policy', async () => (await passing()).length === EVERYTHING.length);
    await until('the record to go', () => inDaemon(async ({ config }) => (await config.pending()) === null));
    expect(readFileSync(netxfw.configFile, 'utf8')).toBe(text);
    expect(readFileSync(`${netxfw.configFile}.rolled-back`, 'utf8')).toContain('80/tcp');
  });

  it('is undone by the start after its time was over, before any packet meets it', async () => {
    netxfw.configure(OPEN);
    await netxfw.start();
    netxfw.configure(CLOSED);
    await inDaemon(async ({ config, rules }) => {
      await config.reload({ confirm: 1 });
      await rules.add({ list: 'deny', prefix: '203.0.113.9' });
    });
    await netxfw.kill();
    await netxfw.reboot();
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await netxfw.start();
    expect(await passing()).toEqual(EVERYTHING);
    expect(await netxfw.prefixes()).toEqual(['203.0.113.9']);
    expect((await netxfw.status()).warnings.join()).toContain('was not confirmed in time');
  });

  it('is undone without any daemon', async () => {
    await netxfw.ok(['system', 'load']);
    await netxfw.ok(['deny', GOOD4, '--confirm', '8s', '--accept-risk', 'lockout']);
    expect(await passing()).toEqual(EVERYTHING.filter((name) => name.startsWith(BAD4)));
    // Whoever waits for the deadline keeps nobody from working.
    await netxfw.ok(['deny', '203.0.113.9']);
    await until('the old policy', async () => (await passing()).length === EVERYTHING.length);
    expect(await netxfw.prefixes()).toEqual(['203.0.113.9']);
  });

  it('is undone by the next command when the daemon that made it is gone', async () => {
    await netxfw.start();
    await inDaemon(({ rules }) => rules.add({ list: 'deny', prefix: GOOD4 }, { confirm: 1, acceptRisk: ['lockout'] }));
    await netxfw.kill();
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(await netxfw.prefixes()).toEqual([]);
    expect(await passing()).toEqual(EVERYTHING);
  });

  it('stays when it is confirmed', async () => {
    await netxfw.start();
    netxfw.configure(CLOSED);
    await netxfw.ok(['reload', '--confirm', '3s']);
    await netxfw.ok(['confirm']);
    await netxfw.kill();
    await new Promise((resolve) => setTimeout(resolve, 3100));
    await netxfw.start();
    expect(await passing()).toEqual(THROUGH_CLOSED);
  });
});
