import { arp, eth, fragment, HOST4, HOST6, ipv4, ipv6, payload, tcp, udp, vlan } from '../../support/packet.ts';
import type { PacketCase } from '../../support/packet-case.ts';
import { atomic as atomicHeader, dhcp4, neighbour } from '../../support/packet-services.ts';

const off = { config: { antiSpoof: 'off' as const } };
const strict = { config: { antiSpoof: 'strict' as const } };
const noFragments = { config: { dropFragments: true } };

const spoofed4 = (title: string, src: string, expect: PacketCase['expect']): PacketCase => ({
  title,
  packet: [eth(), ipv4({ src }), udp()],
  expect,
});
const spoofed6 = (title: string, src: string, expect: PacketCase['expect']): PacketCase => ({
  title,
  packet: [eth(), ipv6({ src }), udp()],
  expect,
});

export const sources: readonly PacketCase[] = [
  {
    title: 'our link-local address, on its link',
    packet: [eth(), ipv6({ src: 'fe80::100' }), udp()],
    expect: 'DROP_BAD_SOURCE',
  },
  {
    title: 'our link-local address on another link is another host there',
    packet: [eth(), ipv6({ src: 'fe80::100' }), udp()],
    on: 'lan',
    expect: 'PASS_DEFAULT',
  },
  spoofed6('an IPv4-mapped source', '::ffff:192.0.2.1', 'DROP_BAD_SOURCE'),
  {
    title: 'an IPv4-mapped source without anti_spoof',
    setup: off,
    packet: [eth(), ipv6({ src: '::ffff:192.0.2.1' }), udp()],
    expect: 'DROP_BAD_SOURCE',
  },
  {
    title: 'an IPv4-mapped source whose IPv4 address is whitelisted',
    setup: { ...off, allow: ['192.0.2.1'] },
    packet: [eth(), ipv6({ src: '::ffff:192.0.2.1' }), udp()],
    expect: 'DROP_BAD_SOURCE',
  },
  spoofed6('an IPv4-compatible source is only strange', '::192.0.2.1', 'PASS_DEFAULT'),
  spoofed4('127.0.0.1 from the wire', '127.0.0.1', 'DROP_BAD_SOURCE'),
  spoofed4('127.255.255.255', '127.255.255.255', 'DROP_BAD_SOURCE'),
  spoofed4('126.255.255.255', '126.255.255.255', 'PASS_DEFAULT'),
  spoofed4('128.0.0.0', '128.0.0.0', 'PASS_DEFAULT'),
  spoofed4('224.0.0.1', '224.0.0.1', 'DROP_BAD_SOURCE'),
  spoofed4('239.255.255.255', '239.255.255.255', 'DROP_BAD_SOURCE'),
  spoofed4('223.255.255.255', '223.255.255.255', 'PASS_DEFAULT'),
  spoofed4('240.0.0.1 is reserved, not impossible', '240.0.0.1', 'PASS_DEFAULT'),
  spoofed4('255.255.255.255', '255.255.255.255', 'DROP_BAD_SOURCE'),
  spoofed4('255.255.255.254', '255.255.255.254', 'PASS_DEFAULT'),
  spoofed4('0.0.0.0', '0.0.0.0', 'PASS_DEFAULT'),
  spoofed6('::1 from the wire', '::1', 'DROP_BAD_SOURCE'),
  spoofed6('::', '::', 'PASS_DEFAULT'),
  spoofed6('::2', '::2', 'PASS_DEFAULT'),
  spoofed6('ff02::1', 'ff02::1', 'DROP_BAD_SOURCE'),
  spoofed6('ffff::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'DROP_BAD_SOURCE'),
  spoofed6('feff::1', 'feff::1', 'PASS_DEFAULT'),
  {
    title: 'our own address to another one of ours',
    packet: [eth(), ipv4({ src: '10.77.0.1' }), udp()],
    expect: 'DROP_BAD_SOURCE',
  },
  {
    title: 'our own address to a multicast group',
    packet: [eth(), ipv4({ src: HOST4, dst: '224.0.0.251' }), udp({ sport: 5353, dport: 5353 })],
    expect: 'DROP_BAD_SOURCE',
  },
  {
    title: 'our own IPv6 address',
    packet: [eth(), ipv6({ src: HOST6, dst: 'ff02::fb' }), udp()],
    expect: 'DROP_BAD_SOURCE',
  },
  {
    title: 'our own address without anti_spoof',
    setup: off,
    packet: [eth(), ipv4({ src: HOST4, dst: '224.0.0.251' }), udp()],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'our own whitelisted address is still a spoof',
    setup: { allow: [HOST4] },
    packet: [eth(), ipv4({ src: HOST4, dst: '224.0.0.251' }), udp()],
    expect: 'DROP_BAD_SOURCE',
  },
  {
    title: 'a duplicate-address answer carries our own address',
    packet: neighbour({ src: HOST6, dst: 'ff02::1', type: 136 }),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'a duplicate-address answer with a hop limit of 254',
    packet: neighbour({ src: HOST6, dst: 'ff02::1', type: 136, hopLimit: 254 }),
    expect: 'DROP_BAD_SOURCE',
  },
  {
    title: 'a duplicate-address answer in an atomic fragment (RFC 6980)',
    packet: neighbour({ src: HOST6, dst: 'ff02::1', type: 136, between: [atomicHeader()] }),
    expect: 'DROP_BAD_SOURCE',
  },
  {
    title: 'a duplicate-address answer with code 1',
    packet: neighbour({ src: HOST6, dst: 'ff02::1', type: 136, code: 1 }),
    expect: 'DROP_BAD_SOURCE',
  },
  { title: 'land: source equals destination', packet: [eth(), ipv4({ src: HOST4 }), tcp()], expect: 'DROP_LAND' },
  { title: 'land, IPv6', packet: [eth(), ipv6({ src: HOST6 }), tcp()], expect: 'DROP_LAND' },
  {
    title: 'land of an address that is not ours',
    packet: [eth(), ipv4({ src: '203.0.113.5', dst: '203.0.113.5' }), tcp()],
    expect: 'DROP_LAND',
  },
  {
    title: 'land comes before bad source',
    packet: [eth(), ipv4({ src: '127.0.0.1', dst: '127.0.0.1' }), tcp()],
    expect: 'DROP_LAND',
  },
  {
    title: 'land without anti_spoof',
    setup: off,
    packet: [eth(), ipv4({ src: HOST4 }), tcp()],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'land is strict anti_spoof too',
    setup: strict,
    packet: [eth(), ipv4({ src: HOST4 }), tcp()],
    expect: 'DROP_LAND',
  },
  {
    title: 'loopback source without anti_spoof',
    setup: off,
    packet: [eth(), ipv4({ src: '127.0.0.1' }), tcp()],
    expect: 'PASS_DEFAULT',
  },
];

export const reversePath: readonly PacketCase[] = [
  {
    title: 'reverse path: over the default route',
    setup: strict,
    packet: [eth(), ipv4(), udp()],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'reverse path: over the default route, IPv6',
    setup: strict,
    packet: [eth(), ipv6(), udp()],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'reverse path: no route over the lan',
    setup: strict,
    packet: [eth(), ipv4(), udp()],
    on: 'lan',
    expect: 'DROP_REVERSE_PATH',
  },
  {
    title: 'reverse path: no route over the lan, IPv6',
    setup: strict,
    packet: [eth(), ipv6(), udp()],
    on: 'lan',
    expect: 'DROP_REVERSE_PATH',
  },
  {
    title: 'reverse path: a neighbour on the lan',
    setup: strict,
    packet: [eth(), ipv4({ src: '10.77.3.4' }), udp()],
    on: 'lan',
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'reverse path: a neighbour on the lan, IPv6',
    setup: strict,
    packet: [eth(), ipv6({ src: '2001:db8:77::5' }), udp()],
    on: 'lan',
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'reverse path is not asked by basic',
    packet: [eth(), ipv4(), udp()],
    on: 'lan',
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'reverse path: 0.0.0.0 asks for an address',
    setup: strict,
    packet: dhcp4({ src: '0.0.0.0', sport: 68, dport: 67 }),
    on: 'lan',
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'reverse path: the unspecified IPv6 address',
    setup: strict,
    packet: neighbour({ src: '::' }),
    on: 'lan',
    expect: 'PASS_DEFAULT',
  },
  { title: 'reverse path: link-local', setup: strict, packet: neighbour(), on: 'lan', expect: 'PASS_DEFAULT' },
  {
    title: 'reverse path: a duplicate-address answer carries our own address',
    setup: strict,
    packet: neighbour({ src: HOST6, dst: 'ff02::1', type: 136 }),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'reverse path: a neighbour solicits from its global address',
    setup: strict,
    packet: neighbour({ src: '2001:db8:9::9' }),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'reverse path: to a multicast group',
    setup: strict,
    packet: [eth(), ipv6({ dst: 'ff02::fb' }), udp({ sport: 5353, dport: 5353 })],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'reverse path: to a link-local address',
    setup: strict,
    packet: [eth(), ipv6({ dst: 'fe80::100' }), udp()],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'reverse path: to a multicast group, no route',
    setup: strict,
    packet: [eth(), ipv6({ dst: 'ff02::fb' }), udp({ sport: 5353, dport: 5353 })],
    on: 'lan',
    expect: 'DROP_REVERSE_PATH',
  },
  {
    title: 'reverse path: to an IPv4 multicast group',
    setup: strict,
    packet: [eth(), ipv4({ dst: '224.0.0.251' }), udp({ sport: 5353, dport: 5353 })],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'reverse path: the best route is another one',
    setup: strict,
    packet: [eth(), ipv4({ src: '10.77.3.4' }), udp()],
    expect: 'DROP_REVERSE_PATH',
  },
  {
    title: 'reverse path: the best route is another one, IPv6',
    setup: strict,
    packet: [eth(), ipv6({ src: '2001:db8:77::5' }), udp()],
    expect: 'DROP_REVERSE_PATH',
  },
  {
    title: 'reverse path: a VLAN has an interface of its own',
    setup: strict,
    packet: [eth(), vlan(10), ipv4(), udp()],
    on: 'lan',
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'reverse path: a DHCP answer from elsewhere',
    setup: strict,
    packet: dhcp4(),
    on: 'lan',
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'reverse path comes before the whitelist',
    setup: { ...strict, allow: ['192.0.2.1'] },
    packet: [eth(), ipv4(), udp()],
    on: 'lan',
    expect: 'DROP_REVERSE_PATH',
  },
  {
    title: 'reverse path of a late fragment',
    setup: strict,
    packet: [eth(), ipv4({ offset: 100, protocol: 17 }), payload(8)],
    on: 'lan',
    expect: 'DROP_REVERSE_PATH',
  },
  { title: 'reverse path: ARP has none', setup: strict, packet: [eth(), arp()], on: 'lan', expect: 'PASS_ARP' },
];

export const fragmentsOff: readonly PacketCase[] = [
  {
    title: 'drop_fragments: a first fragment',
    setup: noFragments,
    packet: [eth(), ipv4({ more: true }), udp(), payload(8)],
    expect: 'DROP_FRAGMENT',
  },
  {
    title: 'drop_fragments: a late fragment',
    setup: noFragments,
    packet: [eth(), ipv4({ offset: 4, protocol: 17 }), payload(8)],
    expect: 'DROP_FRAGMENT',
  },
  {
    title: 'drop_fragments: an IPv6 first fragment',
    setup: noFragments,
    packet: [eth(), ipv6(), fragment({ more: true }), udp(), payload(8)],
    expect: 'DROP_FRAGMENT',
  },
  {
    title: 'drop_fragments: an IPv6 late fragment',
    setup: noFragments,
    packet: [eth(), ipv6(), fragment({ offset: 4, nextHeader: 17 }), payload(8)],
    expect: 'DROP_FRAGMENT',
  },
  {
    title: 'drop_fragments: an atomic fragment',
    setup: noFragments,
    packet: [eth(), ipv6(), fragment(), udp()],
    expect: 'DROP_FRAGMENT',
  },
  {
    title: 'drop_fragments: whole packets',
    setup: noFragments,
    packet: [eth(), ipv4({ dontFragment: true }), udp()],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'drop_fragments comes before the whitelist',
    setup: { ...noFragments, allow: ['192.0.2.1'] },
    packet: [eth(), ipv4({ more: true }), udp(), payload(8)],
    expect: 'DROP_FRAGMENT',
  },
  {
    title: 'land comes before drop_fragments',
    setup: noFragments,
    packet: [eth(), ipv4({ src: HOST4, more: true }), udp(), payload(8)],
    expect: 'DROP_LAND',
  },
  {
    title: 'a malformed fragment is malformed',
    setup: noFragments,
    packet: [eth(), ipv4({ offset: 1, protocol: 6 }), payload(8)],
    expect: 'DROP_MALFORMED',
  },
];

const flags = (letters: string, expect: PacketCase['expect']): PacketCase => ({
  title: `TCP flags "${letters}"`,
  packet: [eth(), letters.length % 2 ? ipv6() : ipv4(), tcp({ flags: letters })],
  expect,
});

export const tcpFlags: readonly PacketCase[] = [
  flags('', 'DROP_TCP_FLAGS'),
  flags('S', 'PASS_DEFAULT'),
  flags('SA', 'PASS_DEFAULT'),
  flags('A', 'PASS_DEFAULT'),
  flags('R', 'PASS_DEFAULT'),
  flags('RA', 'PASS_DEFAULT'),
  flags('FA', 'PASS_DEFAULT'),
  flags('PA', 'PASS_DEFAULT'),
  flags('FPA', 'PASS_DEFAULT'),
  flags('UA', 'PASS_DEFAULT'),
  flags('SEC', 'PASS_DEFAULT'),
  flags('EC', 'DROP_TCP_FLAGS'),
  flags('F', 'DROP_TCP_FLAGS'),
  flags('P', 'DROP_TCP_FLAGS'),
  flags('U', 'DROP_TCP_FLAGS'),
  flags('FPU', 'DROP_TCP_FLAGS'),
  flags('SF', 'DROP_TCP_FLAGS'),
  flags('SFA', 'DROP_TCP_FLAGS'),
  flags('SR', 'DROP_TCP_FLAGS'),
  flags('SRA', 'DROP_TCP_FLAGS'),
  flags('SP', 'DROP_TCP_FLAGS'),
  flags('RP', 'DROP_TCP_FLAGS'),
  flags('SFRPAU', 'DROP_TCP_FLAGS'),
  {
    title: 'TCP flags without strict_tcp',
    setup: { config: { strictTcp: false } },
    packet: [eth(), ipv4(), tcp({ flags: '' })],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'TCP flags come before the whitelist',
    setup: { allow: ['192.0.2.1'] },
    packet: [eth(), ipv4(), tcp({ flags: 'SF' })],
    expect: 'DROP_TCP_FLAGS',
  },
  {
    title: 'TCP flags of a first fragment',
    packet: [eth(), ipv4({ more: true }), tcp({ flags: 'SF' }), payload(4)],
    expect: 'DROP_TCP_FLAGS',
  },
  {
    title: 'a late fragment has no flags',
    packet: [eth(), ipv4({ offset: 3, protocol: 6 }), payload(40)],
    expect: 'PASS_DEFAULT',
  },
];
