import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Host } from '../support/host.ts';
import { Instance } from '../support/instance.ts';
import { KernelView } from '../support/kernel-view.ts';
import { FW_DEVICE, FW4, FW6, GOOD4, GOOD6, Lab } from '../support/lab.ts';
import { Namespace } from '../support/netns.ts';
import { eth, ipv4, ipv6, packet, serviceTag, tcp, vlan } from '../support/packet.ts';
import { arrivals } from '../support/traffic.ts';

/** A host with two networks, and behind it a container that is published on a port of the host's. */
const CONFIG = {
  base: { default_deny: true, anti_spoof: 'strict' },
  port: { allowed_ports: ['80/tcp'] },
};
const LAN = 'nxf1';
const LAN4 = '10.66.0.1';
const LAN6 = 'fd66::1';
const NEIGHBOUR4 = '10.66.0.2';
const NEIGHBOUR6 = 'fd66::2';
const CONTAINER4 = '172.31.0.2';

const lab = Lab.create();
const lan = new Namespace('lan');
const box = new Namespace('box');
const netxfw = new Instance(lab, 'topology', { interfaces: [FW_DEVICE, LAN], config: CONFIG });
const view = new KernelView(netxfw.pinPath);
const fw = new Host(lab.fw);
const peer = new Host(lab.peer);
const neighbour = new Host(lan);
const container = new Host(box);

/** As Docker publishes a port: destination changed before routing, the source hidden on the way out. */
const NAT = `table ip nat {
  chain prerouting {
    type nat hook prerouting priority dstnat
    iifname "${FW_DEVICE}" tcp dport { 80, 8080 } dnat to ${CONTAINER4}:8000
  }
  chain postrouting {
    type nat hook postrouting priority srcnat
    ip saddr 172.31.0.0/24 oifname "${FW_DEVICE}" masquerade
  }
}
`;

function cable(device: string, own: readonly string[], at: Namespace, name: string, others: readonly string[]): void {
  lab.fw.ip('link', 'add', device, 'type', 'veth', 'peer', 'name', name, 'netns', at.name);
  lab.fw.ip('link', 'set', device, 'up');
  at.ip('link', 'set', name, 'up');
  for (const address of own) lab.fw.ip('addr', 'add', address, 'dev', device, 'nodad');
  for (const address of others) at.ip('addr', 'add', address, 'dev', name, 'nodad');
}

beforeAll(async () => {
  cable(LAN, [`${LAN4}/24`, `${LAN6}/64`], lan, 'nxl0', [`${NEIGHBOUR4}/24`, `${NEIGHBOUR6}/64`]);
  cable('nxc0', ['172.31.0.1/24'], box, 'nxb0', [`${CONTAINER4}/24`]);
  box.ip('route', 'add', 'default', 'via', '172.31.0.1');
  await lab.fw.must(['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
  await lab.fw.must(['nft', '-f', '-'], { input: NAT });
  await container.serveEcho(8000);
  for (const port of [81, 7000]) await fw.serveEcho(port);
  await peer.serveEcho(9000);
  await neighbour.serveEcho(9000);
  await netxfw.ok(['system', 'load']);
});
afterAll(() => {
  for (const host of [fw, peer, neighbour, container]) host.dispose();
  for (const namespace of [lan, box]) namespace.dispose();
  lab.dispose();
});

describe('two interfaces at once', () => {
  it('are filtered alike, in both families', async () => {
    for (const [from, to] of [
      [peer, FW4],
      [peer, FW6],
      [neighbour, LAN4],
      [neighbour, LAN6],
    ] as const) {
      expect([await from.tries(to, 22), await from.tries(to, 7000, 500)], to).toEqual(['ECONNREFUSED', 'timeout']);
    }
    for (const to of [GOOD4, GOOD6, NEIGHBOUR4, NEIGHBOUR6]) expect(await fw.tries(to, 9000, 10_000), to).toBe('open');
  });

  it('know what may come in where: an address of the other network is forged', async () => {
    const counted = view.counting();
    const forged = [
      { name: 'forged', bytes: packet(eth(), ipv4({ src: NEIGHBOUR4, dst: FW4 }), tcp()) },
      { name: 'forged 6', bytes: packet(eth(), ipv6({ src: NEIGHBOUR6, dst: FW6 }), tcp()) },
    ];
    expect(await arrivals(lab, forged)).toEqual([]);
    expect(counted('DROP_REVERSE_PATH')).toBe(2);
  });
});

describe('a published container', () => {
  it('is reached at an open port of the host, and at no other', async () => {
    const connection = await peer.connect(FW4, 80);
    await connection.write('to the container');
    expect(await connection.read(16)).toBe('to the container');
    await connection.reset();
    const counted = view.counting();
    expect(await peer.tries(FW4, 8080, 500)).toBe('timeout');
    expect(counted('DROP_DEFAULT')).toBeGreaterThan(0);
  });

  it('reaches the world in the name of its host, and gets its answers', async () => {
    const connection = await container.connect(GOOD4, 9000);
    await connection.writeBytes(50_000);
    expect(await connection.read(50_000)).toBe(50_000);
    await connection.reset();
  });
});

describe('tagged frames', () => {
  const frames = (source: string, port: number) =>
    [[], [vlan(42)], [serviceTag(7), vlan(42)]].flatMap((tags) =>
      [
        { ip: ipv4({ src: source.includes(':') ? GOOD4 : source, dst: FW4 }), family: 4 },
        { ip: ipv6({ src: GOOD6, dst: FW6 }), family: 6 },
      ].map(({ ip, family }) => ({
        name: `IPv${family}, ${tags.length} tags, port ${port}`,
        bytes: packet(eth(), ...tags, ip, tcp({ dport: port })),
      })),
    );

  it('are judged by what they carry', async () => {
    const [open, shut] = [frames(GOOD4, 80), frames(GOOD4, 7000)];
    expect(await arrivals(lab, [...open, ...shut])).toEqual(open.map(({ name }) => name));
  });

  it('of a denied source do not come in', async () => {
    await netxfw.ok(['deny', GOOD4, '--accept-risk', 'lockout']);
    const counted = view.counting();
    const passed = await arrivals(lab, frames(GOOD4, 80));
    expect(passed.filter((name) => name.startsWith('IPv4'))).toEqual([]);
    expect(counted('DROP_DENIED_HOST')).toBeGreaterThanOrEqual(3);
  });
});
