import { afterEach, describe, expect, it } from 'vitest';
import type { KernelDataPlane } from '../../src/dataplane/index.ts';
import { PrefixList } from '../../src/model/prefix-list.ts';
import { formatPrefix, parsePrefix } from '../../src/model/prefixes.ts';
import { failOnLeaks } from '../ebpf/leaks.ts';
import { from, groupOf, listOf, NOTHING, Planes } from './planes.ts';

failOnLeaks();

let planes = new Planes();
afterEach(() => {
  planes.dispose();
  planes = new Planes();
});

const reasons = (plane: KernelDataPlane, sources: readonly string[]) =>
  sources.map((source) => plane.run(from(source)).reason);

describe('static lists in the kernel', () => {
  it('drop denied hosts and networks of both families, and nothing beside them', () => {
    const plane = planes.load(planes.path());
    const denied = ['192.0.2.1', '198.51.100.0/24', '203.0.113.128/25', '100.64.0.0/10', '2001:db8::1', '2a00:1::/32'];
    plane.applyLists([{ list: 'deny', put: [groupOf([...denied, '2a01:1:2:3::/64', '2a02::/20'])], remove: NOTHING }]);
    const host = 'DROP_DENIED_HOST';
    const network = 'DROP_DENIED_NETWORK';
    const pass = 'PASS_DEFAULT';
    expect(reasons(plane, ['192.0.2.1', '192.0.2.2', '198.51.100.9', '203.0.113.1', '203.0.113.200'])).toEqual([
      host,
      pass,
      network,
      pass,
      network,
    ]);
    expect(reasons(plane, ['100.127.9.9', '100.128.0.1', '2001:db8::1', '2001:db8::2'])).toEqual([
      network,
      pass,
      host,
      pass,
    ]);
    expect(reasons(plane, ['2a00:1:9::1', '2a00:2::1', '2a01:1:2:3::9', '2a01:1:2:4::9', '2a02:fff::1'])).toEqual([
      network,
      pass,
      network,
      pass,
      network,
    ]);
  });

  it('find thousands of random hosts of both families where this side put them', () => {
    const plane = planes.load(planes.path());
    const random = () => Math.floor(Math.random() * 0xffffffff);
    const hosts = new PrefixList();
    for (let i = 0; i < 3000; i++) hosts.push4(0x0b000000 + (random() % 0x0f000000), 32);
    for (let i = 0; i < 1500; i++)
      hosts.push6(0x2a000000 + (random() % 0x00ffffff), random(), random(), random() || 1, 128);
    const { meta } = groupOf([]);
    plane.applyLists([{ list: 'deny', put: [{ prefixes: hosts, meta }], remove: NOTHING }]);
    const missed = [...hosts].filter((host) => plane.run(from(formatPrefix(host))).reason !== 'DROP_DENIED_HOST');
    expect(missed.map(formatPrefix)).toEqual([]);

    plane.applyLists([{ list: 'deny', put: [], remove: hosts }]);
    const left = [...hosts].filter((host) => plane.run(from(formatPrefix(host))).reason !== 'PASS_DEFAULT');
    expect(left.map(formatPrefix)).toEqual([]);
  });

  it('put the whitelist first', () => {
    const plane = planes.load(planes.path());
    plane.applyLists([
      { list: 'deny', put: [groupOf(['10.0.0.0/8', '2001:db8::1'])], remove: NOTHING },
      { list: 'allow', put: [groupOf(['10.1.2.3', '2001:db8::/32'])], remove: NOTHING },
    ]);
    const sources = ['10.1.2.3', '10.1.2.4', '2001:db8::1'];
    expect(reasons(plane, sources)).toEqual(['PASS_WHITELIST', 'DROP_DENIED_NETWORK', 'PASS_WHITELIST']);
    plane.applyLists([{ list: 'allow', put: [], remove: listOf('10.1.2.3', '2001:db8::/32') }]);
    expect(reasons(plane, sources)).toEqual(['DROP_DENIED_NETWORK', 'DROP_DENIED_NETWORK', 'DROP_DENIED_HOST']);
  });

  it('hold for every source when the prefix is too short for the index', () => {
    const plane = planes.load(planes.path());
    const soon = { expiresAt: Date.now() + 3_600_000 };
    plane.applyLists([{ list: 'deny', put: [groupOf(['64.0.0.0/2', '3000::/4'], soon)], remove: NOTHING }]);
    expect(reasons(plane, ['100.1.1.1', '192.0.2.1', '3fff::1', '2001:db8::1'])).toEqual([
      'DROP_DENIED_NETWORK',
      'PASS_DEFAULT',
      'DROP_DENIED_NETWORK',
      'PASS_DEFAULT',
    ]);
    plane.applyLists([{ list: 'deny', put: [], remove: listOf('64.0.0.0/2', '3000::/4') }]);
    expect(reasons(plane, ['100.1.1.1', '3fff::1'])).toEqual(['PASS_DEFAULT', 'PASS_DEFAULT']);
  });

  it('end on time without anyone removing them', async () => {
    const plane = planes.load(planes.path());
    const expiresAt = Date.now() + 400;
    plane.applyLists([{ list: 'deny', put: [groupOf(['192.0.2.1', '10.0.0.0/8'], { expiresAt })], remove: NOTHING }]);
    plane.putDynamic([
      {
        prefix: parsePrefix('198.51.100.7').prefix,
        reason: 'flood',
        blockedAt: Date.now(),
        expiresAt,
        cause: null,
        hits: 0,
      },
    ]);
    const sources = ['192.0.2.1', '10.1.1.1', '198.51.100.7'];
    const dropped = ['DROP_DENIED_HOST', 'DROP_DENIED_NETWORK', 'DROP_DYNAMIC'];
    expect(reasons(plane, sources)).toEqual(dropped);
    await expect
      .poll(() => reasons(plane, sources), { timeout: 10_000 })
      .toEqual(['PASS_DEFAULT', 'PASS_DEFAULT', 'PASS_DEFAULT']);
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
    expect(plane.listDynamic()).toEqual([]);
  });

  it('say MAP_FULL and change nothing', () => {
    const plane = planes.load(planes.path());
    const networks = Array.from({ length: 1001 }, (_, i) => `10.${i >> 8}.${i & 255}.0/24`);
    const full = expect.objectContaining({
      code: 'MAP_FULL',
      details: { map: 'lock_list', capacity: 1000, refused: 1 },
    });
    expect(() => plane.applyLists([{ list: 'deny', put: [groupOf(networks)], remove: NOTHING }])).toThrowError(full);
    expect(reasons(plane, ['10.0.0.1'])).toEqual(['PASS_DEFAULT']);
    plane.applyLists([{ list: 'deny', put: [groupOf(networks.slice(1))], remove: NOTHING }]);
    plane.applyLists([{ list: 'deny', put: [groupOf(networks.slice(1), { reason: 'again' })], remove: NOTHING }]);
    expect(plane.fill().find(({ name }) => name === 'lock_list')).toMatchObject({ entries: 1000, capacity: 1000 });
  });
});

