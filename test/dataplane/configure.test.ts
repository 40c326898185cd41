import { afterEach, describe, expect, it } from 'vitest';
import type { KernelDataPlane } from '../../src/dataplane/index.ts';
import { parsePrefix } from '../../src/model/prefixes.ts';
import { failOnLeaks } from '../ebpf/leaks.ts';
import { eth, icmp, ipv4, packet, tcp, udp } from '../support/packet.ts';
import { configOf, from, groupOf, listOf, NOTHING, Planes, writeFlow } from './planes.ts';

failOnLeaks();

let planes = new Planes();
afterEach(() => {
  planes.dispose();
  planes = new Planes();
});

const HOUR = 3_600_000;
const reply = packet(eth(), ipv4({ src: '192.0.2.9' }), tcp({ sport: 443, dport: 50_000, flags: 'A' }));
const reason = (plane: KernelDataPlane, frame: Uint8Array) => plane.run(frame).reason;
const entry = (prefix: string) => ({
  prefix: parsePrefix(prefix).prefix,
  reason: 'by hand',
  blockedAt: Date.now(),
  expiresAt: Date.now() + HOUR,
  cause: null,
  hits: 0,
});

const limited = packet(eth(), ipv4({ src: '198.18.0.1' }), tcp({ dport: 443 }));
/** When the budget of `limited` was used up last. */
let usedUpAt = 0;

/** A data plane with something in every map, and what the next packets must show of it. */
function filled(path = planes.path()): KernelDataPlane {
  const plane = planes.load(path, { config: configOf({ base: { default_deny: true } }) });
  plane.applyLists([
    { list: 'allow', put: [groupOf(['203.0.113.0/24'])], remove: NOTHING },
    { list: 'deny', put: [groupOf(['192.0.2.66', '2001:db8::66', '10.0.0.0/8', '2001:db8:7::/48'])], remove: NOTHING },
    { list: 'deny', put: [groupOf(['192.0.2.67'], { expiresAt: Date.now() + HOUR })], remove: NOTHING },
  ]);
  plane.putDynamic([entry('192.0.2.88')]);
  plane.setLimits([
    { prefix: parsePrefix('198.18.0.0/15').prefix, rate: 1, burst: 2 },
    { prefix: parsePrefix('::/0').prefix, rate: 1000, burst: 1000 },
  ]);
  plane.setPorts({ open: [{ from: 443, to: 443, protocol: 'tcp' }], failsafe: [22] });
  plane.setIpPortRules([
    { prefix: parsePrefix('192.0.2.0/24').prefix, from: 7, to: 7, protocol: 'udp', action: 'allow', reason: 'echo' },
  ]);
  writeFlow(plane, { destination: '192.0.2.9', state: 'ESTABLISHED' });
  usedUpAt = performance.now();
  for (let i = 0; i < 4; i++) plane.run(limited);
  return plane;
}

function expectFilled(plane: KernelDataPlane): void {
  const reasons = [
    '203.0.113.1',
    '192.0.2.66',
    '2001:db8::66',
    '10.1.1.1',
    '2001:db8:7::7',
    '192.0.2.67',
    '192.0.2.88',
  ];
  expect(reasons.map((source) => reason(plane, from(source)))).toEqual([
    'PASS_WHITELIST',
    'DROP_DENIED_HOST',
    'DROP_DENIED_HOST',
    'DROP_DENIED_NETWORK',
    'DROP_DENIED_NETWORK',
    'DROP_DENIED_HOST',
    'DROP_DYNAMIC',
  ]);
  // It has won back one packet a second; a budget that was forgotten would have two at once.
  for (let i = 0; i < Math.floor((performance.now() - usedUpAt) / 1000); i++) plane.run(limited);
  expect(reason(plane, limited)).toBe('DROP_RATE_LIMIT');
  expect(plane.limitDrops().get('198.18.0.0/15')).toBeGreaterThanOrEqual(2);
  expect(reason(plane, packet(eth(), ipv4({ src: '192.0.2.1' }), tcp({ dport: 22 })))).toBe('PASS_FAILSAFE');
  expect(reason(plane, packet(eth(), ipv4({ src: '192.0.2.1' }), udp({ dport: 7 })))).toBe('PASS_RULE');
  expect(reason(plane, reply)).toBe('PASS_CONNTRACK');
  expect(plane.readStats().reasons.DROP_RATE_LIMIT!.packets).toBeGreaterThanOrEqual(2);
}

