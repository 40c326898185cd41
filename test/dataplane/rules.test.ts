import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { IpPortEntry } from '../../src/dataplane/policy-plane.ts';
import { decide } from '../../src/dataplane/testing/rule-judge.ts';
import { parsePrefix } from '../../src/model/prefixes.ts';
import { failOnLeaks } from '../ebpf/leaks.ts';
import { eth, ipv4, ipv6, packet, tcp, udp } from '../support/packet.ts';
import { CAPACITY, configOf, Planes } from './planes.ts';

failOnLeaks();

let planes = new Planes();
afterEach(() => {
  planes.dispose();
  planes = new Planes();
});

const load = () => planes.load(planes.path(), { config: configOf() });
const PREFIXES = ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/25', '10.1.2.3', '::/0', '2001:db8::/32'];
const SOURCES = ['10.1.2.3', '10.1.9.9', '10.200.0.1', '192.0.2.1', '2001:db8::9', '2001:db9::9'];

function frame(source: string, protocol: 'tcp' | 'udp', dport: number): Uint8Array {
  const ip = source.includes(':') ? ipv6({ src: source }) : ipv4({ src: source });
  return packet(eth(), ip, protocol === 'tcp' ? tcp({ dport }) : udp({ dport }));
}

const rule = fc
  .record({
    prefix: fc.constantFrom(...PREFIXES),
    from: fc.integer({ min: 1, max: 12 }),
    length: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60_000 })),
    protocol: fc.constantFrom<IpPortEntry['protocol']>('tcp', 'udp', 'any'),
    action: fc.constantFrom<IpPortEntry['action']>('allow', 'deny'),
  })
  .map(({ prefix, from, length, ...rest }): IpPortEntry => {
    return { ...rest, prefix: parsePrefix(prefix).prefix, from, to: from + length, reason: 'test' };
  });
const rules = fc.uniqueArray(rule, {
  maxLength: 10,
  selector: ({ prefix, from, to, protocol }) => JSON.stringify([prefix, from, to, protocol]),
});

const one = (
  prefix: string,
  ports: readonly [number, number],
  action: IpPortEntry['action'] = 'deny',
): IpPortEntry => ({
  prefix: parsePrefix(prefix).prefix,
  from: ports[0],
  to: ports[1],
  protocol: 'any',
  action,
  reason: 'test',
});

describe('ip+port rules', () => {
  it('decide in the kernel as they do one by one, whatever was there before', () => {
    const plane = load();
    fc.assert(
      fc.property(rules, (all) => {
        plane.setIpPortRules(all);
        for (const source of SOURCES) {
          for (const protocol of ['tcp', 'udp'] as const) {
            for (const port of [1, 5, 12, 13, 30_000]) {
              const action = decide(all, { source: parsePrefix(source).prefix, port, protocol })?.action;
              const expected = { allow: 'PASS_RULE', deny: 'DROP_RULE', none: 'PASS_DEFAULT' }[action ?? 'none'];
              expect([source, protocol, port, plane.run(frame(source, protocol, port)).reason]).toEqual([
                source,
                protocol,
                port,
                expected,
              ]);
            }
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('leave nothing behind', () => {
    const plane = load();
    plane.setIpPortRules([one('0.0.0.0/0', [80, 90]), one('10.0.0.0/8', [85, 95], 'allow')]);
    plane.setIpPortRules([]);
    expect(plane.maps.get('ip_port_rules').readAll().count).toBe(0);
    expect(
      plane.maps
        .get('port_classes')
        .readAll()
        .values.every((byte) => byte === 0),
    ).toBe(true);
    expect(plane.tunables.get()).toMatchObject({ hasRules: 0, rulesAlways: 0 });
  });

  it('that do not fit change nothing; as many others do', () => {
    const plane = load();
    const all = (count: number, net: number) =>
      Array.from({ length: count }, (_, i) => one(`10.${net}.${i}.0/24`, [80, 80]));
    plane.setIpPortRules(all(CAPACITY.ip_port_rules, 1));
    expect(() => plane.setIpPortRules(all(CAPACITY.ip_port_rules + 3, 1))).toThrowError(
      expect.objectContaining({ code: 'MAP_FULL', details: { map: 'ip_port_rules', capacity: 100, refused: 3 } }),
    );
    expect(plane.run(frame('10.1.99.1', 'tcp', 80)).reason).toBe('DROP_RULE');
    plane.setIpPortRules(all(CAPACITY.ip_port_rules, 2));
    expect(['10.1.99.1', '10.2.99.1'].map((source) => plane.run(frame(source, 'tcp', 80)).reason)).toEqual([
      'PASS_DEFAULT',
      'DROP_RULE',
    ]);
  });

  it('are known to the next process, which writes only what differs', () => {
    const path = planes.path();
    const first = planes.load(path, { config: configOf() });
    first.setIpPortRules([one('10.0.0.0/8', [80, 80]), one('10.0.0.0/8', [443, 443], 'allow')]);
    first.close();
    const second = planes.load(path, { config: configOf() });
    const classes = () => [...second.maps.get('port_classes').readAll().values];
    const before = classes();
    second.setIpPortRules([one('10.0.0.0/8', [80, 80]), one('10.0.0.0/8', [443, 443], 'allow')]);
    expect(classes()).toEqual(before);
    second.setIpPortRules([one('10.0.0.0/8', [80, 80], 'allow'), one('10.0.0.0/8', [443, 443], 'allow')]);
    expect([80, 443].map((port) => second.run(frame('10.1.1.1', 'tcp', port)).reason)).toEqual([
      'PASS_RULE',
      'PASS_RULE',
    ]);
    expect(second.maps.get('ip_port_rules').readAll().count).toBe(1);
  });
});
