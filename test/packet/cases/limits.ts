import { eth, HOST4, icmp, icmp6, ipv4, ipv6, type Layer, payload, quote, tcp, udp } from '../../support/packet.ts';
import { type PacketCase, perHour, type Step } from '../../support/packet-case.ts';
import { listener, neighbour } from '../../support/packet-services.ts';

const all = (burst: number) => [
  { from: '0.0.0.0/0', ...perHour(burst) },
  { from: '::/0', ...perHour(burst) },
];
const times = (count: number, ...stack: readonly Layer[]): Step[] =>
  Array.from({ length: count }, () => ({ receive: stack }));

const packet4 = (src = '192.0.2.1') => [eth(), ipv4({ src }), udp()];
const packet6 = (src = '2001:db8::1') => [eth(), ipv6({ src }), udp()];
const syn4 = (src = '192.0.2.1') => [eth(), ipv4({ src }), tcp()];
const syn6 = (src = '2001:db8::1') => [eth(), ipv6({ src }), tcp()];

const synBudget = { synLimit: true, synRate: 1 / 3600, synBurst: 2 };
const icmpBudget = { icmpRate: 1 / 3600, icmpBurst: 2 };

export const sourceLimits: readonly PacketCase[] = [
  {
    title: 'limit: the last packet of the burst',
    setup: { limits: all(3) },
    before: times(2, ...packet4()),
    packet: packet4(),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'limit: one packet more',
    setup: { limits: all(3) },
    before: times(3, ...packet4()),
    packet: packet4(),
    expect: 'DROP_RATE_LIMIT',
  },
  {
    title: 'limit: IPv6',
    setup: { limits: all(1) },
    before: times(1, ...packet6()),
    packet: packet6(),
    expect: 'DROP_RATE_LIMIT',
  },
  {
    title: 'limit: each source has its own bucket',
    setup: { limits: all(1) },
    before: times(3, ...packet4()),
    packet: packet4('192.0.2.2'),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'limit: an IPv6 /64 shares a bucket',
    setup: { limits: all(1) },
    before: times(1, ...packet6()),
    packet: packet6('2001:db8::ffff:2'),
    expect: 'DROP_RATE_LIMIT',
  },
  {
    title: 'limit: the next IPv6 /64 has its own',
    setup: { limits: all(1) },
    before: times(2, ...packet6()),
    packet: packet6('2001:db8:0:1::1'),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'limit: v6_prefix 48',
    setup: { limits: all(1), config: { v6Prefix: 48 } },
    before: times(1, ...packet6()),
    packet: packet6('2001:db8:0:1::1'),
    expect: 'DROP_RATE_LIMIT',
  },
  {
    title: 'limit: v6_prefix 128',
    setup: { limits: all(1), config: { v6Prefix: 128 } },
    before: times(2, ...packet6()),
    packet: packet6('2001:db8::2'),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'limit: the longest rule counts, and it is wider',
    setup: { limits: [...all(1), { from: '192.0.2.0/24', ...perHour(5) }] },
    before: times(4, ...packet4()),
    packet: packet4(),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'limit: the longest rule counts, and it is tighter',
    setup: { limits: [...all(5), { from: '192.0.2.1', ...perHour(1) }] },
    before: times(1, ...packet4()),
    packet: packet4(),
    expect: 'DROP_RATE_LIMIT',
  },
  {
    title: 'limit: a rule for others',
    setup: { limits: [{ from: '198.18.0.0/15', ...perHour(1) }] },
    before: times(3, ...packet4()),
    packet: packet4(),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'limit: every IPv4 source is not IPv6',
    setup: { limits: [{ from: '0.0.0.0/0', ...perHour(1) }] },
    before: times(3, ...packet6()),
    packet: packet6(),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'limit: every IPv6 source is not IPv4',
    setup: { limits: [{ from: '::/0', ...perHour(1) }] },
    before: times(3, ...packet4()),
    packet: packet4(),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'limit: switched off',
    setup: { limits: all(1), config: { rateLimit: false } },
    before: times(3, ...packet4()),
    packet: packet4(),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'limit: late fragments count',
    setup: { limits: all(2) },
    before: times(2, eth(), ipv4({ offset: 8, protocol: 17 }), payload(8)),
    packet: packet4(),
    expect: 'DROP_RATE_LIMIT',
  },
  {
    title: 'limit: late fragments are over it',
    setup: { limits: all(2) },
    before: times(2, ...packet4()),
    packet: [eth(), ipv4({ offset: 8, protocol: 17 }), payload(8)],
    expect: 'DROP_RATE_LIMIT',
  },
  {
    title: 'limit: comes before conntrack',
    setup: {
      limits: all(1),
      flows: [{ protocol: 'udp', from: HOST4, to: '192.0.2.1', ports: [5000, 53], state: 'REPLIED' }],
    },
    before: times(1, ...packet4()),
    packet: [eth(), ipv4(), udp({ sport: 53, dport: 5000 })],
    expect: 'DROP_RATE_LIMIT',
  },
  {
    title: 'limit: an hour gives one packet back',
    setup: { limits: all(1) },
    before: [...times(2, ...packet4()), { wait: 3601 }],
    packet: packet4(),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'limit: one packet, not two',
    setup: { limits: all(5) },
    before: [...times(5, ...packet4()), { wait: 3601 }, ...times(1, ...packet4())],
    packet: packet4(),
    expect: 'DROP_RATE_LIMIT',
  },
  {
    title: 'limit: dropped packets cost nothing',
    setup: { limits: all(1) },
    before: [...times(20, ...packet4()), { wait: 3601 }],
    packet: packet4(),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'limit: malformed packets do not count',
    setup: { limits: all(1) },
    before: times(5, eth(), ipv4(), tcp({ dataOffset: 1 })),
    packet: packet4(),
    expect: 'PASS_DEFAULT',
  },
];

