import { describe, expect, it } from 'vitest';
import type { ReasonName } from '../model/reasons.ts';
import type { Stats } from '../model/status.ts';
import { HISTORY_STEPS, StepRing } from './traffic-history.ts';

const NONE = { packets: 0, bytes: 0 };

function stats(counts: Partial<Record<ReasonName, number>>, monitored = false): Stats {
  const reasons = Object.entries(counts).map(([reason, packets]) => ({
    reason: reason as ReasonName,
    verdict: reason.startsWith('PASS') ? ('pass' as const) : ('drop' as const),
    description: '',
    monitored,
    packets,
    bytes: packets * 10,
  }));
  return { at: '', passed: NONE, dropped: NONE, wouldDrop: NONE, reasons };
}

/** A ring in which each step counts one packet more than the one before. */
function filled(steps: number): StepRing {
  const ring = new StepRing();
  for (let i = 1; i <= steps; i++) ring.take(i * 1000, 1, stats({}), stats({ PASS_PORT: i }));
  return ring;
}

describe('the history of traffic', () => {
  it('has what each step counted, by reason', () => {
    const ring = new StepRing();
    ring.take(1000, 1, stats({}), stats({ PASS_PORT: 5 }));
    ring.take(2500, 1.5, stats({ PASS_PORT: 5 }), stats({ PASS_PORT: 5, DROP_DEFAULT: 3 }));
    expect(ring.since(undefined)).toEqual({
      next: expect.any(String),
      at: [1000, 2500],
      seconds: [1, 1.5],
      reasons: [
        { reason: 'PASS_PORT', verdict: 'pass', monitored: false, packets: [5, 0], bytes: [50, 0] },
        { reason: 'DROP_DEFAULT', verdict: 'drop', monitored: false, packets: [0, 3], bytes: [0, 30] },
      ],
    });
  });

  it('tells only what is new, and nothing twice', () => {
    const ring = filled(3);
    const { next } = ring.since(undefined);
    expect(ring.since(next)).toEqual({ next, at: [], seconds: [], reasons: [] });
    ring.take(4000, 1, stats({}), stats({ DROP_DEFAULT: 9 }));
    const { at, reasons } = ring.since(next);
    expect(at).toEqual([4000]);
    expect(reasons).toMatchObject([{ reason: 'DROP_DEFAULT', packets: [9] }]);
  });

  it('keeps a quarter of an hour, and what is older goes', () => {
    const ring = filled(HISTORY_STEPS + 7);
    const { at, reasons } = ring.since(undefined);
    expect(at).toEqual(Array.from({ length: HISTORY_STEPS }, (_, i) => (i + 8) * 1000));
    expect(reasons[0]!.packets).toEqual(Array.from({ length: HISTORY_STEPS }, (_, i) => i + 8));
  });

  it('tells everything to whoever names a place that it does not know', () => {
    const ring = filled(3);
    const other = filled(2).since(undefined).next;
    const far = ring.since(undefined).next.replace(/\d+$/, '99');
    for (const after of [other, far, 'nonsense', '', '-1']) expect(ring.since(after).at.length).toBe(3);
  });

  it('keeps what monitor mode would have dropped apart', () => {
    const ring = new StepRing();
    ring.take(1000, 1, stats({}), stats({ DROP_DEFAULT: 2 }, true));
    expect(ring.since(undefined).reasons).toMatchObject([{ reason: 'DROP_DEFAULT', monitored: true, packets: [2] }]);
  });
});
