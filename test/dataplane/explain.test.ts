import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KernelDataPlane } from '../../src/dataplane/index.ts';
import type { ExplainRecord, IpPortEntry } from '../../src/dataplane/policy-plane.ts';
import { formatPrefix, parsePrefix } from '../../src/model/prefixes.ts';
import { eth, fragment, HOST4, icmp, icmp6, ipv4, ipv6, packet, quote, tcp, udp, vlan } from '../support/packet.ts';
import type { Layer } from '../support/packet-layers.ts';
import { configOf, groupOf, NOTHING, Planes, writeFlow } from './planes.ts';

const planes = new Planes();
let plane: KernelDataPlane;

const prefix = (text: string) => parsePrefix(text).prefix;
const LOOPBACK = 1;
const explain = (frame: Uint8Array): ExplainRecord => plane.explain(frame, { ifindex: LOOPBACK, direction: 'in' });
const records = (frame: Uint8Array) => plane.explain(frame, { ifindex: LOOPBACK, direction: 'out' }).records;
const rule: IpPortEntry = {
  prefix: prefix('10.0.0.0/8'),
  from: 7000,
  to: 7100,
  protocol: 'tcp',
  action: 'deny',
  reason: 'old service',
};

beforeAll(() => {
  plane = planes.load(planes.path(), {
    config: configOf({ base: { default_deny: true, allowed_protocols: ['gre'] }, rate_limit: { auto_block: true } }),
  });
  const until = Date.now() + 3_600_000;
  plane.applyLists([
    { list: 'allow', put: [groupOf(['203.0.113.0/24'], { reason: 'partner' })], remove: NOTHING },
    {
      list: 'deny',
      put: [
        groupOf(['100.64.0.0/10', '100.64.7.0/24'], { reason: 'carrier' }),
        groupOf(['192.0.2.66', '2001:db8::66'], { reason: 'host' }),
        groupOf(['192.0.2.77', '2001:db8:7::/48'], { reason: 'for an hour', expiresAt: until }),
      ],
      remove: NOTHING,
    },
  ]);
  plane.putDynamic([
    { prefix: prefix('192.0.2.88'), reason: 'flood', blockedAt: Date.now(), expiresAt: until, cause: null, hits: 0 },
    {
      prefix: prefix('2001:db8:8::/64'),
      reason: 'flood',
      blockedAt: Date.now(),
      expiresAt: null,
      cause: null,
      hits: 0,
    },
  ]);
  plane.setPorts({ open: [{ from: 443, to: 443, protocol: 'tcp' }], failsafe: [22] });
  plane.setIpPortRules([rule, { ...rule, prefix: prefix('0.0.0.0/0'), from: 8000, to: 8000, action: 'allow' }]);
  plane.setLimits([{ prefix: prefix('198.18.0.0/15'), rate: 1, burst: 1 }]);
});

afterAll(() => planes.dispose());

const seen = ({ reason, map, prefix: entry, text }: ExplainRecord) => [
  reason,
  map,
  entry === null ? null : formatPrefix(entry),
  text,
];
const in4 = (src: string, l4: Layer = tcp()) => packet(eth(), ipv4({ src }), l4);
const in6 = (src: string, l4: Layer = tcp()) => packet(eth(), ipv6({ src }), l4);

