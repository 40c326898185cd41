import {
  destination,
  eth,
  fragment,
  HOST4,
  HOST6,
  icmp,
  icmp6,
  ipv4,
  ipv6,
  type Layer,
  PEER4,
  PEER6,
  payload,
  quote,
  tcp,
  udp,
} from '../../support/packet.ts';
import type { PacketCase, Setup } from '../../support/packet-case.ts';

const ROUTER4 = '203.0.113.254';
const ROUTER6 = '2001:db8:ffff::1';

const setup: Setup = {
  config: { defaultDeny: true, failsafePorts: [], allowIcmp: false },
  flows: [
    { protocol: 'tcp', from: HOST4, to: PEER4, ports: [40000, 443], state: 'ESTABLISHED' },
    { protocol: 'udp', from: HOST4, to: PEER4, ports: [5000, 53], state: 'UNREPLIED' },
    { protocol: 'icmp', from: HOST4, to: PEER4, ports: [77, 0], state: 'UNREPLIED' },
    { protocol: 'tcp', from: HOST6, to: PEER6, ports: [40000, 443], state: 'SYN_SENT' },
    { protocol: 'udp', from: HOST6, to: PEER6, ports: [5000, 53], state: 'REPLIED' },
    { protocol: 'icmp6', from: HOST6, to: PEER6, ports: [77, 0], state: 'UNREPLIED' },
    { protocol: 'tcp', from: HOST4, to: PEER4, ports: [40001, 443], state: 'CLOSED' },
    { protocol: 'tcp', from: HOST4, to: PEER4, ports: [40002, 443], state: 'ESTABLISHED', age: 4000 },
  ],
};

const sent4 = ipv4({ src: HOST4, dst: PEER4 });
const sent6 = ipv6({ src: HOST6, dst: PEER6 });
const tcpSent = tcp({ sport: 40000, dport: 443, flags: 'A' });
const udpSent = udp({ sport: 5000, dport: 53 });

const error4 = (type: number, inner: readonly Layer[], bytes?: number): Layer[] => [
  eth(),
  ipv4({ src: ROUTER4 }),
  icmp({ type }),
  quote(inner, bytes),
];
const error6 = (type: number, inner: readonly Layer[], bytes?: number): Layer[] => [
  eth(),
  ipv6({ src: ROUTER6 }),
  icmp6({ type }),
  quote(inner, bytes),
];
const related = (title: string, packet: readonly Layer[]): PacketCase => ({
  title,
  setup,
  packet,
  expect: 'PASS_RELATED',
});
const unrelated = (title: string, packet: readonly Layer[]): PacketCase => ({
  title,
  setup,
  packet,
  expect: 'DROP_DEFAULT',
});

