import { bucketOf, hosts4Hash, loaded } from '../../../src/dataplane/hash.ts';
import { formatPrefix, prefix4 } from '../../../src/model/prefixes.ts';
import { HOSTS4_BUCKETS, SEED } from '../../support/kernel-filter.ts';
import { eth, icmp, ipv4, ipv6, payload, tcp, udp } from '../../support/packet.ts';
import type { EntryInput, PacketCase, Setup } from '../../support/packet-case.ts';
import { neighbour } from '../../support/packet-services.ts';

/** A packet of the source under these lists. */
function from(src: string, title: string, setup: Setup, expect: PacketCase['expect']): PacketCase {
  const ip = src.includes(':') ? ipv6({ src }) : ipv4({ src });
  return { title, setup, packet: [eth(), ip, tcp()], expect };
}

/** Entries of one list around an address, the longest first, all expired. */
const expired = (prefixes: readonly string[]): EntryInput[] => prefixes.map((prefix) => [prefix, -60]);
const nested = (address: string, longest: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${address}/${longest - i}`);

/** More hosts than a bucket has slots, all of which have it as their first: the last ones lie in their second. */
const CROWD = Array.from({ length: 4096 }, (_, i) => prefix4(0x0a00_0000 + i))
  .filter(({ words }) => bucketOf(hosts4Hash(loaded(words[3]), SEED), HOSTS4_BUCKETS) === 0)
  .slice(0, 20)
  .map(formatPrefix);

export const whitelist: readonly PacketCase[] = [
  from('192.0.2.1', 'whitelist: host', { allow: ['192.0.2.1'] }, 'PASS_WHITELIST'),
  from('192.0.2.2', 'whitelist: another host', { allow: ['192.0.2.1'] }, 'PASS_DEFAULT'),
  from('192.0.2.1', 'whitelist: network', { allow: ['192.0.0.0/16'] }, 'PASS_WHITELIST'),
  from('192.1.0.0', 'whitelist: just outside the network', { allow: ['192.0.0.0/16'] }, 'PASS_DEFAULT'),
  from('192.0.2.1', 'whitelist: every IPv4 source', { allow: ['0.0.0.0/0'] }, 'PASS_WHITELIST'),
  from('2001:db8::1', 'whitelist: every IPv4 source is not IPv6', { allow: ['0.0.0.0/0'] }, 'PASS_DEFAULT'),
  from('2001:db8::1', 'whitelist: every IPv6 source', { allow: ['::/0'] }, 'PASS_WHITELIST'),
  from('192.0.2.1', 'whitelist: every IPv6 source is not IPv4', { allow: ['::/0'] }, 'PASS_DEFAULT'),
  from('192.0.2.1', 'whitelist: ::/64 is not IPv4', { allow: ['::/64'] }, 'PASS_DEFAULT'),
  from('2001:db8::1', 'whitelist: IPv6 host', { allow: ['2001:db8::1'] }, 'PASS_WHITELIST'),
  from('2001:db8::2', 'whitelist: another IPv6 host', { allow: ['2001:db8::1'] }, 'PASS_DEFAULT'),
  from('2001:db8::1', 'whitelist: IPv6 /32', { allow: ['2001:db8::/32'] }, 'PASS_WHITELIST'),
  from('2001:db8:0:1::1', 'whitelist: IPv6 /64 next door', { allow: ['2001:db8::/64'] }, 'PASS_DEFAULT'),
  from(
    '2001:db8::8000:0:0:1',
    'whitelist: IPv6 /65, upper half',
    { allow: ['2001:db8::8000:0:0:0/65'] },
    'PASS_WHITELIST',
  ),
  from('2001:db8::1', 'whitelist: IPv6 /65, lower half', { allow: ['2001:db8::8000:0:0:0/65'] }, 'PASS_DEFAULT'),
  from('192.0.2.1', 'whitelist: not yet expired', { allow: [['192.0.2.1', 60]] }, 'PASS_WHITELIST'),
  from('192.0.2.1', 'whitelist: expired', { allow: [['192.0.2.1', -1]] }, 'PASS_DEFAULT'),
  from(
    '192.0.2.1',
    'whitelist: expired host in a live network',
    { allow: [['192.0.2.1', -1], '192.0.2.0/24'] },
    'PASS_WHITELIST',
  ),
  from(
    '192.0.2.1',
    'whitelist: live host in an expired network',
    { allow: ['192.0.2.1', ['192.0.2.0/24', -1]] },
    'PASS_WHITELIST',
  ),
  from(
    '192.0.2.1',
    'whitelist: all expired',
    { allow: expired(['192.0.2.1', '192.0.2.0/24', '192.0.0.0/8']) },
    'PASS_DEFAULT',
  ),
  from(
    '192.0.2.1',
    'whitelist: seven expired entries over a live one',
    { allow: [...expired(nested('192.0.2.1', 32, 7)), '192.0.0.0/16'] },
    'PASS_WHITELIST',
  ),
  from(
    '192.0.2.1',
    'whitelist: twelve expired entries over a live one: not found',
    { allow: [...expired(nested('192.0.2.1', 32, 12)), '192.0.0.0/16'] },
    'PASS_DEFAULT',
  ),
  from(
    '192.0.2.1',
    'whitelist wins over a denied host',
    { allow: ['192.0.2.1'], deny: ['192.0.2.1'] },
    'PASS_WHITELIST',
  ),
  from(
    '192.0.2.1',
    'a whitelisted network wins over a denied host',
    { allow: ['192.0.0.0/8'], deny: ['192.0.2.1'] },
    'PASS_WHITELIST',
  ),
  from(
    '192.0.2.1',
    'whitelist wins over the dynamic blacklist',
    { allow: ['192.0.2.1'], dynamic: ['192.0.2.1'] },
    'PASS_WHITELIST',
  ),
  from(
    '192.0.2.1',
    'whitelist wins over default deny',
    { allow: ['192.0.2.1'], config: { defaultDeny: true } },
    'PASS_WHITELIST',
  ),
  from(
    '192.0.2.1',
    'whitelist wins over limits and rules',
    {
      allow: ['192.0.2.0/24'],
      limits: [{ from: '0.0.0.0/0', rate: 1 / 3600, burst: 1 }],
      rules: [{ from: '0.0.0.0/0', port: 80, action: 'deny' }],
    },
    'PASS_WHITELIST',
  ),
  {
    title: 'whitelist: late fragments too',
    setup: { allow: ['192.0.2.1'], config: { defaultDeny: true } },
    packet: [eth(), ipv4({ offset: 10, protocol: 17 }), payload(8)],
    expect: 'PASS_WHITELIST',
  },
  {
    title: 'whitelist: unknown protocols too',
    setup: { allow: ['2001:db8::/48'], config: { defaultDeny: true } },
    packet: [eth(), ipv6({ nextHeader: 253 })],
    expect: 'PASS_WHITELIST',
  },
];

export const dynamic: readonly PacketCase[] = [
  from('192.0.2.1', 'dynamic: host', { dynamic: ['192.0.2.1'] }, 'DROP_DYNAMIC'),
  from('192.0.2.2', 'dynamic: another host', { dynamic: ['192.0.2.1'] }, 'PASS_DEFAULT'),
  from('192.0.2.1', 'dynamic: not yet expired', { dynamic: [['192.0.2.1', 60]] }, 'DROP_DYNAMIC'),
  from('192.0.2.1', 'dynamic: expired', { dynamic: [['192.0.2.1', -1]] }, 'PASS_DEFAULT'),
  from('2001:db8::1', 'dynamic: IPv6 host', { dynamic: ['2001:db8::1'] }, 'DROP_DYNAMIC'),
  from('2001:db8::2', 'dynamic: another IPv6 host', { dynamic: ['2001:db8::1'] }, 'PASS_DEFAULT'),
  from('2001:db8::1', 'dynamic: IPv6 /64', { dynamic: ['2001:db8::'] }, 'DROP_DYNAMIC'),
  from('2001:db8:0:1::1', 'dynamic: the next IPv6 /64', { dynamic: ['2001:db8::'] }, 'PASS_DEFAULT'),
  from(
    '2001:db8::1',
    'dynamic: expired host in a live /64',
    { dynamic: [['2001:db8::1', -1], '2001:db8::'] },
    'DROP_DYNAMIC',
  ),
  from(
    '2001:db8::1',
    'dynamic: live host in an expired /64',
    { dynamic: ['2001:db8::1', ['2001:db8::', -1]] },
    'DROP_DYNAMIC',
  ),
  from('192.0.2.1', 'dynamic comes before static', { dynamic: ['192.0.2.1'], deny: ['192.0.2.1'] }, 'DROP_DYNAMIC'),
  from(
    '192.0.2.1',
    'an expired dynamic entry over a static one',
    { dynamic: [['192.0.2.1', -1]], deny: ['192.0.2.1'] },
    'DROP_DENIED_HOST',
  ),
  {
    title: 'dynamic: late fragments too',
    setup: { dynamic: ['192.0.2.1'] },
    packet: [eth(), ipv4({ offset: 10, protocol: 17 }), payload(8)],
    expect: 'DROP_DYNAMIC',
  },
  {
    title: 'dynamic: replies too, a ban cuts open connections',
    setup: {
      dynamic: ['192.0.2.1'],
      flows: [{ protocol: 'tcp', from: '198.51.100.1', to: '192.0.2.1', ports: [40000, 80], state: 'ESTABLISHED' }],
    },
    packet: [eth(), ipv4(), tcp({ sport: 80, dport: 40000, flags: 'A' })],
    expect: 'DROP_DYNAMIC',
  },
];

export const denied: readonly PacketCase[] = [
  from(CROWD[0]!, 'denied host: in its first bucket', { deny: CROWD }, 'DROP_DENIED_HOST'),
  from(CROWD.at(-1)!, 'denied host: in its second bucket', { deny: CROWD }, 'DROP_DENIED_HOST'),
  ...(
    [
      ['192.0.2.9', 'a source beside the whitelisted host', 'DROP_DENIED_NETWORK'],
      ['192.0.2.1', 'the whitelisted host', 'PASS_WHITELIST'],
      ['192.0.2.2', 'a denied host of it', 'DROP_DENIED_NETWORK'],
      ['192.0.2.3', 'a denied host that expires', 'DROP_DENIED_NETWORK'],
      ['192.0.2.130', 'a longer network in it', 'DROP_DENIED_NETWORK'],
      ['192.0.3.1', 'the next block', 'DROP_DENIED_NETWORK'],
      ['192.2.0.1', 'just outside', 'PASS_DEFAULT'],
    ] as const
  ).map(([src, what, expect]) =>
    from(
      src,
      `denied network with a block in which other entries lie: ${what}`,
      { allow: ['192.0.2.1'], deny: ['192.0.0.0/15', '192.0.2.2', ['192.0.2.3', 60], '192.0.2.128/25'] },
      expect,
    ),
  ),
  ...(
    [
      ['192.0.2.2', 'a denied host', 'DROP_DENIED_HOST'],
      ['192.0.2.3', 'a denied host that expires', 'DROP_DENIED_HOST'],
      ['192.0.2.130', 'a longer network', 'DROP_DENIED_NETWORK'],
      ['192.0.2.131', 'a denied host in the longer network', 'DROP_DENIED_HOST'],
      ['192.0.2.9', 'nobody', 'PASS_DEFAULT'],
    ] as const
  ).map(([src, what, expect]) =>
    from(
      src,
      `a block in which many entries lie: ${what}`,
      {
        allow: ['192.0.2.1'],
        deny: ['192.0.2.2', ['192.0.2.3', 60], '192.0.2.128/25', '192.0.2.131', ['192.0.0.0/16', -60]],
        dynamic: ['192.0.2.4'],
      },
      expect,
    ),
  ),
  from('192.0.2.1', 'denied: host', { deny: ['192.0.2.1'] }, 'DROP_DENIED_HOST'),
  from('192.0.2.2', 'denied: another host', { deny: ['192.0.2.1'] }, 'PASS_DEFAULT'),
  from('192.0.2.1', 'denied: /24', { deny: ['192.0.2.0/24'] }, 'DROP_DENIED_NETWORK'),
  from('192.0.3.0', 'denied: next to a /24', { deny: ['192.0.2.0/24'] }, 'PASS_DEFAULT'),
  from('192.0.2.1', 'denied: /23', { deny: ['192.0.2.0/23'] }, 'DROP_DENIED_NETWORK'),
  from('192.0.2.1', 'denied: /8', { deny: ['192.0.0.0/8'] }, 'DROP_DENIED_NETWORK'),
  from('193.0.0.0', 'denied: next to a /8', { deny: ['192.0.0.0/8'] }, 'PASS_DEFAULT'),
  from('192.0.2.1', 'denied: every IPv4 source', { deny: ['0.0.0.0/0'] }, 'DROP_DENIED_NETWORK'),
  from('2001:db8::1', 'denied: every IPv4 source is not IPv6', { deny: ['0.0.0.0/0'] }, 'PASS_DEFAULT'),
  from('192.0.2.1', 'denied: /25', { deny: ['192.0.2.0/25'] }, 'DROP_DENIED_NETWORK'),
  from('192.0.2.129', 'denied: the other /25', { deny: ['192.0.2.0/25'] }, 'PASS_DEFAULT'),
  from('192.0.2.1', 'denied: /31', { deny: ['192.0.2.0/31'] }, 'DROP_DENIED_NETWORK'),
  from('192.0.2.2', 'denied: next to a /31', { deny: ['192.0.2.0/31'] }, 'PASS_DEFAULT'),
  from('2001:db8::1', 'denied: IPv6 host', { deny: ['2001:db8::1'] }, 'DROP_DENIED_HOST'),
  from('2001:db8::2', 'denied: another IPv6 host', { deny: ['2001:db8::1'] }, 'PASS_DEFAULT'),
  from('2001:db8::1', 'denied: IPv6 /64', { deny: ['2001:db8::/64'] }, 'DROP_DENIED_NETWORK'),
  from('2001:db8:0:1::', 'denied: next to an IPv6 /64', { deny: ['2001:db8::/64'] }, 'PASS_DEFAULT'),
  from('2001:db8::1', 'denied: IPv6 /29', { deny: ['2001:db8::/29'] }, 'DROP_DENIED_NETWORK'),
  from('2001:db8::1', 'denied: IPv6 /48', { deny: ['2001:db8::/48'] }, 'DROP_DENIED_NETWORK'),
  from('2001:db8:3::1', 'denied: next to an IPv6 /48', { deny: ['2001:db8:2::/48'] }, 'PASS_DEFAULT'),
  from('2001:db8::1', 'denied: IPv6 /127', { deny: ['2001:db8::/127'] }, 'DROP_DENIED_NETWORK'),
  from('2001:db8::2', 'denied: next to an IPv6 /127', { deny: ['2001:db8::/127'] }, 'PASS_DEFAULT'),
  from('2001:db8::1', 'denied: every IPv6 source', { deny: ['::/0'] }, 'DROP_DENIED_NETWORK'),
  from('192.0.2.1', 'denied: every IPv6 source is not IPv4', { deny: ['::/0'] }, 'PASS_DEFAULT'),
  from('192.0.2.1', 'denied: a short IPv6 prefix is not IPv4', { deny: ['::/8'] }, 'PASS_DEFAULT'),
  from('192.0.2.1', 'denied: a host in a denied /24', { deny: ['192.0.2.1', '192.0.2.0/24'] }, 'DROP_DENIED_NETWORK'),
  from('192.0.2.1', 'denied: a host in a denied /25', { deny: ['192.0.2.1', '192.0.2.0/25'] }, 'DROP_DENIED_HOST'),
  from(
    '2001:db8::1',
    'denied: an IPv6 host in a denied /64',
    { deny: ['2001:db8::1', '2001:db8::/64'] },
    'DROP_DENIED_HOST',
  ),
  from('192.0.2.1', 'denied: host for a minute', { deny: [['192.0.2.1', 60]] }, 'DROP_DENIED_HOST'),
  from('192.0.2.1', 'denied: host, expired', { deny: [['192.0.2.1', -1]] }, 'PASS_DEFAULT'),
  from('192.0.2.1', 'denied: /16 for a minute', { deny: [['192.0.0.0/16', 60]] }, 'DROP_DENIED_NETWORK'),
  from('192.0.2.1', 'denied: /16, expired', { deny: [['192.0.0.0/16', -1]] }, 'PASS_DEFAULT'),
  from('2001:db8::1', 'denied: IPv6 host for a minute', { deny: [['2001:db8::1', 60]] }, 'DROP_DENIED_HOST'),
  from('2001:db8::1', 'denied: IPv6 host, expired', { deny: [['2001:db8::1', -1]] }, 'PASS_DEFAULT'),
  from(
    '192.0.2.1',
    'denied: an expired host in a permanent /25',
    { deny: [['192.0.2.1', -1], '192.0.2.0/25'] },
    'DROP_DENIED_NETWORK',
  ),
  from(
    '192.0.2.1',
    'denied: an expired host in an expiring /25',
    {
      deny: [
        ['192.0.2.1', -1],
        ['192.0.2.0/25', 60],
      ],
    },
    'DROP_DENIED_NETWORK',
  ),
  from(
    '192.0.2.1',
    'denied: a host for a minute in an expired /8',
    {
      deny: [
        ['192.0.2.1', 60],
        ['192.0.0.0/8', -1],
      ],
    },
    'DROP_DENIED_HOST',
  ),
  from(
    '2001:db8::1',
    'denied: seven expired entries over a permanent one',
    { deny: [...expired(nested('2001:db8::1', 128, 7)), '2001:db8::/32'] },
    'DROP_DENIED_NETWORK',
  ),
  from(
    '2001:db8::1',
    'denied: twelve expired entries over a permanent one still drop',
    { deny: [...expired(nested('2001:db8::1', 128, 12)), '2001:db8::/32'] },
    'DROP_DENIED_NETWORK',
  ),
  from('192.0.2.1', 'denied: host 0.0.0.0 is one source', { deny: ['0.0.0.0'] }, 'PASS_DEFAULT'),
  from('0.0.0.0', 'denied: 0.0.0.0', { deny: ['0.0.0.0'] }, 'DROP_DENIED_HOST'),
  from('::', 'denied: ::', { deny: ['::'] }, 'DROP_DENIED_HOST'),
  {
    title: 'denied comes before limits',
    setup: { deny: ['192.0.2.1'], limits: [{ from: '0.0.0.0/0', rate: 1 / 3600, burst: 1 }] },
    before: [{ receive: [eth(), ipv4(), tcp()] }],
    packet: [eth(), ipv4(), tcp()],
    expect: 'DROP_DENIED_HOST',
  },
  {
    title: 'denied: late fragments too',
    setup: { deny: ['2001:db8::/32'] },
    packet: [eth(), ipv6({ nextHeader: 44 }), payload([17, 0, 0, 80, 0, 0, 0, 1])],
    expect: 'DROP_DENIED_NETWORK',
  },
  {
    title: 'denied: neighbour discovery too',
    setup: { deny: ['fe80::/10'] },
    packet: neighbour(),
    expect: 'DROP_DENIED_NETWORK',
  },
  {
    title: 'denied: ICMP too',
    setup: { deny: ['192.0.2.1'] },
    packet: [eth(), ipv4(), icmp()],
    expect: 'DROP_DENIED_HOST',
  },
  {
    title: 'denied: the destination is not looked at',
    setup: { deny: ['198.51.100.1'] },
    packet: [eth(), ipv4(), udp()],
    expect: 'PASS_DEFAULT',
  },
];
