import { afterEach, describe, expect, it } from 'vitest';
import type { KernelDataPlane } from '../../src/dataplane/index.ts';
import type { LimitEntry } from '../../src/dataplane/policy-plane.ts';
import { parsePrefix } from '../../src/model/prefixes.ts';
import { failOnLeaks } from '../ebpf/leaks.ts';
import { CAPACITY, configOf, from, Planes } from './planes.ts';

failOnLeaks();

let planes = new Planes();
afterEach(() => {
  planes.dispose();
  planes = new Planes();
});

/** Slow enough that nothing comes back while a test runs. */
const limit = (prefix: string, burst: number, rate = 1): LimitEntry => ({
  prefix: parsePrefix(prefix).prefix,
  rate,
  burst,
});
const load = () => planes.load(planes.path(), { config: configOf() });
/** How many of `count` packets pass. */
const passes = (plane: KernelDataPlane, source: string, count: number) =>
  Array.from({ length: count }, () => plane.run(from(source)).verdict).filter((verdict) => verdict === 'pass').length;

describe('limits', () => {
  it('give every source of a prefix its burst, and the longest prefix decides', () => {
    const plane = load();
    plane.setLimits([limit('0.0.0.0/0', 2), limit('203.0.113.0/24', 4), limit('2001:db8::/32', 3)]);
    expect(passes(plane, '192.0.2.1', 6)).toBe(2);
    expect(passes(plane, '192.0.2.2', 6)).toBe(2);
    expect(passes(plane, '203.0.113.7', 6)).toBe(4);
    expect(passes(plane, '2001:db8::7', 6)).toBe(3);
    expect(passes(plane, '2001:db9::7', 6)).toBe(6);
  });

  it('of all IPv6 sources mean IPv6 only', () => {
    const plane = load();
    plane.setLimits([limit('::/0', 1), limit('192.0.2.128/25', 1)]);
    expect(passes(plane, '192.0.2.1', 4)).toBe(4);
    expect(passes(plane, '2001:db8::1', 4)).toBe(1);
  });

  it('count what each of them drops, also after others have changed', () => {
    const plane = load();
    plane.setLimits([limit('192.0.2.0/24', 1), limit('203.0.113.0/24', 1)]);
    passes(plane, '192.0.2.1', 4);
    passes(plane, '203.0.113.1', 2);
    plane.setLimits([limit('192.0.2.0/24', 1), limit('198.18.0.0/15', 1)]);
    passes(plane, '192.0.2.1', 1);
    expect(Object.fromEntries(plane.limitDrops())).toEqual({ '192.0.2.0/24': 4, '198.18.0.0/15': 0 });
    plane.setLimits([limit('192.0.2.0/24', 1), limit('203.0.113.0/24', 1)]);
    expect(plane.limitDrops().get('203.0.113.0/24')).toBe(0);
  });

  it('end when they are removed', () => {
    const plane = load();
    plane.setLimits([limit('0.0.0.0/0', 1), limit('10.0.0.0/8', 1)]);
    plane.setLimits([]);
    expect([passes(plane, '192.0.2.1', 3), passes(plane, '10.1.1.1', 3)]).toEqual([3, 3]);
    expect(plane.tunables.get()).toMatchObject({ hasLimits: 0, limitsAlways: 0 });
  });

  it('that do not fit change nothing', () => {
    const plane = load();
    const all = (count: number) => Array.from({ length: count }, (_, i) => limit(`10.0.${i}.0/24`, 1));
    plane.setLimits(all(CAPACITY.rate_limits));
    expect(() => plane.setLimits(all(CAPACITY.rate_limits + 2))).toThrowError(
      expect.objectContaining({ code: 'MAP_FULL', details: { map: 'rate_limit', capacity: 100, refused: 2 } }),
    );
    expect(plane.limitDrops().size).toBe(CAPACITY.rate_limits);
    // All of them others: both sets are there for a moment.
    plane.setLimits(Array.from({ length: CAPACITY.rate_limits }, (_, i) => limit(`172.16.${i}.0/24`, 2)));
    expect([passes(plane, '172.16.9.1', 4), passes(plane, '10.0.9.1', 4)]).toEqual([2, 4]);
  });

  it('are known to the next process, as they are', () => {
    const path = planes.path();
    const first = planes.load(path, { config: configOf() });
    first.setLimits([limit('0.0.0.0/0', 5), limit('2001:db8::/48', 1, 100_000_000)]);
    passes(first, '192.0.2.1', 7);
    first.close();
    const second = planes.load(path, { config: configOf() });
    expect(Object.fromEntries(second.limitDrops())).toEqual({ '0.0.0.0/0': 2, '2001:db8::/48': 0 });
    second.setLimits([limit('0.0.0.0/0', 5)]);
    expect(Object.fromEntries(second.limitDrops())).toEqual({ '0.0.0.0/0': 2 });
    expect(passes(second, '192.0.2.2', 7)).toBe(5);
  });
});
