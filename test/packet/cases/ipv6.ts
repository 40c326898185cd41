import {
  ah,
  destination,
  esp,
  eth,
  fragment,
  hopByHop,
  icmp6,
  ipv6,
  type Layer,
  mobility,
  noNext,
  payload,
  protocol,
  routing,
  tcp,
  trailer,
  udp,
} from '../../support/packet.ts';
import type { PacketCase } from '../../support/packet-case.ts';

const open80 = { config: { defaultDeny: true, openTcp: [80] } };
const denied = { deny: ['2001:db8::1'] };
const chain = (count: number): Layer[] => Array.from({ length: count }, () => destination());

export const ipv6Header: readonly PacketCase[] = [
  { title: 'version 4', packet: [eth(), ipv6({ version: 4 }), tcp()], expect: 'DROP_MALFORMED' },
  { title: 'version 0', packet: [eth(), ipv6({ version: 0 }), tcp()], expect: 'DROP_MALFORMED' },
  {
    title: 'payload length one byte past the frame',
    packet: [eth(), ipv6({ payloadLength: 21 }), tcp()],
    expect: 'DROP_MALFORMED',
  },
  { title: 'payload length 65535', packet: [eth(), ipv6({ payloadLength: 65535 }), tcp()], expect: 'DROP_MALFORMED' },
  {
    title: 'payload length one byte short of TCP',
    packet: [eth(), ipv6({ payloadLength: 19 }), tcp()],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'payload length 0: no payload, so no TCP',
    packet: [eth(), ipv6({ payloadLength: 0 }), tcp()],
    expect: 'DROP_MALFORMED',
  },
  { title: 'payload length 0 and no next header', packet: [eth(), ipv6(), noNext()], expect: 'PASS_DEFAULT' },
  {
    title: 'padding behind the payload',
    setup: open80,
    packet: [eth(), ipv6(), tcp(), trailer(6)],
    expect: 'PASS_PORT',
  },
  {
    title: 'UDP that ends in the padding',
    packet: [eth(), ipv6({ payloadLength: 7 }), udp()],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'no next header with bytes behind it',
    packet: [eth(), ipv6(), noNext(), payload(20)],
    expect: 'PASS_DEFAULT',
  },
  { title: 'no next header, denied', setup: denied, packet: [eth(), ipv6(), noNext()], expect: 'DROP_DENIED_HOST' },
  { title: 'hop limit 0', packet: [eth(), ipv6({ hopLimit: 0 }), tcp()], expect: 'PASS_DEFAULT' },
  { title: 'an echo request', packet: [eth(), ipv6(), icmp6({ id: 3 }), payload(56)], expect: 'PASS_DEFAULT' },
  {
    title: 'IPv4 in IPv6: only the outer source counts',
    packet: [eth(), ipv6({ nextHeader: 4 }), payload(20)],
    expect: 'PASS_DEFAULT',
  },
];

