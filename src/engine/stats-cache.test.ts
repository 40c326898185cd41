import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryDataPlane } from '../dataplane/memory.ts';
import { Cached, StatsCache } from './stats-cache.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function cached(ttl = 1000) {
  let reads = 0;
  const cache = new Cached('figures', () => ++reads, { ttl: () => ttl });
  return { cache, reads: () => reads };
}

describe('a cached value', () => {
  it('is read once however many ask', () => {
    const { cache, reads } = cached();
    for (let i = 0; i < 1000; i++) expect(cache.get()).toBe(1);
    expect(reads()).toBe(1);
    expect(cache.figures()).toEqual({ name: 'figures', hits: 999, misses: 1, evictions: 0, size: 1, hitRate: 0.999 });
  });

  it('is never older than its time', () => {
    const { cache } = cached();
    expect(cache.get()).toBe(1);
    vi.advanceTimersByTime(1001);
    expect(cache.get()).toBe(2);
  });

  it('is shared with a reader that comes by itself, for whom nothing is read in the background', () => {
    const { cache, reads } = cached();
    for (let i = 1; i <= 10; i++) {
      expect(cache.sample()).toBe(i);
      expect(cache.get()).toBe(i);
      expect(cache.sample()).toBe(i);
      vi.advanceTimersByTime(999);
    }
    expect(reads()).toBe(10);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is read again in the background while somebody asks, and forgotten when nobody does', () => {
    const { cache, reads } = cached();
    for (let i = 0; i < 40; i++) {
      cache.get();
      vi.advanceTimersByTime(250);
    }
    expect(cache.figures().misses).toBe(1);
    expect(reads()).toBeGreaterThanOrEqual(9);
    vi.advanceTimersByTime(60_000);
    expect(reads()).toBeLessThanOrEqual(13);
    expect(cache.figures()).toMatchObject({ size: 0, evictions: 1 });
  });

  it('is read anew after invalidate', () => {
    const { cache } = cached();
    cache.get();
    cache.invalidate();
    cache.invalidate();
    expect(cache.get()).toBe(2);
    expect(cache.figures()).toMatchObject({ misses: 2, evictions: 1 });
    cache.resetFigures();
    expect(cache.figures()).toMatchObject({ hits: 0, misses: 0, evictions: 0, hitRate: 0 });
  });

  it('is read for each question when it may not be old at all', () => {
    const { cache, reads } = cached(0);
    cache.get();
    cache.get();
    expect(reads()).toBe(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells a failure to whoever asks, and recovers', () => {
    let broken = false;
    const read = () => {
      if (broken) throw new Error('the maps are gone');
      return 1;
    };
    const cache = new Cached('figures', read, { ttl: () => 1000 });
    cache.get();
    cache.get();
    broken = true;
    vi.advanceTimersByTime(1500);
    expect(() => cache.get()).toThrow('the maps are gone');
    broken = false;
    expect(cache.get()).toBe(1);
  });
});

describe('the cache before the kernel', () => {
  it('agrees with the kernel to the packet once the counters are forgotten', () => {
    const dataplane = new MemoryDataPlane();
    const cache = new StatsCache(dataplane, { ttl: () => 1000 });
    const counted = () => cache.stats().reasons.PASS_DEFAULT?.packets ?? 0;
    dataplane.receive('192.0.2.1');
    expect(counted()).toBe(1);
    dataplane.receive('192.0.2.1');
    expect(counted()).toBe(1);
    cache.forgetStats();
    expect(counted()).toBe(2);
    cache.close();
  });
});