describe('dynamic blacklist in the kernel', () => {
  const entry = (prefix: string, expiresAt: number | null = null) => ({
    prefix: parsePrefix(prefix).prefix,
    reason: 'brute force',
    blockedAt: Date.now(),
    expiresAt,
    cause: null,
    hits: 0,
  });

  it('drops hosts and IPv6 /64s until they are removed', () => {
    const plane = planes.load(planes.path());
    plane.putDynamic([entry('192.0.2.1'), entry('2001:db8:1:2::/64', Date.now() + 60_000)]);
    const sources = ['192.0.2.1', '192.0.2.2', '2001:db8:1:2::77', '2001:db8:1:3::77'];
    expect(reasons(plane, sources)).toEqual(['DROP_DYNAMIC', 'PASS_DEFAULT', 'DROP_DYNAMIC', 'PASS_DEFAULT']);
    const listed = plane.listDynamic().sort((a, b) => a.prefix.family - b.prefix.family);
    expect(listed.map(({ prefix, reason, hits }) => [formatPrefix(prefix), reason, hits])).toEqual([
      ['192.0.2.1', 'brute force', 1],
      ['2001:db8:1:2::/64', 'brute force', 1],
    ]);
    const gone = ['192.0.2.1', '192.0.2.9'].map((text) => parsePrefix(text).prefix);
    expect(plane.removeDynamic(gone)).toBe(1);
    expect(reasons(plane, sources.slice(0, 1))).toEqual(['PASS_DEFAULT']);
  });
});

describe('statistics', () => {
  it('count every packet once by reason, and begin again after a reset', () => {
    const plane = planes.load(planes.path());
    plane.applyLists([{ list: 'deny', put: [groupOf(['192.0.2.1'])], remove: NOTHING }]);
    const frame = from('192.0.2.1');
    for (let i = 0; i < 3; i++) plane.run(frame);
    plane.run(from('192.0.2.2'));
    expect(plane.readStats().reasons).toMatchObject({
      DROP_DENIED_HOST: { packets: 3, bytes: 3 * frame.length },
      PASS_DEFAULT: { packets: 1 },
    });
    plane.resetStats();
    expect(plane.readStats()).toMatchObject({ reasons: {}, monitored: {} });
  });

  it('tell what monitor mode would have dropped', () => {
    const plane = planes.load(planes.path(), { switches: { cfg_monitor: true } });
    plane.applyLists([{ list: 'deny', put: [groupOf(['192.0.2.1'])], remove: NOTHING }]);
    expect(plane.run(from('192.0.2.1'))).toEqual({ verdict: 'pass', reason: 'DROP_DENIED_HOST', monitored: true });
    expect(plane.readStats()).toMatchObject({ reasons: {}, monitored: { DROP_DENIED_HOST: { packets: 1 } } });
  });
});
