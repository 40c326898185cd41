import { describe, expect, it } from 'vitest';
import { Latency } from './latency.ts';

/** Every reading is 2,500 ns after the last. */
function ticking(): () => bigint {
  let now = 0n;
  return () => {
    now += 2500n;
    return now;
  };
}

describe('latency', () => {
  it('counts runs and errors by operation, in microseconds', () => {
    const latency = new Latency(ticking());
    expect(latency.time('lists.apply', () => 7)).toBe(7);
    expect(() =>
      latency.time('lists.apply', () => {
        throw new Error('full');
      }),
    ).toThrow('full');
    latency.time('flows.read', () => {});
    const [flows, lists] = latency.figures();
    expect(flows).toMatchObject({ operation: 'flows.read', count: 1, errors: 0 });
    expect(lists).toMatchObject({ operation: 'lists.apply', count: 2, errors: 1 });
    // A histogram of three figures keeps a value within a thousandth.
    for (const { min, mean, max, p50, p90, p99 } of [flows!, lists!]) {
      for (const value of [min, mean, max, p50, p90, p99]) expect(value).toBeCloseTo(2.5, 2);
    }
  });

  it('forgets all at a reset', () => {
    const latency = new Latency();
    latency.time('stats.read', () => {});
    latency.reset();
    expect(latency.figures()).toEqual([]);
    latency.time('stats.read', () => {});
    expect(latency.figures()).toMatchObject([{ count: 1, errors: 0 }]);
  });
});