export const synLimits: readonly PacketCase[] = [
  {
    title: 'SYN limit: within',
    setup: { config: synBudget },
    before: times(1, ...syn4()),
    packet: syn4(),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'SYN limit: over',
    setup: { config: synBudget },
    before: times(2, ...syn4()),
    packet: syn4(),
    expect: 'DROP_SYN_LIMIT',
  },
  {
    title: 'SYN limit: IPv6',
    setup: { config: synBudget },
    before: times(2, ...syn6()),
    packet: syn6('2001:db8::77'),
    expect: 'DROP_SYN_LIMIT',
  },
  {
    title: 'SYN limit: another source',
    setup: { config: synBudget },
    before: times(3, ...syn4()),
    packet: syn4('192.0.2.9'),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'SYN limit: other segments are free',
    setup: { config: synBudget },
    before: times(3, ...syn4()),
    packet: [eth(), ipv4(), tcp({ flags: 'A' })],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'SYN limit: SYN+ACK is free',
    setup: { config: synBudget },
    before: times(4, eth(), ipv4(), tcp({ flags: 'SA' })),
    packet: syn4(),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'SYN limit: UDP is free',
    setup: { config: synBudget },
    before: times(3, ...syn4()),
    packet: packet4(),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'SYN limit: not switched on',
    before: times(300, ...syn4()),
    packet: syn4(),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'SYN limit: works with the other limits off',
    setup: { config: { ...synBudget, rateLimit: false } },
    before: times(2, ...syn4()),
    packet: syn4(),
    expect: 'DROP_SYN_LIMIT',
  },
  {
    title: "SYN limit: its bucket is not the source's other bucket",
    setup: { config: synBudget, limits: all(3) },
    before: [...times(1, ...packet4()), ...times(1, ...syn4())],
    packet: syn4(),
    expect: 'PASS_DEFAULT',
  },
];

export const icmpLimits: readonly PacketCase[] = [
  {
    title: 'ICMP limit: within',
    setup: { config: icmpBudget },
    before: times(1, eth(), ipv4(), icmp()),
    packet: [eth(), ipv4(), icmp()],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'ICMP limit: over',
    setup: { config: icmpBudget },
    before: times(2, eth(), ipv4(), icmp()),
    packet: [eth(), ipv4(), icmp()],
    expect: 'DROP_ICMP_LIMIT',
  },
  {
    title: 'ICMP limit: all sources, both families, one bucket',
    setup: { config: icmpBudget },
    before: [...times(1, eth(), ipv4(), icmp()), ...times(1, eth(), ipv6(), icmp6())],
    packet: [eth(), ipv6({ src: '2001:db8:9::9' }), icmp6()],
    expect: 'DROP_ICMP_LIMIT',
  },
  {
    title: 'ICMP limit: 0 is none',
    before: times(300, eth(), ipv4(), icmp()),
    packet: [eth(), ipv4(), icmp()],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'ICMP limit: listener discovery is exempt',
    setup: { config: icmpBudget },
    before: times(3, eth(), ipv4(), icmp()),
    packet: listener(),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'ICMP limit: neighbour discovery is exempt',
    setup: { config: icmpBudget },
    before: times(3, eth(), ipv4(), icmp()),
    packet: neighbour(),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'ICMP limit: neighbour discovery does not count',
    setup: { config: icmpBudget },
    before: times(5, ...neighbour()),
    packet: [eth(), ipv4(), icmp()],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'ICMP limit: neighbour discovery from afar is not exempt',
    setup: { config: icmpBudget },
    before: times(2, eth(), ipv4(), icmp()),
    packet: neighbour({ hopLimit: 64 }),
    expect: 'DROP_ICMP_LIMIT',
  },
  {
    title: 'ICMP limit: an error about our flow is exempt',
    setup: {
      config: icmpBudget,
      flows: [{ protocol: 'tcp', from: HOST4, to: '192.0.2.1', ports: [40000, 443], state: 'SYN_SENT' }],
    },
    before: times(3, eth(), ipv4(), icmp()),
    packet: [
      eth(),
      ipv4(),
      icmp({ type: 3, code: 4 }),
      quote([ipv4({ src: HOST4, dst: '192.0.2.1' }), tcp({ dport: 443 })]),
    ],
    expect: 'PASS_RELATED',
  },
  {
    title: 'ICMP limit: an error about nothing of ours is not',
    setup: { config: icmpBudget },
    before: times(3, eth(), ipv4(), icmp()),
    packet: [
      eth(),
      ipv4(),
      icmp({ type: 3, code: 4 }),
      quote([ipv4({ src: HOST4, dst: '192.0.2.1' }), tcp({ dport: 443 })]),
    ],
    expect: 'DROP_ICMP_LIMIT',
  },
  {
    title: 'ICMP limit: an error without conntrack is not exempt',
    setup: {
      config: { ...icmpBudget, conntrack: false },
      flows: [{ protocol: 'tcp', from: HOST4, to: '192.0.2.1', ports: [40000, 443], state: 'SYN_SENT' }],
    },
    before: times(3, eth(), ipv4(), icmp()),
    packet: [
      eth(),
      ipv4(),
      icmp({ type: 3, code: 4 }),
      quote([ipv4({ src: HOST4, dst: '192.0.2.1' }), tcp({ dport: 443 })]),
    ],
    expect: 'DROP_ICMP_LIMIT',
  },
  {
    title: 'ICMP limit: late fragments do not count',
    setup: { config: icmpBudget },
    before: times(5, eth(), ipv4({ offset: 10, protocol: 1 }), payload(8)),
    packet: [eth(), ipv4(), icmp()],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'ICMP limit: late fragments are never over it',
    setup: { config: icmpBudget },
    before: times(3, eth(), ipv4(), icmp()),
    packet: [eth(), ipv4({ offset: 10, protocol: 1 }), payload(8)],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'ICMP limit: ICMP in IPv6 is no ICMP',
    setup: { config: icmpBudget },
    before: times(3, eth(), ipv4(), icmp()),
    packet: [eth(), ipv6(), icmp()],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'ICMP limit: TCP is free',
    setup: { config: icmpBudget },
    before: times(3, eth(), ipv4(), icmp()),
    packet: syn4(),
    expect: 'PASS_DEFAULT',
  },
];

