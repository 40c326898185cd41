import { afterAll, beforeAll, expect, it } from 'vitest';
import { Host } from '../support/host.ts';
import { Instance } from '../support/instance.ts';
import { KernelView } from '../support/kernel-view.ts';
import { FW4, GOOD4, GOOD6, Lab } from '../support/lab.ts';
import { Namespace } from '../support/netns.ts';

/** The peer is a router; behind it is a link that carries less than the firewall's own. No ICMP is let in but what belongs. */
const CONFIG = { base: { default_deny: true, allow_icmp: false } };
const NARROW = 1300;
const FAR4 = '203.0.113.9';
const FAR6 = '2001:db8:9::9';

const lab = Lab.create();
const beyond = new Namespace('beyond');
const netxfw = new Instance(lab, 'mtu', { config: CONFIG });
const view = new KernelView(netxfw.pinPath);
const fw = new Host(lab.fw);
const far = new Host(beyond);

beforeAll(async () => {
  // Only the router's end is narrow: the far host announces full segments, so that this host sends them.
  lab.peer.ip('link', 'add', 'nxr0', 'mtu', `${NARROW}`, 'type', 'veth', 'peer', 'name', 'nxb0', 'netns', beyond.name);
  for (const [at, device, addresses] of [
    [lab.peer, 'nxr0', ['203.0.113.1/24', '2001:db8:9::1/64']],
    [beyond, 'nxb0', [`${FAR4}/24`, `${FAR6}/64`]],
  ] as const) {
    at.ip('link', 'set', device, 'up');
    for (const address of addresses) at.ip('addr', 'add', address, 'dev', device, 'nodad');
  }
  await lab.peer.must(['sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1']);
  for (const [at, four, six] of [
    [lab.fw, GOOD4, GOOD6],
    [beyond, '203.0.113.1', '2001:db8:9::1'],
  ] as const) {
    at.ip('route', 'add', 'default', 'via', four);
    at.ip('-6', 'route', 'add', 'default', 'via', six);
  }
  await netxfw.ok(['system', 'load']);
});
afterAll(() => {
  fw.dispose();
  far.dispose();
  beyond.dispose();
  lab.dispose();
});

it.each([
  { family: 'IPv4', to: FAR4, port: 4004 },
  { family: 'IPv6', to: FAR6, port: 4006 },
])('big segments find their size over a narrower link: $family', async ({ to, port }) => {
  const counted = view.counting();
  await far.listen(port, to);
  const near = await fw.connect(to, port);
  const other = await far.accept(port);
  await near.writeBytes(100_000);
  expect(await other.read(100_000)).toBe(100_000);
  expect(counted('PASS_RELATED')).toBeGreaterThan(0);
  expect(lab.fw.ip('-d', 'route', 'get', to)).toContain(`mtu ${NARROW}`);
  await near.reset();
});

it('an error that quotes no connection of this host stays outside', async () => {
  const counted = view.counting();
  await lab.peer.run(['hping3', '--icmp', '--icmptype', '3', '--icmpcode', '4', '-c', '1', FW4], { timeout: 10_000 });
  expect(counted('PASS_RELATED')).toBe(0);
  expect(counted('DROP_DEFAULT')).toBe(1);
});
