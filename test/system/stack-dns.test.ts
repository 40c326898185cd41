import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Host } from '../support/host.ts';
import { Instance } from '../support/instance.ts';
import { KernelView } from '../support/kernel-view.ts';
import { FW4, FW6, GOOD4, GOOD6, Lab } from '../support/lab.ts';
import { startDnsmasq } from '../support/serve.ts';

/** DNS, UDP and ping of two hosts, under default deny. */
const CONFIG = {
  base: { default_deny: true, allow_icmp: false },
  port: { allowed_ports: ['53/udp', '5353/udp'] },
  conntrack: { udp_unreplied_timeout: '2s', udp_timeout: '4s' },
};

const lab = Lab.create();
const netxfw = new Instance(lab, 'dns', { config: CONFIG });
const view = new KernelView(netxfw.pinPath);
const fw = new Host(lab.fw);
const peer = new Host(lab.peer);

/** Twelve records of 250 characters: three fragments over Ethernet. */
const BIG = Array.from({ length: 12 }, (_, i) => `txt-record=big.test,${String.fromCharCode(97 + i).repeat(250)}`);

beforeAll(async () => {
  await startDnsmasq(lab.peer, lab.directory, [
    'edns-packet-max=4096',
    'host-record=small.test,192.0.2.7,2001:db8:7::7',
    ...BIG,
  ]);
  for (const host of [FW4, FW6]) {
    await fw.serveUdp(host, 5353, 20);
    await fw.serveUdp(host, 7000, 20);
  }
  for (const other of [GOOD4, GOOD6]) await peer.serveUdp(other, 6000, 6000);
  await netxfw.ok(['system', 'load']);
});
afterAll(() => {
  fw.dispose();
  peer.dispose();
  lab.dispose();
});

const dig = (server: string, ...args: string[]): Promise<string> =>
  lab.fw.must(['dig', '+short', '+time=5', '+tries=2', `@${server}`, ...args]);

describe.each([
  { family: 'IPv4', host: FW4, other: GOOD4 },
  { family: 'IPv6', host: FW6, other: GOOD6 },
])('over $family, under default deny', ({ family, host, other }) => {
  it('names are found by UDP and by TCP', async () => {
    expect((await dig(other, 'small.test', 'A')).trim()).toBe('192.0.2.7');
    expect((await dig(other, '+tcp', 'small.test', 'AAAA')).trim()).toBe('2001:db8:7::7');
    expect((await dig(other, '+tcp', 'big.test', 'TXT')).trim().length).toBeGreaterThan(3000);
  });

  it('an answer in fragments arrives whole', async () => {
    const counted = view.counting();
    const answer = await dig(other, '+notcp', '+ignore', '+bufsize=4096', 'big.test', 'TXT');
    expect(answer.trim().length).toBeGreaterThan(3000);
    expect(counted('PASS_FRAGMENT')).toBe(2);
    expect(await fw.asksUdp(other, 6000)).toBe(6000);
  });

  it('an open port answers, and no other does', async () => {
    expect(await peer.asksUdp(host, 5353)).toBe(20);
    const counted = view.counting();
    expect(await peer.asksUdp(host, 7000, { ms: 800 })).toBe('timeout');
    expect(counted('DROP_DEFAULT')).toBe(1);
    expect(view.flows().filter(({ sourcePort }) => sourcePort === 5353)).toEqual([]);
  });

  it('a datagram from where none was sent to is no answer', async () => {
    expect(await fw.asksUdp(other, 6000, { localPort: 40_123 })).toBe(6000);
    const counted = view.counting();
    expect(await peer.asksUdp(host, 40_123, { ms: 500, localPort: 6001 })).toBe('timeout');
    expect(counted('DROP_DEFAULT')).toBe(1);
  });

  it('this host may ping, others may not', async () => {
    const ping = (target: string) => ['ping', '-n', '-c', '2', '-i', '0.2', '-W', '2', target];
    expect((await lab.fw.run(ping(other))).status).toBe(0);
    expect((await lab.fw.run([...ping(other).slice(0, -1), '-s', '4000', other])).status).toBe(0);
    const counted = view.counting();
    expect((await lab.peer.run([...ping(host).slice(0, -3), '-W', '1', host])).status).not.toBe(0);
    expect(counted('DROP_DEFAULT')).toBe(2);
    const protocol = family === 'IPv4' ? 1 : 58;
    expect(view.flows().filter((flow) => flow.protocol === protocol).length).toBeGreaterThan(0);
  });
});
