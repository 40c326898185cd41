import { eth, icmp, icmp6, ipv4, ipv6, payload, tcp, udp } from '../../support/packet.ts';
import type { PacketCase } from '../../support/packet-case.ts';
import { dhcp4, dhcp6, neighbour } from '../../support/packet-services.ts';

const filter = { config: { bogonFilter: true } };
const bogon4 = (src: string, expect: PacketCase['expect'] = 'DROP_BOGON'): PacketCase => ({
  title: `bogon_filter: ${src}`,
  setup: filter,
  packet: [eth(), ipv4({ src }), udp()],
  expect,
});
const bogon6 = (src: string, expect: PacketCase['expect'] = 'DROP_BOGON'): PacketCase => ({
  title: `bogon_filter: ${src}`,
  setup: filter,
  packet: [eth(), ipv6({ src }), udp()],
  expect,
});

export const bogons: readonly PacketCase[] = [
  bogon4('0.1.2.3'),
  bogon4('10.255.255.255'),
  bogon4('11.0.0.0', 'PASS_DEFAULT'),
  bogon4('9.255.255.255', 'PASS_DEFAULT'),
  bogon4('100.64.0.1'),
  bogon4('100.127.255.255'),
  bogon4('100.128.0.0', 'PASS_DEFAULT'),
  bogon4('100.63.255.255', 'PASS_DEFAULT'),
  bogon4('169.254.7.7'),
  bogon4('172.16.0.1'),
  bogon4('172.31.255.255'),
  bogon4('172.32.0.0', 'PASS_DEFAULT'),
  bogon4('192.0.2.1'),
  bogon4('192.168.178.1'),
  bogon4('192.169.0.0', 'PASS_DEFAULT'),
  bogon4('198.18.0.1'),
  bogon4('198.19.255.255'),
  bogon4('198.51.100.77'),
  bogon4('203.0.113.200'),
  bogon4('240.0.0.1'),
  bogon4('9.9.9.9', 'PASS_DEFAULT'),
  bogon4('127.0.0.1', 'DROP_BAD_SOURCE'),
  bogon6('fc00::1'),
  bogon6('fdff:ffff::1'),
  bogon6('2001:db8::1'),
  bogon6('2a00::1', 'PASS_DEFAULT'),
  bogon6('2620:fe::fe', 'PASS_DEFAULT'),
  bogon6('::ffff:9.9.9.9', 'DROP_BAD_SOURCE'),
  {
    title: 'bogon_filter off',
    packet: [eth(), ipv4({ src: '10.0.0.1' }), udp()],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'a whitelisted bogon',
    setup: { ...filter, allow: ['10.0.0.0/8'] },
    packet: [eth(), ipv4({ src: '10.0.0.1' }), udp()],
    expect: 'PASS_WHITELIST',
  },
  {
    title: 'a whitelisted bogon, IPv6',
    setup: { ...filter, allow: ['fd00::/8'] },
    packet: [eth(), ipv6({ src: 'fd12::1' }), udp()],
    expect: 'PASS_WHITELIST',
  },
  {
    title: 'a bogon whose whitelist entry has expired',
    setup: { ...filter, allow: [['10.0.0.0/8', -1]] },
    packet: [eth(), ipv4({ src: '10.0.0.1' }), udp()],
    expect: 'DROP_BOGON',
  },
  {
    title: 'a denied bogon is a bogon',
    setup: { ...filter, deny: ['10.0.0.0/8'], dynamic: ['10.0.0.1'] },
    packet: [eth(), ipv4({ src: '10.0.0.1' }), udp()],
    expect: 'DROP_BOGON',
  },
  {
    title: 'a bogon that discovers its neighbours',
    setup: filter,
    packet: neighbour({ src: 'fd12::1' }),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'a bogon with ICMPv6 that is not neighbour discovery',
    setup: filter,
    packet: [eth(), ipv6({ src: 'fd12::1' }), icmp6()],
    expect: 'DROP_BOGON',
  },
  {
    title: 'a DHCP answer from a private server',
    setup: filter,
    packet: dhcp4({ src: '192.168.1.1' }),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'a DHCP request',
    setup: filter,
    packet: dhcp4({ src: '0.0.0.0', sport: 68, dport: 67 }),
    expect: 'PASS_DEFAULT',
  },
  {
    title: "DHCP between relays is not a client's",
    setup: filter,
    packet: dhcp4({ src: '10.0.0.1', sport: 67, dport: 67 }),
    expect: 'DROP_BOGON',
  },
  { title: 'a DHCPv6 answer', setup: filter, packet: dhcp6({ src: 'fd12::1' }), expect: 'PASS_DEFAULT' },
  {
    title: 'a DHCPv6 request',
    setup: filter,
    packet: dhcp6({ src: 'fd12::1', sport: 546, dport: 547 }),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'DHCPv4 ports in IPv6 are not DHCP',
    setup: filter,
    packet: dhcp6({ src: 'fd12::1', sport: 67, dport: 68 }),
    expect: 'DROP_BOGON',
  },
  {
    title: 'DHCPv6 ports in IPv4 are not DHCP',
    setup: filter,
    packet: dhcp4({ src: '10.0.0.1', sport: 547, dport: 546 }),
    expect: 'DROP_BOGON',
  },
  {
    title: 'the bogon filter judges late fragments',
    setup: filter,
    packet: [eth(), ipv4({ src: '10.0.0.1', offset: 9, protocol: 17 }), payload(8)],
    expect: 'DROP_BOGON',
  },
  {
    title: 'the bogon filter comes after the TCP flags',
    setup: filter,
    packet: [eth(), ipv4({ src: '10.0.0.1' }), tcp({ flags: 'SF' })],
    expect: 'DROP_TCP_FLAGS',
  },
  {
    title: 'a bogon that pings',
    setup: { config: { bogonFilter: true, defaultDeny: true } },
    packet: [eth(), ipv4({ src: '172.20.0.1' }), icmp()],
    expect: 'DROP_BOGON',
  },
];