export const extensions: readonly PacketCase[] = [
  { title: 'hop-by-hop options', setup: open80, packet: [eth(), ipv6(), hopByHop(), tcp()], expect: 'PASS_PORT' },
  { title: 'routing header', setup: open80, packet: [eth(), ipv6(), routing(), tcp()], expect: 'PASS_PORT' },
  { title: 'destination options', setup: open80, packet: [eth(), ipv6(), destination(), tcp()], expect: 'PASS_PORT' },
  {
    title: 'AH counts in words of four bytes',
    setup: open80,
    packet: [eth(), ipv6(), ah(), tcp()],
    expect: 'PASS_PORT',
  },
  { title: 'AH of 12 bytes', setup: open80, packet: [eth(), ipv6(), ah({ bytes: 12 }), tcp()], expect: 'PASS_PORT' },
  { title: 'AH of 36 bytes', setup: open80, packet: [eth(), ipv6(), ah({ bytes: 36 }), tcp()], expect: 'PASS_PORT' },
  {
    title: 'AH with length field 0 is 8 bytes',
    setup: open80,
    packet: [eth(), ipv6(), ah({ bytes: 8 }), tcp()],
    expect: 'PASS_PORT',
  },
  { title: 'AH past the end', packet: [eth(), ipv6(), ah({ length: 12 }), tcp()], expect: 'DROP_MALFORMED' },
  {
    title: 'all headers in the order of RFC 8200',
    setup: open80,
    packet: [eth(), ipv6(), hopByHop(), destination(), routing(), ah(), destination(), tcp()],
    expect: 'PASS_PORT',
  },
  {
    title: 'the port behind a chain is read',
    setup: open80,
    packet: [eth(), ipv6(), hopByHop({ bytes: 24 }), destination({ bytes: 64 }), tcp({ dport: 81 })],
    expect: 'DROP_DEFAULT',
  },
  {
    title: 'hop-by-hop options in the wrong place',
    setup: open80,
    packet: [eth(), ipv6(), destination(), hopByHop(), tcp()],
    expect: 'PASS_PORT',
  },
  {
    title: 'a destination options header of 1024 bytes',
    setup: open80,
    packet: [eth(), ipv6(), destination({ bytes: 1024 }), tcp()],
    expect: 'PASS_PORT',
  },
  {
    title: 'extension header of a denied source',
    setup: denied,
    packet: [eth(), ipv6(), routing(), tcp()],
    expect: 'DROP_DENIED_HOST',
  },
  {
    title: 'extension header with a lying length',
    packet: [eth(), ipv6(), hopByHop({ length: 200 }), tcp()],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'extension header with a lying length of a denied source',
    setup: denied,
    packet: [eth(), ipv6(), hopByHop({ length: 255 }), tcp()],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'extension header of 7 bytes',
    packet: [eth(), ipv6({ nextHeader: 60 }), payload([59, 0, 0, 0, 0, 0, 0])],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'extension header announced, nothing there',
    packet: [eth(), ipv6({ nextHeader: 0 })],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'extension header that ends in the padding',
    packet: [eth(), ipv6({ nextHeader: 60, payloadLength: 4 }), payload([59, 0, 0, 0, 0, 0, 0, 0])],
    expect: 'DROP_MALFORMED',
  },
  { title: 'eight extension headers', setup: open80, packet: [eth(), ipv6(), ...chain(8), tcp()], expect: 'PASS_PORT' },
  { title: 'nine extension headers', packet: [eth(), ipv6(), ...chain(9), tcp()], expect: 'DROP_EXT_HEADERS' },
  {
    title: 'nine extension headers of a whitelisted source',
    setup: { allow: ['2001:db8::1'] },
    packet: [eth(), ipv6(), ...chain(9), tcp()],
    expect: 'DROP_EXT_HEADERS',
  },
  {
    title: 'seven extension headers and a fragment header',
    setup: open80,
    packet: [eth(), ipv6(), ...chain(7), fragment({ id: 1 }), tcp()],
    expect: 'PASS_PORT',
  },
  {
    title: 'a fragment header counts as one',
    packet: [eth(), ipv6(), ...chain(4), fragment({ id: 1 }), ...chain(4), tcp()],
    expect: 'DROP_EXT_HEADERS',
  },
  {
    title: 'eight extension headers and ESP',
    packet: [eth(), ipv6(), ...chain(8), esp()],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'two fragment headers',
    packet: [eth(), ipv6(), fragment({ id: 1 }), fragment({ id: 2 }), tcp()],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'two fragment headers with another header between',
    packet: [eth(), ipv6(), fragment({ id: 1 }), destination(), fragment({ id: 2 }), tcp()],
    expect: 'DROP_MALFORMED',
  },
  {
    title: 'a fragment header of four bytes',
    packet: [eth(), ipv6({ nextHeader: 44 }), payload([6, 0, 0, 0])],
    expect: 'DROP_MALFORMED',
  },
  { title: 'ESP ends the chain', setup: open80, packet: [eth(), ipv6(), esp(), tcp()], expect: 'DROP_DEFAULT' },
  {
    title: 'mobility ends the chain',
    setup: open80,
    packet: [eth(), ipv6(), mobility(), tcp()],
    expect: 'DROP_DEFAULT',
  },
  {
    title: 'no next header ends the chain',
    setup: open80,
    packet: [eth(), ipv6(), destination(), noNext()],
    expect: 'DROP_DEFAULT',
  },
  {
    title: 'HIP (139) is a protocol',
    setup: open80,
    packet: [eth(), ipv6(), protocol(139, 40)],
    expect: 'DROP_DEFAULT',
  },
  {
    title: 'ESP is an allowed protocol',
    setup: { config: { defaultDeny: true, allowedProtocols: [50] } },
    packet: [eth(), ipv6(), hopByHop(), esp()],
    expect: 'PASS_PROTOCOL',
  },
  {
    title: 'AH is never the protocol of IPv6',
    setup: { config: { defaultDeny: true, allowedProtocols: [51] } },
    packet: [eth(), ipv6(), ah(), udp()],
    expect: 'DROP_DEFAULT',
  },
];
