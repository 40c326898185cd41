import { describe, expect, it } from 'vitest';
import type { ReasonHistory, TrafficHistory } from '../../../src/model/status.ts';
import { HISTORY, joined, type Sample } from './traffic.ts';

const column = (
  reason: ReasonHistory['reason'],
  packets: readonly number[],
  more: Partial<ReasonHistory> = {},
): ReasonHistory => ({
  reason,
  verdict: reason.startsWith('PASS') ? 'pass' : 'drop',
  monitored: false,
  packets,
  bytes: packets.map((count) => count * 100),
  ...more,
});

/** Steps of a second that end at these seconds. */
const history = (ends: readonly number[], reasons: readonly ReasonHistory[] = [], seconds = 1): TrafficHistory => ({
  next: '',
  at: ends.map((end) => end * 1000),
  seconds: ends.map(() => seconds),
  reasons,
});

const ends = (samples: readonly Sample[]) => samples.map(({ at }) => at);
const gaps = (samples: readonly Sample[]) => samples.filter(({ gap }) => gap).map(({ at }) => at);

describe('samples', () => {
  it('are what was counted in a step, a second', () => {
    const reasons = [column('PASS_PORT', [200, 0]), column('DROP_DEFAULT', [50, 8])];
    const [first, second] = joined([], history([12, 14], reasons, 2));
    expect(first).toMatchObject({ at: 12, passed: { pps: 100, bytes: 10_000 }, dropped: { pps: 25 }, gap: false });
    expect(first!.reasons.get('PASS_PORT')).toEqual({ pps: 100, bytes: 10_000 });
    expect(first!.reasons.get('DROP_DEFAULT')).toEqual({ pps: 25, bytes: 2500 });
    expect([...second!.reasons.keys()]).toEqual(['DROP_DEFAULT']);
  });

  it('count what monitor mode let through as passed', () => {
    const reasons = [column('DROP_DEFAULT', [4], { monitored: true }), column('DROP_DEFAULT', [1])];
    const [sample] = joined([], history([1], reasons));
    expect(sample).toMatchObject({ passed: { pps: 4 }, wouldDrop: { pps: 4 }, dropped: { pps: 1 } });
    expect(sample!.reasons.get('DROP_DEFAULT')!.pps).toBe(5);
  });

  it('go on after what is known, without a hole', () => {
    const before = joined([], history([1, 2, 3]));
    const after = joined(before, history([4, 5]));
    expect(ends(after)).toEqual([1, 2, 3, 4, 5]);
    expect(gaps(after)).toEqual([]);
    expect(joined(after, history([]))).toBe(after);
  });

  it('say where nothing is known', () => {
    const before = joined([], history([1, 2]));
    expect(gaps(joined(before, history([9, 10])))).toEqual([9]);
    expect(gaps(joined([], history([1, 2, 60])))).toEqual([60]);
  });

  it('are not doubled by a daemon that tells all of them again, nor by a clock that was set back', () => {
    const before = joined([], history([1, 2, 3, 4]));
    expect(ends(joined(before, history([3, 4, 5])))).toEqual([1, 2, 3, 4, 5]);
    expect(ends(joined(before, history([2])))).toEqual([1, 2]);
  });

  it('are as many as are shown', () => {
    const before = joined([], history(Array.from({ length: HISTORY }, (_, i) => i + 1)));
    const after = joined(before, history([HISTORY + 1]));
    expect(ends(after).at(0)).toBe(2);
    expect(after.length).toBe(HISTORY);
  });
});
