import { afterAll, beforeAll, expect, it } from 'vitest';
import { Host } from '../support/host.ts';
import { Instance } from '../support/instance.ts';
import { KernelView } from '../support/kernel-view.ts';
import { FW_DEVICE, FW4, FW6, GOOD6, Lab, PEER_DEVICE, PEER_MAC } from '../support/lab.ts';
import { until } from '../support/process.ts';

/** Slow enough that the time which a busy machine takes makes few packets of it. */
const RATE = 2;
const BURST = 20;
const CONFIG = {
  base: { icmp_rate: RATE, icmp_burst: BURST },
  port: { allowed_ports: [80] },
  rate_limit: {
    syn_limit: { enabled: true, rate: RATE, burst: BURST },
    auto_block: true,
    auto_block_expiry: '5s',
    rules: [
      { ip: '0.0.0.0/0', rate: 1_000_000, burst: 1_000_000 },
      { ip: '198.51.100.78', rate: RATE, burst: 2 * BURST },
    ],
  },
};

const lab = Lab.create();
const netxfw = new Instance(lab, 'flood', { config: CONFIG });
const view = new KernelView(netxfw.pinPath);
const fw = new Host(lab.fw);
const peer = new Host(lab.peer);

beforeAll(async () => {
  await fw.serveEcho(80);
  await netxfw.ok(['system', 'load']);
});
afterAll(() => {
  fw.dispose();
  peer.dispose();
  lab.dispose();
});

/** @returns seconds that it took */
async function flood(source: string, ...what: string[]): Promise<number> {
  const from = process.hrtime.bigint();
  await lab.peer.run(['hping3', '-q', '-n', '-i', 'u500', '-a', source, ...what, FW4], { timeout: 60_000 });
  return Number(process.hrtime.bigint() - from) / 1e9;
}

/** What a bucket lets pass in so many seconds. */
const most = (burst: number, seconds: number): number => burst + Math.ceil(RATE * seconds);

/** Sources that no host has, so that nobody answers what this host sends to them. */
const FLOODERS = ['198.51.100.77', '198.51.100.78', '198.51.100.79'] as const;
const [SYN_FLOODER, UDP_FLOODER, ICMP_FLOODER] = FLOODERS;

beforeAll(() => {
  for (const address of FLOODERS) {
    lab.fw.ip('neigh', 'replace', address, 'lladdr', PEER_MAC, 'dev', FW_DEVICE, 'nud', 'permanent');
  }
});

it('a SYN flood is cut to its budget, its source blocked, and no flow is made of it', async () => {
  const counted = view.counting();
  const seconds = await flood(SYN_FLOODER, '-S', '-p', '80', '-c', '400');
  const passed = 400 - counted('DROP_SYN_LIMIT', 'DROP_DYNAMIC');
  expect(passed).toBeGreaterThanOrEqual(BURST);
  expect(passed).toBeLessThanOrEqual(most(BURST, seconds));
  expect(counted('DROP_SYN_LIMIT')).toBeGreaterThanOrEqual(1);
  expect(view.flows()).toEqual([]);
});

it('the block is for that source alone, and ends by itself', async () => {
  await flood(SYN_FLOODER, '-S', '-p', '80', '-c', '50');
  expect(view.blocked()).toEqual([SYN_FLOODER]);
  expect(await peer.tries(FW4, 80)).toBe('open');
  expect(await peer.tries(FW6, 80)).toBe('open');
  await until('the end of the block', () => view.blocked().length === 0);
  const counted = view.counting();
  await flood(SYN_FLOODER, '-S', '-p', '80', '-c', '1');
  expect(counted('DROP_SYN_LIMIT', 'DROP_DYNAMIC')).toBe(0);
});

it('a UDP flood is cut by the limit of its network, whatever ports it tries', async () => {
  const counted = view.counting();
  const seconds = await flood(UDP_FLOODER, '--udp', '-p', '++1', '-c', '400');
  const passed = 400 - counted('DROP_RATE_LIMIT', 'DROP_DYNAMIC');
  expect(passed).toBeGreaterThanOrEqual(2 * BURST);
  expect(passed).toBeLessThanOrEqual(most(2 * BURST, seconds));
  expect(counted('DROP_RATE_LIMIT')).toBeGreaterThanOrEqual(1);
});

it('an ICMP flood uses up the budget that all sources share, and blocks nobody', async () => {
  const counted = view.counting();
  const seconds = await flood(ICMP_FLOODER, '--icmp', '-c', '400');
  expect(400 - counted('DROP_ICMP_LIMIT')).toBeLessThanOrEqual(most(BURST, seconds));
  expect(view.blocked()).not.toContain(ICMP_FLOODER);
  // Neighbour discovery is exempt: without it nothing else would work either.
  lab.peer.ip('-6', 'neigh', 'flush', 'dev', PEER_DEVICE);
  lab.peer.ip('-6', 'neigh', 'del', FW6, 'dev', PEER_DEVICE);
  const solicited = view.counting();
  expect(await peer.tries(FW6, 80)).toBe('open');
  expect(solicited('DROP_ICMP_LIMIT')).toBe(0);
  const ping = ['ping', '-n', '-c', '1', '-W', '1', '-I', GOOD6, FW6];
  await until('the budget to come back', async () => (await lab.peer.run(ping)).status === 0);
});