export const errors: readonly PacketCase[] = [
  related('related: unreachable, TCP', error4(3, [sent4, tcpSent])),
  related('related: path MTU', [
    eth(),
    ipv4({ src: ROUTER4 }),
    icmp({ type: 3, code: 4, seq: 1400 }),
    quote([sent4, tcpSent]),
  ]),
  related('related: time exceeded, UDP', error4(11, [sent4, udpSent])),
  related('related: parameter problem', error4(12, [sent4, tcpSent])),
  related('related: an echo request', error4(11, [sent4, icmp({ id: 77 })])),
  related('related: the smallest quote, header and 8 bytes', error4(3, [sent4, tcpSent], 28)),
  related('related: a quote with options', error4(3, [ipv4({ src: HOST4, dst: PEER4, options: 12 }), tcpSent])),
  related('related: a first fragment quoted', error4(3, [ipv4({ src: HOST4, dst: PEER4, more: true }), udpSent])),
  related(
    'related: the quoted total length is of the whole packet',
    error4(3, [ipv4({ src: HOST4, dst: PEER4, totalLength: 1500 }), tcpSent], 28),
  ),
  related('related: a first fragment of an error', [
    eth(),
    ipv4({ src: ROUTER4, more: true }),
    icmp({ type: 3 }),
    quote([sent4, tcpSent], 40),
  ]),
  unrelated('unrelated: quote of 27 bytes', error4(3, [sent4, tcpSent], 27)),
  unrelated('unrelated: no quote', error4(3, [])),
  unrelated('unrelated: quote of 19 bytes', error4(3, [sent4, tcpSent], 19)),
  unrelated(
    'unrelated: quoted options cut off',
    error4(3, [ipv4({ src: HOST4, dst: PEER4, options: 40 }), tcpSent], 60),
  ),
  unrelated('unrelated: quote of another port', error4(3, [sent4, tcp({ sport: 40009, dport: 443 })])),
  unrelated('unrelated: quote of another destination', error4(3, [ipv4({ src: HOST4, dst: '192.0.2.9' }), tcpSent])),
  unrelated('unrelated: quote of what another host sent', error4(3, [ipv4({ src: '10.77.0.1', dst: PEER4 }), tcpSent])),
  unrelated('unrelated: quote of what the peer sent', error4(3, [ipv4(), tcp({ sport: 443, dport: 40000 })])),
  unrelated('unrelated: a late fragment quoted', error4(3, [ipv4({ src: HOST4, dst: PEER4, offset: 5 }), udpSent])),
  unrelated(
    'unrelated: a quoted version 6 in ICMP',
    error4(3, [ipv4({ src: HOST4, dst: PEER4, version: 6 }), tcpSent]),
  ),
  unrelated('unrelated: a quoted header length of 16', error4(3, [ipv4({ src: HOST4, dst: PEER4, ihl: 4 }), tcpSent])),
  unrelated('unrelated: an echo reply quoted', error4(3, [sent4, icmp({ type: 0, id: 77 })])),
  unrelated('unrelated: an ICMP error quoted', error4(3, [sent4, icmp({ type: 3, id: 77 })])),
  unrelated('unrelated: a closed flow', error4(3, [sent4, tcp({ sport: 40001, dport: 443 })])),
  unrelated('unrelated: an expired flow', error4(3, [sent4, tcp({ sport: 40002, dport: 443 })])),
  unrelated(
    'unrelated: GRE quoted',
    error4(3, [ipv4({ src: HOST4, dst: PEER4, protocol: 47 }), payload([156, 64, 1, 187, 0, 0, 0, 0])]),
  ),
  unrelated('unrelated: redirect', error4(5, [sent4, tcpSent])),
  unrelated('unrelated: source quench', error4(4, [sent4, tcpSent])),
  unrelated('unrelated: echo request with a quote', error4(8, [sent4, tcpSent])),
  unrelated('unrelated: a quote that ends in the padding', [
    eth(),
    ipv4({ src: ROUTER4, totalLength: 55 }),
    icmp({ type: 3 }),
    quote([sent4, tcpSent]),
  ]),
  unrelated('unrelated: an error to another address of ours', [
    eth(),
    ipv4({ src: ROUTER4, dst: '10.77.0.1' }),
    icmp({ type: 3 }),
    quote([sent4, tcpSent]),
  ]),
  {
    title: 'unrelated: conntrack off',
    setup: { ...setup, config: { ...setup.config, conntrack: false } },
    packet: error4(3, [sent4, tcpSent]),
    expect: 'DROP_DEFAULT',
  },
  related('related: ICMPv6 unreachable', error6(1, [sent6, tcpSent])),
  related('related: ICMPv6 packet too big', error6(2, [sent6, udpSent])),
  related('related: ICMPv6 time exceeded', error6(3, [sent6, tcpSent])),
  related('related: ICMPv6 parameter problem, echo request', error6(4, [sent6, icmp6({ id: 77 })])),
  related('related: ICMPv6, the smallest quote', error6(1, [sent6, tcpSent], 48)),
  related('related: ICMPv6, a first fragment quoted', error6(2, [sent6, fragment({ more: true, id: 8 }), udpSent])),
  unrelated('unrelated: ICMPv6, quote of 47 bytes', error6(1, [sent6, tcpSent], 47)),
  unrelated('unrelated: ICMPv6, quote of 39 bytes', error6(1, [sent6, tcpSent], 39)),
  unrelated(
    'unrelated: ICMPv6, a late fragment quoted',
    error6(1, [sent6, fragment({ offset: 6, nextHeader: 17 }), udpSent]),
  ),
  unrelated(
    'unrelated: ICMPv6, quoted fragment header cut off',
    error6(2, [sent6, fragment({ more: true }), udpSent], 46),
  ),
  unrelated(
    'unrelated: ICMPv6, quoted ports behind a fragment header cut off',
    error6(2, [sent6, fragment({ more: true }), udpSent], 55),
  ),
  unrelated('unrelated: ICMPv6, extension header quoted', error6(1, [sent6, destination(), tcpSent])),
  unrelated(
    'unrelated: ICMPv6, two fragment headers quoted',
    error6(1, [sent6, fragment({ more: true }), fragment({ more: true }), udpSent]),
  ),
  unrelated('unrelated: ICMPv6, IPv4 quoted', error6(1, [sent4, tcpSent])),
  unrelated('unrelated: ICMPv6 type 5', error6(5, [sent6, tcpSent])),
  unrelated('unrelated: ICMPv6 type 0', error6(0, [sent6, tcpSent])),
  {
    title: "an error about a denied router's own flow is denied",
    setup: { ...setup, deny: [ROUTER4] },
    packet: error4(3, [sent4, tcpSent]),
    expect: 'DROP_DENIED_HOST',
  },
  {
    title: 'an error closes nothing: the flow goes on',
    setup,
    before: [{ receive: error4(3, [sent4, tcpSent]), expect: 'PASS_RELATED' }],
    packet: [eth(), ipv4(), tcp({ sport: 443, dport: 40000, flags: 'A' })],
    expect: 'PASS_CONNTRACK',
  },
];
