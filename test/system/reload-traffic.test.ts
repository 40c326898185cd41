import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReloadKind, ReloadResult } from '../../src/model/operations.ts';
import { createRemote } from '../../src/sdk/remote.ts';
import type { Netxfw } from '../../src/sdk/types.ts';
import { Flood, hostsOf, networkOf } from '../support/flood.ts';
import { Host } from '../support/host.ts';
import { Instance } from '../support/instance.ts';
import { GOOD4, Lab } from '../support/lab.ts';

const PORT = 9999;
/** Frames of one call into the kernel: some tens of milliseconds. */
const CHUNK = 64 * 1000;
const INCREMENTAL = 50;
const FULL = 10;

/** Class 0 is denied host by host, class 1 as a network; class 2 reaches an open port, class 3 is whitelisted. */
const CONFIG = {
  base: { default_deny: true, allow_icmp: false },
  port: { allowed_ports: [`${PORT}/udp`] },
  whitelist: [networkOf(3)],
  rate_limit: { rules: [{ ip: '192.0.2.0/24', rate: 1000, burst: 1000 }] },
};

const lab = Lab.create();
const netxfw = new Instance(lab, 'a', { config: CONFIG as never });
const fw = new Host(lab.fw);
const peer = new Host(lab.peer);
let flood: Flood;
let sdk: Netxfw;

beforeAll(async () => {
  await netxfw.start();
  sdk = createRemote({ socket: netxfw.socket });
  await sdk.rules.addMany(hostsOf(0).map((prefix) => ({ list: 'deny', prefix })));
  await sdk.rules.add({ list: 'deny', prefix: networkOf(1) });
  flood = new Flood(lab, PORT);
});
afterAll(async () => {
  flood[Symbol.dispose]();
  await sdk.close();
  fw.dispose();
  peer.dispose();
  await netxfw.reboot();
  lab.dispose();
});

/** What changes from one reload to the next; none of it is about the traffic. */
const SMALL: readonly Readonly<Record<string, unknown>>[] = [
  { 'base.drop_fragments': true, 'base.icmp_rate': 200 },
  { 'base.strict_protocol': true, whitelist: [networkOf(3), '192.0.2.7'] },
  { 'port.allowed_ports': [`${PORT}/udp`, 80, '8000-8100'], 'rate_limit.syn_limit.enabled': true },
  { 'port.ip_port_rules': [{ ip: '192.0.2.0/24', port: 22, action: 'allow' }], 'rate_limit.rules': [] },
  { 'base.default_deny': false, 'base.drop_fragments': false },
  { 'base.default_deny': true, 'base.strict_protocol': false, 'port.ip_port_rules': [] },
  { 'port.allowed_ports': ['9000-9999/udp'], whitelist: [networkOf(3)] },
  { 'port.allowed_ports': [`${PORT}/udp`], 'rate_limit.rules': CONFIG.rate_limit.rules, 'conntrack.tcp_timeout': '2h' },
  { 'conntrack.tcp_timeout': '1h', 'base.icmp_rate': 100, 'rate_limit.syn_limit.enabled': false },
];
/** Other sizes each time, of each kind of map. */
const LARGE: readonly ((n: number) => Readonly<Record<string, unknown>>)[] = [
  (n) => ({ 'capacity.lock_hosts': 30_000 + 1000 * n, 'capacity.whitelist': 3000 + n }),
  (n) => ({ 'capacity.lock_list': 20_000 + n, 'conntrack.max_entries': 50_000 + n }),
  (n) => ({ 'capacity.rate_limits': 100 + n, 'capacity.ip_port_rules': 100 + n, 'capacity.dyn_lock_list': 1000 + n }),
  (n) => ({ 'capacity.lock_hosts': 2_000_000 - 1000 * n, 'capacity.rate_state': 10_000 + 1000 * n }),
];

async function reload(values: Readonly<Record<string, unknown>>): Promise<ReloadResult> {
  const { yaml } = await sdk.config.get();
  const result = await sdk.config.set(values);
  // The text changed, or the test would measure nothing.
  expect((await sdk.config.get()).yaml).not.toBe(yaml);
  return result;
}

/** Sends without pause while `work` runs. @returns packets per second while it sent */
async function flooded(work: () => Promise<void>): Promise<number> {
  let done = false;
  const finished = work().finally(() => {
    done = true;
  });
  let frames = 0;
  let seconds = 0;
  while (!done) {
    seconds += flood.send(CHUNK);
    frames += CHUNK;
    await turn();
  }
  await finished;
  return Math.round(frames / seconds);
}

it('judges every packet right while the configuration is reloaded again and again', async () => {
  await peer.listen(7000, GOOD4);
  const near = await fw.connect(GOOD4, 7000);
  const far = await peer.accept(7000);
  const before = flood.received();
  const kinds: ReloadKind[] = [];
  let exchanged = 0;
  const rate = await flooded(async () => {
    for (let i = 0; i < INCREMENTAL + FULL; i++) {
      const large = i % 6 === 5;
      const values = large
        ? LARGE[Math.floor(i / 6) % LARGE.length]!(i)
        : SMALL[(i - Math.floor(i / 6)) % SMALL.length]!;
      kinds.push((await reload(values)).kind);
      // A tracked connection carries data both ways all the time.
      await near.write(`question ${i};`);
      expect(await far.read(`question ${i};`.length)).toBe(`question ${i};`);
      await far.write(`answer ${i};`);
      expect(await near.read(`answer ${i};`.length)).toBe(`answer ${i};`);
      exchanged++;
    }
  });
  const { sent, arrived } = flood.tally();
  const total = sent.reduce((sum, frames) => sum + frames, 0);
  const lost = total - (flood.received() - before);
  console.info(`${rate} packets/s, ${total} packets, ${lost} lost on the cable`, { sent, arrived });
  expect(kinds.filter((kind) => kind === 'incremental')).toHaveLength(INCREMENTAL);
  expect(kinds.filter((kind) => kind === 'full')).toHaveLength(FULL);
  expect(exchanged).toBe(INCREMENTAL + FULL);
  expect(total).toBeGreaterThan(1_000_000);
  expect(arrived.slice(0, 2), 'denied packets that passed').toEqual([0, 0]);
  // Frames of the TCP connection are received too, and make up for some that the cable lost.
  const missing = sent[2]! + sent[3]! - arrived[2]! - arrived[3]!;
  const dropped = (await sdk.stats.get()).reasons.filter(({ verdict }) => verdict === 'drop');
  expect(dropped.map(({ reason }) => reason).sort()).toEqual(['DROP_DENIED_HOST', 'DROP_DENIED_NETWORK']);
  expect(missing, 'allowed packets that did not arrive').toBeLessThanOrEqual(Math.max(0, lost));
});
