import {
  eth,
  fragment,
  gre,
  icmp,
  icmp6,
  ipv4,
  ipv6,
  payload,
  protocol,
  sctp,
  tcp,
  trailer,
  udp,
} from '../../support/packet.ts';
import type { PacketCase } from '../../support/packet-case.ts';

const open80 = { config: { defaultDeny: true, openTcp: [80] } };
const open53 = { config: { defaultDeny: true, openUdp: [53] } };
const denied = { deny: ['192.0.2.1', '2001:db8::1'] };

export const transport: readonly PacketCase[] = [
  { title: 'TCP options', setup: open80, packet: [eth(), ipv4(), tcp({ options: 40 })], expect: 'PASS_PORT' },
  { title: 'TCP data offset 4', packet: [eth(), ipv4(), tcp({ dataOffset: 4 })], expect: 'DROP_MALFORMED' },
  { title: 'TCP data offset 0', packet: [eth(), ipv6(), tcp({ dataOffset: 0 })], expect: 'DROP_MALFORMED' },
  { title: 'TCP data offset past the end', packet: [eth(), ipv4(), tcp({ dataOffset: 6 })], expect: 'DROP_MALFORMED' },
  {
    title: 'TCP data offset 15 past the end',
    packet: [eth(), ipv6(), tcp({ dataOffset: 15 })],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'TCP data offset that ends in the padding',
    packet: [eth(), ipv4(), tcp({ dataOffset: 6 }), trailer(20)],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'TCP data offset that swallows the payload',
    setup: open80,
    packet: [eth(), ipv4(), tcp({ dataOffset: 15 }), payload(40)],
    expect: 'PASS_PORT',
  },
  { title: 'TCP of 19 bytes', packet: [eth(), ipv4({ protocol: 6 }), payload(19)], expect: 'DROP_MALFORMED' },
  { title: 'TCP of 19 bytes, IPv6', packet: [eth(), ipv6({ nextHeader: 6 }), payload(19)], expect: 'DROP_MALFORMED' },
  { title: 'TCP without a byte', packet: [eth(), ipv4({ protocol: 6 })], expect: 'DROP_MALFORMED' },
  {
    title: 'a lying TCP header of a denied source still drops',
    setup: denied,
    packet: [eth(), ipv4(), tcp({ dataOffset: 2 })],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'a lying TCP header of a whitelisted source',
    setup: { allow: ['192.0.2.1'] },
    packet: [eth(), ipv4(), tcp({ dataOffset: 2 })],
    expect: 'DROP_MALFORMED',
  },
  { title: 'UDP without payload', setup: open53, packet: [eth(), ipv4(), udp()], expect: 'PASS_PORT' },
  { title: 'UDP of 7 bytes', packet: [eth(), ipv4({ protocol: 17 }), payload(7)], expect: 'DROP_MALFORMED' },
  { title: 'UDP of 7 bytes, IPv6', packet: [eth(), ipv6({ nextHeader: 17 }), payload(7)], expect: 'DROP_MALFORMED' },
  { title: 'UDP length 7', packet: [eth(), ipv4(), udp({ length: 7 })], expect: 'DROP_MALFORMED' },
  { title: 'UDP length 0', packet: [eth(), ipv6(), udp({ length: 0 }), payload(20)], expect: 'DROP_MALFORMED' },
  { title: 'UDP length past the end', packet: [eth(), ipv4(), udp({ length: 9 })], expect: 'DROP_MALFORMED' },
  {
    title: 'UDP length past the end, IPv6',
    packet: [eth(), ipv6(), udp({ length: 29 }), payload(20)],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'UDP length shorter than what is there',
    setup: open53,
    packet: [eth(), ipv4(), udp({ length: 8 }), payload(20)],
    expect: 'PASS_PORT',
  },
  {
    title: 'UDP length of the whole datagram in a first fragment',
    setup: open53,
    packet: [eth(), ipv4({ more: true, id: 9 }), udp({ length: 3000 }), payload(64)],
    expect: 'PASS_PORT',
  },
  {
    title: 'UDP length of the whole datagram in a first fragment, IPv6',
    setup: open53,
    packet: [eth(), ipv6(), fragment({ more: true, id: 9 }), udp({ length: 3000 }), payload(64)],
    expect: 'PASS_PORT',
  },
  {
    title: 'UDP length past the end in an atomic fragment',
    setup: open53,
    packet: [eth(), ipv6(), fragment({ id: 9 }), udp({ length: 3000 }), payload(64)],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'UDP length 7 in a first fragment',
    packet: [eth(), ipv4({ more: true }), udp({ length: 7 }), payload(8)],
    expect: 'DROP_MALFORMED',
  },
  { title: 'ICMP of 7 bytes', packet: [eth(), ipv4({ protocol: 1 }), payload(7)], expect: 'DROP_MALFORMED' },
  { title: 'ICMPv6 of 7 bytes', packet: [eth(), ipv6({ nextHeader: 58 }), payload(7)], expect: 'DROP_MALFORMED' },
  { title: 'ICMP of 8 bytes', packet: [eth(), ipv4(), icmp()], expect: 'PASS_DEFAULT' },
  {
    title: 'ICMPv6 in IPv4 is an unknown protocol',
    setup: { config: { defaultDeny: true } },
    packet: [eth(), ipv4(), icmp6()],
    expect: 'DROP_DEFAULT',
  },
  {
    title: 'ICMP in IPv6 is an unknown protocol',
    setup: { config: { defaultDeny: true } },
    packet: [eth(), ipv6(), icmp()],
    expect: 'DROP_DEFAULT',
  },
  {
    title: 'ICMPv6 in IPv4 of three bytes',
    packet: [eth(), ipv4({ protocol: 58 }), payload(3)],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'ICMP in IPv6 of three bytes',
    packet: [eth(), ipv6({ nextHeader: 1 }), payload(3)],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'ICMPv6 in IPv4 as an allowed protocol',
    setup: { config: { defaultDeny: true, allowedProtocols: [58] } },
    packet: [eth(), ipv4(), icmp6()],
    expect: 'PASS_PROTOCOL',
  },
  { title: 'GRE', packet: [eth(), ipv4(), gre(), payload(20)], expect: 'PASS_DEFAULT' },
  { title: 'GRE without a byte', packet: [eth(), ipv4({ protocol: 47 })], expect: 'PASS_DEFAULT' },
  { title: 'SCTP has no ports here', setup: open80, packet: [eth(), ipv6(), sctp()], expect: 'DROP_DEFAULT' },
  {
    title: 'a protocol nobody uses, denied',
    setup: denied,
    packet: [eth(), ipv6(), protocol(253)],
    expect: 'DROP_DENIED_HOST',
  },
  {
    title: 'a first fragment without all of TCP (RFC 7112)',
    packet: [eth(), ipv6({ nextHeader: 44 }), fragment({ more: true, nextHeader: 6 }), payload(16)],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'a first fragment without all of TCP, IPv4 (RFC 1858)',
    packet: [eth(), ipv4({ more: true, protocol: 6 }), payload(16)],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'a first fragment without the TCP options',
    packet: [eth(), ipv4({ more: true }), tcp({ dataOffset: 8 }), payload(4)],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'a first fragment without the UDP header',
    packet: [eth(), ipv6({ nextHeader: 44 }), fragment({ more: true, nextHeader: 17 }), payload(4)],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'a first fragment of an unknown protocol',
    packet: [eth(), ipv4({ more: true, protocol: 47 }), payload(8)],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'a first fragment whose extension header is cut off (RFC 7112)',
    packet: [eth(), ipv6(), fragment({ more: true, nextHeader: 60 }), payload([6, 3, 0, 0, 0, 0, 0, 0])],
    expect: 'DROP_MALFORMED',
  },
];
