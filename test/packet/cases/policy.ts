import type { Config } from '../../model/state.ts';
import {
  eth,
  fragment,
  gre,
  hopByHop,
  icmp,
  icmp6,
  ipv4,
  ipv6,
  payload,
  sctp,
  tcp,
  udp,
} from '../../support/packet.ts';
import type { PacketCase } from '../../support/packet-case.ts';
import { atomic, dhcp4, dhcp6, listener, neighbour } from '../../support/packet-services.ts';

const deny = (more: Partial<Config> = {}) => ({ config: { defaultDeny: true, ...more } });

/** Nothing but the services. */
const services = deny({ allowIcmp: false });

const service = (
  title: string,
  packet: PacketCase['packet'],
  expect: PacketCase['expect'],
  setup = services,
): PacketCase => ({
  title,
  setup,
  packet,
  expect,
});

export const essential: readonly PacketCase[] = [
  ...[133, 134, 135, 136, 137].map((type) =>
    service(`neighbour discovery, type ${type}`, neighbour({ type }), 'PASS_NEIGHBOUR'),
  ),
  service('ICMPv6 type 132 is not neighbour discovery', neighbour({ type: 132 }), 'DROP_DEFAULT'),
  service('ICMPv6 type 138 is not neighbour discovery', neighbour({ type: 138 }), 'DROP_DEFAULT'),
  service('neighbour discovery with hop limit 254', neighbour({ hopLimit: 254 }), 'DROP_DEFAULT'),
  service('neighbour discovery with code 1', neighbour({ code: 1 }), 'DROP_DEFAULT'),
  service('neighbour discovery from ::', neighbour({ src: '::' }), 'PASS_NEIGHBOUR'),
  service('neighbour discovery from a global address', neighbour({ src: '2001:db8::1' }), 'PASS_NEIGHBOUR'),
  service('neighbour discovery behind a hop-by-hop header', neighbour({ between: [hopByHop()] }), 'PASS_NEIGHBOUR'),
  service('neighbour discovery in an atomic fragment (RFC 6980)', neighbour({ between: [atomic()] }), 'DROP_DEFAULT'),
  service(
    'neighbour discovery in a first fragment (RFC 6980)',
    neighbour({ between: [fragment({ more: true })] }),
    'DROP_DEFAULT',
  ),
  service('neighbour discovery under default allow', neighbour(), 'PASS_DEFAULT', {
    config: { defaultDeny: false, allowIcmp: false },
  }),
  ...[130, 131, 132, 143].map((type) => service(`listener discovery, type ${type}`, listener({ type }), 'PASS_MLD')),
  service('listener discovery from ::', listener({ src: '::' }), 'PASS_MLD'),
  service('listener discovery from febf::1, link-local', listener({ src: 'febf::1' }), 'PASS_MLD'),
  service('listener discovery from fec0::1, not link-local', listener({ src: 'fec0::1' }), 'DROP_DEFAULT'),
  service('listener discovery from a global address', listener({ src: '2001:db8::1' }), 'DROP_DEFAULT'),
  service('listener discovery with hop limit 2', listener({ hopLimit: 2 }), 'DROP_DEFAULT'),
  service('listener discovery, type 144', listener({ type: 144 }), 'DROP_DEFAULT'),
  service('listener discovery in a first fragment', listener({ between: [fragment({ more: true })] }), 'DROP_DEFAULT'),
  service('a DHCP answer', dhcp4(), 'PASS_DHCP'),
  service('a DHCP answer to a unicast address', dhcp4({ dst: '198.51.100.1' }), 'PASS_DHCP'),
  service('a DHCP request', dhcp4({ src: '0.0.0.0', sport: 68, dport: 67 }), 'DROP_DEFAULT'),
  service('DHCP switched off', dhcp4(), 'DROP_DEFAULT', deny({ allowDhcp: false })),
  service('a DHCPv6 answer', dhcp6(), 'PASS_DHCP'),
  service('a DHCPv6 answer from a global address', dhcp6({ src: '2001:db8::1' }), 'DROP_DEFAULT'),
  service('a DHCPv6 request', dhcp6({ sport: 546, dport: 547 }), 'DROP_DEFAULT'),
  service('DHCPv6 switched off', dhcp6(), 'DROP_DEFAULT', deny({ allowDhcp: false })),
  service('DHCPv4 ports in IPv6', dhcp6({ sport: 67, dport: 68 }), 'DROP_DEFAULT'),
  service('DHCPv6 ports in IPv4', dhcp4({ sport: 547, dport: 546 }), 'DROP_DEFAULT'),
  service('TCP with the ports of DHCP', [eth(), ipv4(), tcp({ sport: 67, dport: 68 })], 'DROP_DEFAULT'),
  service('the failsafe port', [eth(), ipv4(), tcp({ dport: 22 })], 'PASS_FAILSAFE'),
  service('the failsafe port, IPv6', [eth(), ipv6(), tcp({ dport: 22 })], 'PASS_FAILSAFE'),
  service('the failsafe port is TCP', [eth(), ipv4(), udp({ dport: 22 })], 'DROP_DEFAULT'),
  service(
    'another failsafe port',
    [eth(), ipv4(), tcp({ dport: 2222 })],
    'PASS_FAILSAFE',
    deny({ failsafePorts: [2222, 65535] }),
  ),
  service(
    'failsafe port 65535',
    [eth(), ipv4(), tcp({ dport: 65535 })],
    'PASS_FAILSAFE',
    deny({ failsafePorts: [2222, 65535] }),
  ),
  service(
    'no longer a failsafe port',
    [eth(), ipv4(), tcp({ dport: 22 })],
    'DROP_DEFAULT',
    deny({ failsafePorts: [2222] }),
  ),
  service(
    'a failsafe port that is open as well',
    [eth(), ipv4(), tcp({ dport: 22 })],
    'PASS_FAILSAFE',
    deny({ openTcp: [22] }),
  ),
  service('the failsafe port under default allow', [eth(), ipv4(), tcp({ dport: 22 })], 'PASS_DEFAULT', {
    config: { defaultDeny: false, allowIcmp: true },
  }),
];

