import { afterAll, beforeAll, expect, it } from 'vitest';
import { Host } from '../support/host.ts';
import { Instance } from '../support/instance.ts';
import { KernelView } from '../support/kernel-view.ts';
import { FW4, FW6, Lab } from '../support/lab.ts';

/** What a scanner learns about a host under default deny: the open ports and ssh, and of nothing else that it is closed. */
const CONFIG = {
  base: { default_deny: true, allow_icmp: false },
  port: { allowed_ports: ['80/tcp', '53/udp'] },
};

const lab = Lab.create();
const netxfw = new Instance(lab, 'scan', { config: CONFIG });
const view = new KernelView(netxfw.pinPath);
const fw = new Host(lab.fw);

beforeAll(async () => {
  // Ports 21 and 8080 have a service that nobody outside shall see; port 23 has none.
  for (const port of [21, 22, 80, 8080]) await fw.serveEcho(port);
  for (const host of [FW4, FW6]) {
    await fw.serveUdp(host, 53, 20);
    await fw.serveUdp(host, 69, 20);
  }
  await netxfw.ok(['system', 'load']);
});
afterAll(() => {
  fw.dispose();
  lab.dispose();
});

const PORTS = '1-120,8080,65535';

/** Ports by what nmap thinks of them, from its XML. */
async function scan(target: string, kind: string): Promise<Record<string, number[]>> {
  const six = target.includes(':') ? ['-6'] : [];
  const quick = ['-n', '-Pn', '--max-retries', '1', '--min-rate', '500', '--host-timeout', '60s'];
  const xml = await lab.peer.must(['nmap', ...six, kind, ...quick, '-p', PORTS, '-oX', '-', target]);
  const found: Record<string, number[]> = { open: [], closed: [] };
  for (const [, port, state] of xml.matchAll(/portid="(\d+)"><state state="([^"]+)"/g)) {
    found[state!] ??= [];
    found[state!]!.push(Number(port));
  }
  return found;
}

const TARGETS = [FW4, FW6];

it.each(TARGETS)('a SYN scan of %s sees ssh and the open port, and of the rest nothing', async (target) => {
  expect(await scan(target, '-sS')).toMatchObject({ open: [22, 80], closed: [] });
});

it.each(TARGETS.flatMap((target) => ['-sN', '-sF', '-sX'].map((kind) => [kind, target] as const)))(
  'nmap %s of %s meets silence, at open ports too',
  async (kind, target) => {
    const counted = view.counting();
    expect(await scan(target, kind)).toMatchObject({ open: [], closed: [] });
    expect(counted('DROP_TCP_FLAGS')).toBeGreaterThanOrEqual(122);
  },
);

it.each(TARGETS)('an ACK scan of %s finds only the open ports unfiltered', async (target) => {
  expect(await scan(target, '-sA')).toMatchObject({ unfiltered: [22, 80] });
});

it.each(TARGETS)('a UDP scan of %s sees the open port, and of the rest nothing', async (target) => {
  expect(await scan(target, '-sU')).toMatchObject({ open: [53], closed: [] });
});

it('a scan of protocols finds none', async () => {
  const counted = view.counting();
  const quick = ['-n', '-Pn', '--max-retries', '0', '--min-rate', '500'];
  const xml = await lab.peer.must(['nmap', '-sO', ...quick, '-p', '2,4,41,47,50,51,89,132', '-oX', '-', FW4]);
  expect([...xml.matchAll(/state="(open|closed)"/g)]).toEqual([]);
  expect(counted('DROP_DEFAULT')).toBeGreaterThanOrEqual(8);
});
