import { eth, gre, icmp, ipv4, payload, protocol, tcp, trailer, udp } from '../../support/packet.ts';
import type { PacketCase } from '../../support/packet-case.ts';

const open80 = { config: { defaultDeny: true, openTcp: [80] } };
const denied = { deny: ['192.0.2.1'] };

export const ipv4Header: readonly PacketCase[] = [
  {
    title: 'a header and nothing else, unknown protocol',
    packet: [eth(), ipv4({ protocol: 253 })],
    expect: 'PASS_DEFAULT',
  },
  { title: 'version 5', packet: [eth(), ipv4({ version: 5 }), tcp()], expect: 'DROP_MALFORMED' },
  { title: 'version 6', packet: [eth(), ipv4({ version: 6 }), tcp()], expect: 'DROP_MALFORMED' },
  { title: 'version 0', packet: [eth(), ipv4({ version: 0 }), tcp()], expect: 'DROP_MALFORMED' },
  { title: 'header length 0', packet: [eth(), ipv4({ ihl: 0 }), tcp()], expect: 'DROP_MALFORMED' },
  { title: 'header length 16', packet: [eth(), ipv4({ ihl: 4 }), tcp()], expect: 'DROP_MALFORMED' },
  {
    title: 'header length past the end of the frame',
    packet: [eth(), ipv4({ ihl: 15 }), tcp()],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'header length past the total length',
    packet: [eth(), ipv4({ ihl: 8, totalLength: 28, protocol: 253 }), payload(40)],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'header length that swallows all of the packet',
    packet: [eth(), ipv4({ ihl: 6, protocol: 253 }), payload(4)],
    expect: 'PASS_DEFAULT',
  },
  { title: 'options: 4 bytes', setup: open80, packet: [eth(), ipv4({ options: 4 }), tcp()], expect: 'PASS_PORT' },
  { title: 'options: 40 bytes', setup: open80, packet: [eth(), ipv4({ options: 40 }), tcp()], expect: 'PASS_PORT' },
  {
    title: 'options do not move the ports',
    setup: open80,
    packet: [eth(), ipv4({ options: 8 }), tcp({ dport: 81 })],
    expect: 'DROP_DEFAULT',
  },
  {
    title: 'options of a denied source',
    setup: denied,
    packet: [eth(), ipv4({ options: 24 }), tcp()],
    expect: 'DROP_DENIED_HOST',
  },
  {
    title: 'options cover the TCP header: nothing left',
    packet: [eth(), ipv4({ ihl: 10 }), tcp()],
    expect: 'DROP_MALFORMED',
  },
  { title: 'total length 0', packet: [eth(), ipv4({ totalLength: 0 }), tcp()], expect: 'DROP_MALFORMED' },
  { title: 'total length 19', packet: [eth(), ipv4({ totalLength: 19 }), tcp()], expect: 'DROP_MALFORMED' },
  {
    title: 'total length 20 of an unknown protocol',
    packet: [eth(), ipv4({ totalLength: 20 }), gre()],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'total length 20: no room for TCP',
    packet: [eth(), ipv4({ totalLength: 20 }), tcp()],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'total length one byte past the frame',
    packet: [eth(), ipv4({ totalLength: 41 }), tcp()],
    expect: 'DROP_MALFORMED',
  },
  { title: 'total length 65535', packet: [eth(), ipv4({ totalLength: 65535 }), tcp()], expect: 'DROP_MALFORMED' },
  {
    title: 'a lying total length of a denied source',
    setup: denied,
    packet: [eth(), ipv4({ totalLength: 1500 }), tcp()],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'TCP that ends in the padding',
    packet: [eth(), ipv4({ totalLength: 39 }), tcp()],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'UDP whose length counts the padding',
    packet: [eth(), ipv4({ totalLength: 28 }), udp({ length: 20 }), trailer(12)],
    expect: 'DROP_MALFORMED',
  },
  {
    title: "a wrong header checksum is the stack's business",
    packet: [eth(), ipv4({ checksum: 1 }), tcp()],
    expect: 'PASS_DEFAULT',
  },
  { title: 'time to live 0', packet: [eth(), ipv4({ ttl: 0 }), tcp()], expect: 'PASS_DEFAULT' },
  { title: 'type of service', packet: [eth(), ipv4({ tos: 0xff }), tcp()], expect: 'PASS_DEFAULT' },
  {
    title: "don't fragment is not a fragment",
    setup: open80,
    packet: [eth(), ipv4({ dontFragment: true }), tcp()],
    expect: 'PASS_PORT',
  },
  { title: 'protocol 0', packet: [eth(), ipv4({ protocol: 0 }), payload(8)], expect: 'PASS_DEFAULT' },
  { title: 'protocol 255', packet: [eth(), ipv4(), protocol(255)], expect: 'PASS_DEFAULT' },
  {
    title: 'AH in IPv4 is a protocol, not a chain',
    setup: open80,
    packet: [eth(), ipv4(), protocol(51, 12), tcp()],
    expect: 'DROP_DEFAULT',
  },
  {
    title: 'IPv4 in IPv4: only the outer source counts',
    setup: { deny: ['203.0.113.9'] },
    packet: [eth(), ipv4(), ipv4({ src: '203.0.113.9' }), tcp()],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'fragment offset 1 of TCP: rewrites the flags (RFC 3128)',
    packet: [eth(), ipv4({ offset: 1, protocol: 6 }), payload(16)],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'fragment offset 1 of UDP',
    packet: [eth(), ipv4({ offset: 1, protocol: 17 }), payload(16)],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'fragment offset 2 of TCP',
    packet: [eth(), ipv4({ offset: 2, protocol: 6 }), payload(16)],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'the ping of death: offset and payload over 65535',
    packet: [eth(), ipv4({ offset: 8191, protocol: 1 }), payload(8)],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'offset and payload of exactly 65535',
    packet: [eth(), ipv4({ offset: 8191, protocol: 1 }), payload(7)],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'offset and payload of 65536',
    packet: [eth(), ipv4({ offset: 8190, more: true, protocol: 17 }), payload(16)],
    expect: 'DROP_MALFORMED',
  },
  { title: 'an ICMP echo request', packet: [eth(), ipv4(), icmp({ id: 7 }), payload(56)], expect: 'PASS_DEFAULT' },
];
