import { describe, expect, it } from 'vitest';
import type { ReasonName } from '../../../src/model/reasons.ts';
import type { ReasonStats, Stats } from '../../../src/model/status.ts';
import { sampleOf } from './traffic.ts';

const NONE = { packets: 0, bytes: 0 };

function reading(at: number, counts: Partial<Record<ReasonName, number>>, monitored = 0) {
  const reasons = Object.entries(counts).map(
    ([reason, packets]): ReasonStats => ({
      reason: reason as ReasonName,
      verdict: reason.startsWith('PASS') ? 'pass' : 'drop',
      description: '',
      monitored: false,
      packets,
      bytes: packets * 100,
    }),
  );
  const sum = (verdict: string) =>
    reasons
      .filter((reason) => reason.verdict === verdict)
      .reduce((all, { packets, bytes }) => ({ packets: all.packets + packets, bytes: all.bytes + bytes }), NONE);
  const stats: Stats = {
    at: '',
    passed: sum('pass'),
    dropped: sum('drop'),
    wouldDrop: { packets: monitored, bytes: 0 },
    reasons,
  };
  return { stats, at };
}

describe('a sample', () => {
  it('is what was counted between two readings, a second', () => {
    const sample = sampleOf(reading(10, { PASS_PORT: 100 }), reading(12, { PASS_PORT: 300, DROP_DEFAULT: 50 }));
    expect(sample).toMatchObject({ at: 12, passed: { pps: 100, bytes: 10_000 }, dropped: { pps: 25 }, gap: false });
    expect(sample.reasons.get('PASS_PORT')).toEqual({ pps: 100, bytes: 10_000 });
    expect(sample.reasons.get('DROP_DEFAULT')).toEqual({ pps: 25, bytes: 2500 });
  });

  it('counts from nothing after the counters were reset', () => {
    const sample = sampleOf(reading(1, { DROP_DEFAULT: 9000 }), reading(2, { DROP_DEFAULT: 7 }));
    expect(sample.dropped.pps).toBe(7);
    expect(sample.reasons.get('DROP_DEFAULT')!.pps).toBe(7);
  });

  it('says when nothing is known of the time before it', () => {
    expect(sampleOf(reading(1, {}), reading(60, {})).gap).toBe(true);
  });
});
