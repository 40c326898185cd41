import { describe, expect, it } from 'vitest';
import { Clock, derivedHz } from './clock.ts';

const start = 2 ** 32 - 300 * 250;

describe('clock', () => {
  const at = { wall: 1_700_000_000_000, monotonic: 50e9 };
  const clock = new Clock(250, { jiffies: start, ktime: 0 }, { wall: () => at.wall, monotonic: () => at.monotonic });

  it('turns Unix time into jiffies and back, within a tick', () => {
    expect(clock.now()).toBe(start + 50 * 250);
    expect(clock.toJiffies(at.wall + 10_000)).toBe(start + 60 * 250);
    for (const ms of [0, 1, 3, 59_999, 86_400_000]) {
      const back = clock.toUnixMs(clock.toJiffies(at.wall + ms)) - at.wall;
      expect(back - ms).toBeGreaterThanOrEqual(0);
      expect(back - ms).toBeLessThan(1000 / 250 + 1);
    }
  });

  it('follows a step of the wall clock', () => {
    const before = clock.toJiffies(1_700_000_060_000);
    at.wall += 30_000;
    expect(before - clock.toJiffies(1_700_000_060_000)).toBe(30 * 250);
  });

  it('never gives 0, which would mean never', () => {
    expect(clock.toJiffies(0)).toBe(1);
  });
});

describe('HZ from the jiffies', () => {
  const sample = (hz: number, seconds: number, late = 0) => ({
    jiffies: 2 ** 32 + Math.floor(hz * (seconds - 300 - late)),
    ktime: seconds * 1e9,
  });

  it.each([100, 250, 300, 1000])('%i', (hz) => {
    for (const seconds of [2, 100, 400, 86_400]) expect(derivedHz(sample(hz, seconds, 0.3))).toBe(hz);
  });

  it('is not guessed when the jiffies do not tell', () => {
    expect(derivedHz(sample(250, 301))).toBeUndefined();
    expect(derivedHz({ jiffies: 12345, ktime: 1e12 })).toBeUndefined();
  });
});