const auto = { autoBlock: true, autoBlockExpiry: 300_000 };

export const autoBlock: readonly PacketCase[] = [
  {
    title: 'auto-block: the packet after the one over the limit',
    setup: { limits: all(1), config: auto },
    before: times(2, ...packet4()),
    packet: packet4(),
    expect: 'DROP_DYNAMIC',
  },
  {
    title: 'auto-block: the packet over the limit itself',
    setup: { limits: all(1), config: auto },
    before: times(1, ...packet4()),
    packet: packet4(),
    expect: 'DROP_RATE_LIMIT',
  },
  {
    title: 'auto-block: off',
    setup: { limits: all(1) },
    before: times(2, ...packet4()),
    packet: packet4(),
    expect: 'DROP_RATE_LIMIT',
  },
  {
    title: 'auto-block: the whole IPv6 /64',
    setup: { limits: all(1), config: auto },
    before: times(2, ...packet6()),
    packet: packet6('2001:db8::abcd'),
    expect: 'DROP_DYNAMIC',
  },
  {
    title: 'auto-block: one IPv6 host with v6_prefix 128',
    setup: { limits: all(1), config: { ...auto, v6Prefix: 128 } },
    before: times(2, ...packet6()),
    packet: packet6(),
    expect: 'DROP_DYNAMIC',
  },
  {
    title: 'auto-block: another IPv6 host with v6_prefix 128',
    setup: { limits: all(1), config: { ...auto, v6Prefix: 128 } },
    before: times(2, ...packet6()),
    packet: packet6('2001:db8::2'),
    expect: 'PASS_DEFAULT',
  },
  {
    title: "auto-block: by /48 buckets the source's /64 is blocked",
    setup: { limits: all(1), config: { ...auto, v6Prefix: 48 } },
    before: times(2, ...packet6()),
    packet: packet6('2001:db8:0:1::1'),
    expect: 'DROP_RATE_LIMIT',
  },
  {
    title: 'auto-block: over the SYN budget',
    setup: { config: { ...auto, ...synBudget } },
    before: times(3, ...syn4()),
    packet: packet4(),
    expect: 'DROP_DYNAMIC',
  },
  {
    title: 'auto-block: not over the ICMP budget',
    setup: { config: { ...auto, ...icmpBudget } },
    before: times(5, eth(), ipv4(), icmp()),
    packet: packet4(),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'auto-block: ends',
    setup: { config: { ...auto, ...synBudget } },
    before: [...times(3, ...syn4()), { wait: 301 }],
    packet: packet4(),
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'auto-block: lasts',
    setup: { config: { ...auto, ...synBudget } },
    before: [...times(3, ...syn4()), { wait: 298 }],
    packet: packet4(),
    expect: 'DROP_DYNAMIC',
  },
  {
    title: 'auto-block: not another source',
    setup: { limits: all(1), config: auto },
    before: times(2, ...packet4()),
    packet: packet4('192.0.2.7'),
    expect: 'PASS_DEFAULT',
  },
];