export const defaults: readonly PacketCase[] = [
  service('default deny: TCP', [eth(), ipv4(), tcp()], 'DROP_DEFAULT'),
  service('default deny: UDP, IPv6', [eth(), ipv6(), udp()], 'DROP_DEFAULT'),
  service('default deny: GRE', [eth(), ipv4(), gre()], 'DROP_DEFAULT'),
  service('open TCP port', [eth(), ipv4(), tcp()], 'PASS_PORT', deny({ openTcp: [80] })),
  service('open TCP port, IPv6', [eth(), ipv6(), tcp()], 'PASS_PORT', deny({ openTcp: [80] })),
  service('open TCP port is not UDP', [eth(), ipv4(), udp({ dport: 80 })], 'DROP_DEFAULT', deny({ openTcp: [80] })),
  service('open UDP port', [eth(), ipv4(), udp({ dport: 53 })], 'PASS_PORT', deny({ openUdp: [53] })),
  service('open UDP port is not TCP', [eth(), ipv4(), tcp({ dport: 53 })], 'DROP_DEFAULT', deny({ openUdp: [53] })),
  service(
    'the source port opens nothing',
    [eth(), ipv4(), tcp({ sport: 80, dport: 81 })],
    'DROP_DEFAULT',
    deny({ openTcp: [80] }),
  ),
  service('port 0', [eth(), ipv4(), tcp({ dport: 0 })], 'DROP_DEFAULT', deny({ openTcp: [80] })),
  service(
    'ports 64 and 80 share no bit',
    [eth(), ipv4(), tcp({ dport: 64 + 80 })],
    'DROP_DEFAULT',
    deny({ openTcp: [80] }),
  ),
  service(
    'port 20480 is not port 80 read backwards',
    [eth(), ipv4(), tcp({ dport: 20480 })],
    'DROP_DEFAULT',
    deny({ openTcp: [80] }),
  ),
  service('port 65535', [eth(), ipv4(), tcp({ dport: 65535 })], 'PASS_PORT', deny({ openTcp: [65535] })),
  service('ICMP', [eth(), ipv4(), icmp()], 'PASS_ICMP', deny()),
  service('ICMPv6', [eth(), ipv6(), icmp6()], 'PASS_ICMP', deny()),
  service('ICMP switched off', [eth(), ipv4(), icmp()], 'DROP_DEFAULT'),
  service('ICMPv6 switched off', [eth(), ipv6(), icmp6()], 'DROP_DEFAULT'),
  service('ICMP redirect', [eth(), ipv4(), icmp({ type: 5 })], 'DROP_DEFAULT', deny()),
  service('ICMPv6 type 5 is no redirect', [eth(), ipv6(), icmp6({ type: 5 })], 'PASS_ICMP', deny()),
  service('ICMP type 137 is no redirect', [eth(), ipv4(), icmp({ type: 137 })], 'PASS_ICMP', deny()),
  service('ICMPv6 redirect from afar', neighbour({ type: 137, hopLimit: 64 }), 'DROP_DEFAULT', deny()),
  service(
    'ICMPv6 redirect in an atomic fragment',
    neighbour({ type: 137, between: [atomic()] }),
    'DROP_DEFAULT',
    deny(),
  ),
  service('an unrelated ICMP error is ICMP', [eth(), ipv4(), icmp({ type: 3 }), payload(28)], 'PASS_ICMP', deny()),
  service('a first fragment of ICMP', [eth(), ipv4({ more: true }), icmp(), payload(64)], 'PASS_ICMP', deny()),
  service('allowed protocol', [eth(), ipv4(), gre()], 'PASS_PROTOCOL', deny({ allowedProtocols: [47] })),
  service('allowed protocol, IPv6', [eth(), ipv6(), sctp()], 'PASS_PROTOCOL', deny({ allowedProtocols: [132] })),
  service('another protocol', [eth(), ipv4(), sctp()], 'DROP_DEFAULT', deny({ allowedProtocols: [47] })),
  service(
    'allowed protocol 0, IPv4',
    [eth(), ipv4({ protocol: 0 }), payload(8)],
    'PASS_PROTOCOL',
    deny({ allowedProtocols: [0] }),
  ),
  service(
    'allowed protocol 255',
    [eth(), ipv4({ protocol: 255 }), payload(8)],
    'PASS_PROTOCOL',
    deny({ allowedProtocols: [255] }),
  ),
  service(
    'protocols 47 and 111 share no bit',
    [eth(), ipv4({ protocol: 111 }), payload(8)],
    'DROP_DEFAULT',
    deny({ allowedProtocols: [47] }),
  ),
  service('TCP as an allowed protocol', [eth(), ipv4(), tcp()], 'PASS_PROTOCOL', deny({ allowedProtocols: [6] })),
  service(
    'an open port before an allowed protocol',
    [eth(), ipv4(), tcp()],
    'PASS_PORT',
    deny({ allowedProtocols: [6], openTcp: [80] }),
  ),
  service(
    'ICMP as an allowed protocol lets redirects in',
    [eth(), ipv4(), icmp({ type: 5 })],
    'PASS_PROTOCOL',
    deny({ allowedProtocols: [1] }),
  ),
  service('default allow: all the rest', [eth(), ipv6(), gre()], 'PASS_DEFAULT', {
    config: { defaultDeny: false, allowIcmp: false },
  }),
];

