import { arp, eth, ipv4, ipv6, llc, payload, serviceTag, tcp, trailer, udp, vlan } from '../../support/packet.ts';
import type { PacketCase } from '../../support/packet-case.ts';

const strict = { config: { strictProtocol: true } };
const denied = { deny: ['192.0.2.1', '2001:db8::1'] };

export const ethernet: readonly PacketCase[] = [
  { title: 'IPv4 in Ethernet', packet: [eth(), ipv4(), tcp()], expect: 'PASS_DEFAULT' },
  { title: 'IPv6 in Ethernet', packet: [eth(), ipv6(), tcp()], expect: 'PASS_DEFAULT' },
  { title: 'one VLAN tag', packet: [eth(), vlan(10), ipv4(), tcp()], expect: 'PASS_DEFAULT' },
  { title: 'one VLAN tag, IPv6', packet: [eth(), vlan(10), ipv6(), udp()], expect: 'PASS_DEFAULT' },
  {
    title: 'priority bits of a tag',
    packet: [eth(), vlan(4094, { priority: 7 }), ipv4(), tcp()],
    expect: 'PASS_DEFAULT',
  },
  { title: 'priority tag: VLAN 0', packet: [eth(), vlan(0), ipv4(), tcp()], expect: 'PASS_DEFAULT' },
  { title: 'a tag hides nothing', setup: denied, packet: [eth(), vlan(10), ipv4(), tcp()], expect: 'DROP_DENIED_HOST' },
  {
    title: 'a tag hides nothing, IPv6',
    setup: denied,
    packet: [eth(), vlan(10), ipv6(), tcp()],
    expect: 'DROP_DENIED_HOST',
  },
  {
    title: 'a service tag alone',
    setup: denied,
    packet: [eth(), serviceTag(5), ipv4(), tcp()],
    expect: 'DROP_DENIED_HOST',
  },
  {
    title: 'QinQ: service tag and customer tag',
    setup: denied,
    packet: [eth(), serviceTag(5), vlan(10), ipv4(), tcp()],
    expect: 'DROP_DENIED_HOST',
  },
  {
    title: 'QinQ, IPv6',
    setup: denied,
    packet: [eth(), serviceTag(5), vlan(10), ipv6(), udp()],
    expect: 'DROP_DENIED_HOST',
  },
  {
    title: 'two tags of the same type',
    setup: denied,
    packet: [eth(), vlan(5), vlan(10), ipv4(), tcp()],
    expect: 'DROP_DENIED_HOST',
  },
  {
    title: 'two tags in the wrong order',
    packet: [eth(), vlan(5), serviceTag(10), ipv4(), tcp()],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'three tags: the source cannot be judged',
    packet: [eth(), serviceTag(1), vlan(2), vlan(3), ipv4(), tcp()],
    expect: 'DROP_VLAN_DEPTH',
  },
  {
    title: 'three tags of a whitelisted source',
    setup: { allow: ['192.0.2.1'] },
    packet: [eth(), vlan(1), vlan(2), vlan(3), ipv4(), tcp()],
    expect: 'DROP_VLAN_DEPTH',
  },
  { title: 'three tags before ARP', packet: [eth(), vlan(1), vlan(2), vlan(3), arp()], expect: 'DROP_VLAN_DEPTH' },
  {
    title: 'a frame that ends after the EtherType of a tag',
    packet: [eth({ type: 0x8100 })],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'a tag of three bytes',
    packet: [eth({ type: 0x88a8 }), payload([0, 1, 8])],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'a second tag cut off',
    packet: [eth(), vlan(1, { type: 0x8100 }), payload([0, 1])],
    expect: 'DROP_MALFORMED',
  },
  { title: 'ARP', packet: [eth(), arp()], expect: 'PASS_ARP' },
  { title: 'ARP in a VLAN', packet: [eth(), vlan(10), arp()], expect: 'PASS_ARP' },
  { title: 'ARP in QinQ', packet: [eth(), serviceTag(5), vlan(10), arp({ operation: 2 })], expect: 'PASS_ARP' },
  { title: 'ARP of a denied sender', setup: denied, packet: [eth(), arp()], expect: 'PASS_ARP' },
  {
    title: 'ARP under default deny',
    setup: { config: { defaultDeny: true } },
    packet: [eth(), arp()],
    expect: 'PASS_ARP',
  },
  { title: 'ARP under strict_protocol', setup: strict, packet: [eth(), arp()], expect: 'PASS_ARP' },
  { title: 'ARP without a body', packet: [eth({ type: 0x0806 })], expect: 'PASS_ARP' },
  { title: 'LLDP', packet: [eth({ type: 0x88cc }), payload(40)], expect: 'PASS_NON_IP' },
  {
    title: 'LLDP under strict_protocol',
    setup: strict,
    packet: [eth({ type: 0x88cc }), payload(40)],
    expect: 'DROP_ETHERTYPE',
  },
  {
    title: 'another EtherType under default deny',
    setup: { config: { defaultDeny: true } },
    packet: [eth({ type: 0x88b5 }), payload(46)],
    expect: 'PASS_NON_IP',
  },
  { title: 'an 802.3 frame: spanning tree', packet: [eth(), llc(), payload(35)], expect: 'PASS_NON_IP' },
  {
    title: 'an 802.3 frame under strict_protocol',
    setup: strict,
    packet: [eth(), llc(), payload(35)],
    expect: 'DROP_ETHERTYPE',
  },
  {
    title: 'an unknown EtherType in a VLAN under strict_protocol',
    setup: strict,
    packet: [eth(), vlan(10, { type: 0x8863 }), payload(46)],
    expect: 'DROP_ETHERTYPE',
  },
  { title: 'MPLS is not IP', packet: [eth({ type: 0x8847 }), payload(4), ipv4(), tcp()], expect: 'PASS_NON_IP' },
  {
    title: 'the old QinQ EtherType 0x9100 is not a tag',
    packet: [eth({ type: 0x9100 }), payload(4), ipv4(), tcp()],
    expect: 'PASS_NON_IP',
  },
  { title: 'an EtherType and nothing else', packet: [eth({ type: 0x0800 })], expect: 'DROP_MALFORMED' },
  {
    title: 'IPv6 bytes under the IPv4 EtherType',
    packet: [eth({ type: 0x0800 }), ipv6(), tcp()],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'IPv4 bytes under the IPv6 EtherType',
    packet: [eth({ type: 0x86dd }), ipv4(), tcp()],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'padding to the shortest frame',
    setup: { config: { defaultDeny: true, openUdp: [53] } },
    packet: [eth(), ipv4(), udp(), trailer(18)],
    expect: 'PASS_PORT',
  },
];