describe('explain', () => {
  it.each([
    ['whitelist', in4('203.0.113.9'), ['PASS_WHITELIST', 'whitelist', '203.0.113.0/24', 'partner']],
    ['permanent network', in4('100.65.1.1'), ['DROP_DENIED_NETWORK', 'lock_list', '100.64.0.0/10', 'carrier']],
    ['network in a network', in4('100.64.7.1'), ['DROP_DENIED_NETWORK', 'lock_list', '100.64.7.0/24', 'carrier']],
    ['host', in4('192.0.2.66'), ['DROP_DENIED_HOST', 'lock_hosts', '192.0.2.66', '']],
    ['IPv6 host', in6('2001:db8::66'), ['DROP_DENIED_HOST', 'lock_hosts', '2001:db8::66', '']],
    ['expiring host', in4('192.0.2.77'), ['DROP_DENIED_HOST', 'lock_list', '192.0.2.77', 'for an hour']],
    ['IPv6 network', in6('2001:db8:7::1'), ['DROP_DENIED_NETWORK', 'lock_list', '2001:db8:7::/48', 'for an hour']],
    ['dynamic', in4('192.0.2.88'), ['DROP_DYNAMIC', 'dyn_lock_list', '192.0.2.88', 'flood']],
    ['dynamic /64', in6('2001:db8:8::5'), ['DROP_DYNAMIC', 'dyn_lock_list', '2001:db8:8::/64', 'flood']],
    ['open port', in4('192.0.2.1', tcp({ dport: 443 })), ['PASS_PORT', 'allowed_ports', null, '']],
    ['failsafe port', in4('192.0.2.1', tcp({ dport: 22 })), ['PASS_FAILSAFE', 'allowed_ports', null, '']],
    ['rule', in4('10.1.1.1', tcp({ dport: 7050 })), ['DROP_RULE', 'ip_port_rules', '10.0.0.0/8', 'old service']],
    ['default policy', in4('192.0.2.1'), ['DROP_DEFAULT', null, null, '']],
    [
      'tagged frame',
      packet(eth(), vlan(7), ipv4({ src: '192.0.2.66' }), tcp()),
      ['DROP_DENIED_HOST', 'lock_hosts', '192.0.2.66', ''],
    ],
    ['flags', in4('192.0.2.1', tcp({ flags: '' })), ['DROP_TCP_FLAGS', null, null, '']],
    [
      'fragment',
      packet(eth(), ipv6({ src: '2001:db8::66' }), fragment({ offset: 5 })),
      ['DROP_DENIED_HOST', 'lock_hosts', '2001:db8::66', ''],
    ],
  ])('names what decides: %s', (_name, frame, expected) => {
    expect(seen(explain(frame))).toEqual(expected);
    expect(explain(frame).verdict).toBe(plane.run(frame).verdict);
  });

  it('names the rule itself, and when an entry ends', () => {
    expect(explain(in4('10.1.1.1', tcp({ dport: 7050 }))).rule).toEqual(rule);
    expect(explain(in4('192.0.2.1', tcp({ dport: 8000 }))).rule).toMatchObject({ from: 8000, to: 8000 });
    const { expiresAt } = explain(in4('192.0.2.77'));
    expect(Math.abs(expiresAt! - Date.now() - 3_600_000)).toBeLessThan(60_000);
    expect(explain(in4('192.0.2.66')).expiresAt).toBeNull();
  });

  it('names the limit that a source is over', () => {
    const frame = in4('198.18.1.1', tcp({ dport: 443 }));
    expect(explain(frame).reason).toBe('PASS_PORT');
    plane.run(frame);
    expect(seen(explain(frame))).toEqual(['DROP_RATE_LIMIT', 'rate_limit', '198.18.0.0/15', '']);
  });

  it('changes nothing', () => {
    plane.run(in4('198.18.2.2'));
    const state = () =>
      ['stats', 'rate_state', 'shared_buckets', 'limit_hits', 'dyn_lock_list', 'ct_map', 'frag_map', 'src_index4'].map(
        (name) => Buffer.from(plane.maps.get(name).readAll().values).toString('base64'),
      );
    const before = state();
    const frames = [
      in4('198.18.2.2'),
      in4('192.0.2.88'),
      in4('192.0.2.1', icmp()),
      packet(eth(), ipv4({ src: '192.0.2.1', more: true }), udp({ dport: 443 })),
    ];
    for (const frame of frames) explain(frame);
    for (const frame of [in4('198.51.100.1'), in4('198.51.100.1', udp())]) records(frame);
    expect(state()).toEqual(before);
  });

  it('says what this host would record of what it sends', () => {
    const sent = (flags: string, sport = 50_000) =>
      packet(eth(), ipv4({ src: HOST4, dst: '192.0.2.1' }), tcp({ sport, dport: 443, flags }));
    const ends = 'tcp 198.51.100.1:50000 -> 192.0.2.1:443';
    expect(records(sent('S'))).toBe(`${ends}: new flow, syn_sent`);
    expect(records(sent('A'))).toBe(`${ends}: new flow, established`);
    expect(records(sent('R'))).toBeNull();
    expect(records(sent('SA'))).toBeNull();
    expect(records(sent('A', 443))).toBeNull();
    expect(records(packet(eth(), ipv6(), udp({ sport: 5353, dport: 53 })))).toMatch(
      /^udp \[2001:db8::1\]:5353 -> \[2001:db8:1::1\]:53: new flow, unreplied$/,
    );
    expect(records(packet(eth(), ipv4(), icmp({ id: 9 })))).toMatch(/^icmp .*, id 9: new flow, unreplied$/);
    expect(records(packet(eth(), ipv6(), icmp6({ type: 135 })))).toBeNull();
  });

  it('names the flow that an answer belongs to', () => {
    writeFlow(plane, { destination: '192.0.2.9', state: 'ESTABLISHED' });
    const ends = { sport: 443, dport: 50_000 };
    expect(seen(explain(in4('192.0.2.9', tcp({ ...ends, flags: 'A' }))))).toEqual([
      'PASS_CONNTRACK',
      'ct_map',
      null,
      '',
    ]);
    const quoted = quote([ipv4({ src: HOST4, dst: '192.0.2.9' }), tcp({ sport: 50_000, dport: 443 })], 28);
    const related = packet(eth(), ipv4({ src: '10.9.9.9' }), icmp({ type: 3, code: 4 }), quoted);
    expect(seen(explain(related))).toEqual(['PASS_RELATED', 'ct_map', null, '']);
    const sent = (flags: string) =>
      packet(eth(), ipv4({ src: HOST4, dst: '192.0.2.9' }), tcp({ sport: 50_000, dport: 443, flags }));
    expect(records(sent('A'))).toMatch(/: known flow, established$/);
    expect(records(sent('FA'))).toMatch(/: known flow, was established, fin_wait$/);
    expect(records(sent('R'))).toMatch(/: known flow, was established, closed$/);
    expect([...plane.flows()].map((flow) => flow.state)).toEqual(['established']);
  });

  it('refuses an interface that does not exist', () => {
    expect(() => plane.explain(in4('192.0.2.1'), { ifindex: 99_999, direction: 'in' })).toThrowError(
      expect.objectContaining({ code: 'INTERFACE_UNKNOWN' }),
    );
  });
});