/** What a monitored drop is counted as; that it passes is the verdict's business. */
export const monitor: readonly PacketCase[] = [
  service('monitor: a default drop', [eth(), ipv4(), tcp()], 'DROP_DEFAULT', deny({ monitor: true })),
  service(
    'monitor: a malformed packet',
    [eth(), ipv4({ version: 5 }), tcp()],
    'DROP_MALFORMED',
    deny({ monitor: true }),
  ),
  service(
    'monitor: three tags',
    [eth({ type: 0x8100 }), payload([0, 1, 0x81, 0, 0, 2, 0x81, 0])],
    'DROP_VLAN_DEPTH',
    deny({ monitor: true }),
  ),
  {
    title: 'monitor: a denied source',
    setup: { config: { monitor: true }, deny: ['192.0.2.1'] },
    packet: [eth(), ipv4(), tcp()],
    expect: 'DROP_DENIED_HOST',
  },
  {
    title: 'monitor: automatic blocks are written',
    setup: { config: { monitor: true, autoBlock: true, synLimit: true, synRate: 1 / 3600, synBurst: 1 } },
    before: [{ receive: [eth(), ipv4(), tcp()] }, { receive: [eth(), ipv4(), tcp()] }],
    packet: [eth(), ipv4(), tcp()],
    expect: 'DROP_DYNAMIC',
  },
  service('monitor: a pass is a pass', [eth(), ipv4(), tcp()], 'PASS_PORT', deny({ monitor: true, openTcp: [80] })),
];
