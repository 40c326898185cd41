import { describe, expect, it } from 'vitest';
import type { ReasonName } from '../../../../src/model/reasons.ts';
import type { Sample } from '../../api/traffic.ts';
import { stackOf } from './stack.ts';

const ZERO = { pps: 0, bytes: 0 };

function sample(at: number, pps: Partial<Record<ReasonName, number>>, gap = false): Sample {
  const reasons = new Map(
    Object.entries(pps).map(([reason, value]) => [reason as ReasonName, { pps: value, bytes: value * 10 }]),
  );
  return { at, passed: ZERO, dropped: ZERO, wouldDrop: ZERO, reasons, gap };
}

describe('the stack', () => {
  const samples = [sample(1, { DROP_DEFAULT: 5, PASS_PORT: 10, PASS_ARP: 0 }), sample(2, { PASS_PORT: 20 })];

  it('has what passed at the bottom and what was dropped on top, and leaves out what never was', () => {
    const stack = stackOf(samples, 'pps', false);
    expect(stack.reasons).toEqual(['PASS_PORT', 'DROP_DEFAULT']);
    expect(stack.values).toEqual([
      [10, 20],
      [5, 0],
    ]);
    expect(stack.sums).toEqual([
      [10, 20],
      [15, 20],
    ]);
  });

  it('counts bits, or only what was dropped', () => {
    expect(stackOf(samples, 'bps', true)).toMatchObject({ reasons: ['DROP_DEFAULT'], sums: [[400, 0]] });
  });

  it('breaks where nothing is known', () => {
    const stack = stackOf([sample(1, { PASS_PORT: 1 }), sample(90, { PASS_PORT: 2 }, true)], 'pps', false);
    expect(stack.times).toEqual([1, 89.999, 90]);
    expect(stack.sums).toEqual([[1, null, 2]]);
  });
});
