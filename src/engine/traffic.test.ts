import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryDataPlane } from '../dataplane/memory.ts';
import { Traffic } from './traffic.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }));
afterEach(() => void vi.useRealTimers());

function measured() {
  const dataplane = new MemoryDataPlane();
  const traffic = new Traffic(() => dataplane.readStats());
  const send = (packets: number, bytes: number) => {
    for (let i = 0; i < packets; i++) dataplane.receive('192.0.2.1', bytes);
  };
  return { dataplane, traffic, send };
}

describe('traffic', () => {
  it('is the difference of two readings', () => {
    const { traffic, send } = measured();
    traffic.keep();
    expect(traffic.last()).toBeNull();
    send(500, 100);
    vi.advanceTimersByTime(1000);
    expect(traffic.last()).toEqual({
      interval: 1,
      passed: { pps: 500, bps: 400_000 },
      dropped: { pps: 0, bps: 0 },
      reasons: [{ reason: 'PASS_DEFAULT', verdict: 'pass', pps: 500, bps: 400_000 }],
    });
    vi.advanceTimersByTime(1000);
    expect(traffic.last()).toMatchObject({ passed: { pps: 0, bps: 0 }, reasons: [] });
    traffic.close();
  });

  it('is remembered second by second, also while nobody asks', () => {
    const { traffic, send } = measured();
    traffic.keep();
    for (let second = 1; second <= 120; second++) {
      send(second, 100);
      vi.advanceTimersByTime(1000);
    }
    const { at, seconds, reasons, next } = traffic.history();
    expect(at.length).toBe(120);
    expect(new Set(seconds)).toEqual(new Set([1]));
    expect(reasons[0]!.packets).toEqual(Array.from({ length: 120 }, (_, i) => i + 1));
    send(7, 100);
    vi.advanceTimersByTime(1000);
    expect(traffic.history(next).reasons).toMatchObject([{ reason: 'PASS_DEFAULT', packets: [7], bytes: [700] }]);
    traffic.close();
  });

  it('waits for the second reading when there is none', async () => {
    const { traffic, send } = measured();
    const figures = traffic.figures();
    send(20, 50);
    await vi.advanceTimersByTimeAsync(1000);
    expect((await figures).passed).toEqual({ pps: 20, bps: 8000 });
  });

  it('is never negative when the counters begin anew', () => {
    const { dataplane, traffic, send } = measured();
    traffic.keep();
    send(500, 100);
    vi.advanceTimersByTime(1000);
    dataplane.resetStats();
    send(5, 100);
    vi.advanceTimersByTime(1000);
    expect(traffic.last()).toBeNull();
    send(7, 100);
    vi.advanceTimersByTime(1000);
    expect(traffic.last()?.passed.pps).toBe(7);
    traffic.close();
  });

  it('has no figures while the maps cannot be read', () => {
    let broken = false;
    const { dataplane } = measured();
    const traffic = new Traffic(() => {
      if (broken) throw new Error('gone');
      return dataplane.readStats();
    });
    traffic.keep();
    vi.advanceTimersByTime(2000);
    expect(traffic.last()).not.toBeNull();
    broken = true;
    vi.advanceTimersByTime(1000);
    expect(traffic.last()).toBeNull();
    traffic.close();
  });
});