describe('following a configuration', () => {
  it('does nothing when nothing changed', () => {
    const plane = planes.load(planes.path(), { config: configOf() });
    expect(plane.compare(configOf())).toMatchObject({ kind: 'none', changes: [] });
    expect(plane.configure(configOf())).toMatchObject({ kind: 'none' });
  });

  it('writes tunables in place', () => {
    const plane = planes.load(planes.path(), { config: configOf() });
    const ping = (count: number) =>
      Array.from({ length: count }, () => reason(plane, packet(eth(), ipv4(), icmp()))).filter(
        (one) => one === 'PASS_DEFAULT',
      ).length;
    const slow = configOf({ base: { icmp_rate: 1, icmp_burst: 3 } });
    expect(plane.compare(slow).changes).toEqual(['base.icmp_rate: 100 -> 1', 'base.icmp_burst: 200 -> 3']);
    const tag = () => plane.maps.get('tunables').info.id;
    const before = tag();
    expect(plane.configure(slow).kind).toBe('incremental');
    expect([tag(), ping(10)]).toEqual([before, 3]);
    expect(plane.configure(slow).kind).toBe('none');
  });

  it('loads another program for a switch, on the same maps', () => {
    const plane = filled();
    expectFilled(plane);
    const change = plane.configure(configOf({ base: { default_deny: true, strict_protocol: true } }));
    expect(change).toEqual({
      kind: 'incremental',
      changes: ['base.strict_protocol: false -> true'],
      because: 'base.strict_protocol changed',
    });
    expectFilled(plane);
    expect(reason(plane, packet(eth({ type: 0x88cc })))).toBe('DROP_ETHERTYPE');
    plane.configure(configOf({ base: { default_deny: false } }));
    expect(reason(plane, from('192.0.2.1'))).toBe('PASS_DEFAULT');
  });

  it.each([
    ['whitelist', { whitelist: 2000 }],
    ['lock_list', { lock_list: 2000 }],
    ['lock_hosts', { lock_hosts: 50_000 }],
    ['dyn_lock_list', { dyn_lock_list: 2000 }],
    ['rate_limits', { rate_limits: 50 }],
    ['rate_state', { rate_state: 4000 }],
    ['ip_port_rules', { ip_port_rules: 300 }],
  ])('keeps everything when capacity.%s changes', (key, capacity) => {
    const path = planes.path();
    const plane = filled(path);
    const config = configOf({ base: { default_deny: true }, capacity });
    expect(plane.compare(config)).toMatchObject({ kind: 'full', because: `capacity.${key} changed` });
    expect(plane.configure(config).kind).toBe('full');
    expectFilled(plane);
    expect(plane.compare(config).kind).toBe('none');
    // Both are still followed by what comes after.
    plane.applyLists([{ list: 'deny', put: [groupOf(['192.0.2.68'])], remove: listOf('192.0.2.66') }]);
    expect(['192.0.2.66', '192.0.2.68'].map((source) => reason(plane, from(source)))).toEqual([
      'DROP_DEFAULT',
      'DROP_DENIED_HOST',
    ]);
    plane.close();
    const next = planes.load(path, { config });
    expect(reason(next, reply)).toBe('PASS_CONNTRACK');
    expect(reason(next, from('192.0.2.68'))).toBe('DROP_DENIED_HOST');
  });

  it('keeps everything when all capacities change at once, and flows too', () => {
    const plane = filled();
    const config = configOf({
      base: { default_deny: true },
      capacity: { whitelist: 10, lock_list: 10, lock_hosts: 9000, dyn_lock_list: 10, rate_limits: 2, ip_port_rules: 1 },
      conntrack: { max_entries: 5000 },
    });
    plane.configure(config);
    expectFilled(plane);
    expect(plane.fill().find(({ name }) => name === 'ct_map')!.capacity).toBe(5000);
  });

  it('keeps the flows that were seen last when fewer fit', () => {
    const plane = planes.load(planes.path(), { config: configOf({ conntrack: { max_entries: 4000 } }) });
    for (let i = 0; i < 3000; i++) {
      writeFlow(plane, { destination: `10.0.${i >> 8}.${i & 255}`, state: 'ESTABLISHED', age: 3000 - i });
    }
    plane.configure(configOf({ conntrack: { max_entries: 1000 } }));
    const kept = Array.from(plane.flows(), ({ destination }) => destination.words[3] & 0xffff);
    // An LRU map of the kernel gives up a few entries before it is full.
    expect(kept.length).toBeGreaterThan(700);
    expect(Math.min(...kept)).toBeGreaterThanOrEqual(2000);
  });

  it.each([
    ['whitelist', { whitelist: 0 }, 'whitelist'],
    ['lock_list', { lock_list: 2 }, 'lock_list'],
    ['limits', { rate_limits: 1 }, 'rate_limit'],
  ])('refuses a capacity that is too small for %s, and changes nothing', (_name, capacity, map) => {
    const plane = filled();
    const config = configOf({ base: { default_deny: true } });
    const small = { ...config, capacity: { ...config.capacity, ...capacity }, mode: 'monitor' as const };
    expect(() => plane.configure(small)).toThrowError(
      expect.objectContaining({ code: 'MAP_FULL', details: expect.objectContaining({ map }) }),
    );
    expectFilled(plane);
    expect(plane.compare(config).kind).toBe('none');
    expect(plane.run(from('192.0.2.66'))).toMatchObject({ verdict: 'drop', monitored: false });
  });

  it('refuses an interface that does not exist, and changes nothing', () => {
    const plane = filled();
    for (const document of [{ base: { default_deny: false, icmp_rate: 1, interfaces: ['nx-none'] } }]) {
      for (const capacity of [{}, { capacity: { lock_list: 3000 } }]) {
        expect(() => plane.configure(configOf({ ...document, ...capacity }))).toThrowError(
          expect.objectContaining({ code: 'INTERFACE_UNKNOWN' }),
        );
        expectFilled(plane);
        expect(plane.tunables.get().icmpCost).toBe(160_000_000);
        expect(plane.compare(configOf({ base: { default_deny: true } })).kind).toBe('none');
      }
    }
  });

  it('is possible for a process that has loaded nothing', () => {
    const path = planes.path();
    const first = filled(path);
    first.attach({ interfaces: [], mode: 'auto' });
    first.close();
    const second = planes.open(path)!;
    expect(second.compare(configOf({ base: { default_deny: true } })).kind).toBe('none');
    expect(second.compare(configOf()).changes).toEqual(['base.default_deny: true -> false']);
    expect(second.explain(from('192.0.2.1'), { ifindex: 1, direction: 'in' }).reason).toBe('DROP_DEFAULT');
    expect(second.configure(configOf()).kind).toBe('incremental');
    expect(second.explain(from('192.0.2.1'), { ifindex: 1, direction: 'in' }).reason).toBe('PASS_DEFAULT');
    second.configure(configOf({ capacity: { lock_list: 5000 } }));
    expect(reason(second, from('192.0.2.66'))).toBe('DROP_DENIED_HOST');
  });

  it('tells how long the operations took', () => {
    const plane = filled();
    plane.resetLatency();
    plane.setLimits([]);
    expect(() => plane.configure({ ...configOf(), capacity: { ...configOf().capacity, lock_list: 1 } })).toThrow();
    expect(plane.latency()).toMatchObject([
      { operation: 'limits.set', count: 1, errors: 0 },
      { operation: 'policy.configure', count: 1, errors: 1 },
    ]);
  });

  it('makes this host known to itself', () => {
    const plane = planes.load(planes.path(), { config: configOf({ base: { anti_spoof: 'basic' } }) });
    expect(reason(plane, from('127.0.0.1'))).toBe('DROP_BAD_SOURCE');
    const own = plane.maps.get('own_addrs');
    expect(own.readAll().count).toBeGreaterThan(0);
    own.update(new Uint8Array([...new Array<number>(10).fill(0), 255, 255, 203, 0, 113, 99]), new Uint8Array(4));
    expect(plane.refreshAddresses()).toMatchObject({ added: 0, removed: 1, refused: 0 });
    expect(reason(plane, from('203.0.113.99'))).toBe('PASS_DEFAULT');
  });
});
