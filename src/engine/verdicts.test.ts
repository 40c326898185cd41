import { afterEach, describe, expect, it, vi } from 'vitest';
import { MemoryDataPlane } from '../dataplane/memory.ts';
import type { EventFilter } from '../model/events.ts';
import { Verdicts } from './verdicts.ts';

afterEach(() => void vi.useRealTimers());

/** Counts what the data plane is asked to do. */
class Watched extends MemoryDataPlane {
  open = 0;
  captures: boolean[] = [];

  override openEvents(listener: Parameters<MemoryDataPlane['openEvents']>[0]): Disposable {
    const source = super.openEvents(listener);
    this.open++;
    return {
      [Symbol.dispose]: () => {
        this.open--;
        source[Symbol.dispose]();
      },
    };
  }

  override setEventCapture(on: boolean): void {
    this.captures.push(on);
    super.setEventCapture(on);
  }
}

let now = 1_700_000_000_000;

function hub() {
  const dataplane = new Watched({ now: () => now });
  return { dataplane, verdicts: new Verdicts(dataplane, () => now) };
}

/** A reader who has asked for the first event already. */
function follow(verdicts: Verdicts, filter: EventFilter = {}, signal?: AbortSignal) {
  const reading = verdicts.follow(filter, signal);
  return { reading, first: reading.next() };
}

describe('verdicts', () => {
  it('opens one reader of the kernel for all, while somebody listens', async () => {
    const { dataplane, verdicts } = hub();
    expect(dataplane.open).toBe(0);
    const [a, b] = [follow(verdicts), follow(verdicts)];
    expect(dataplane.open).toBe(1);
    dataplane.receive('192.0.2.1');
    expect([(await a.first).value, (await b.first).value]).toMatchObject([
      { source: '192.0.2.1' },
      { source: '192.0.2.1' },
    ]);
    await a.reading.return();
    expect(dataplane.open).toBe(1);
    await b.reading.return();
    expect(dataplane.open).toBe(0);
  });

  it('captures while somebody wants bytes, and not before or after', async () => {
    const { dataplane, verdicts } = hub();
    const plain = follow(verdicts);
    expect(dataplane.captures.at(-1)).toBe(false);
    const stop = new AbortController();
    const wanting = follow(verdicts, { capture: true }, stop.signal);
    expect(dataplane.captures.at(-1)).toBe(true);
    stop.abort();
    expect(await wanting.first).toEqual({ done: true, value: undefined });
    expect(dataplane.captures.at(-1)).toBe(false);
    dataplane.receive('192.0.2.1');
    await plain.first;
    await plain.reading.return();
  });

  it('switches capture off that a process which died has left on', () => {
    const { dataplane, verdicts } = hub();
    follow(verdicts);
    expect(dataplane.captures[0]).toBe(false);
    verdicts.close();
  });

  it('tells a slow reader how many it missed, and keeps no more than it may', async () => {
    const { dataplane, verdicts } = hub();
    const { reading, first } = follow(verdicts);
    dataplane.receive('192.0.2.1');
    await first;
    for (let i = 0; i < 5000; i++) dataplane.receive('192.0.2.2');
    let seen = 0;
    let lost = 0;
    while (lost === 0) {
      const { value } = await reading.next();
      if (value !== undefined && 'lost' in value) lost = value.lost;
      else seen++;
    }
    expect(seen + lost).toBe(5000);
    expect(seen).toBeLessThan(3000);
    await reading.return();
  });

  it('leaves out what the ring held before anybody listened', async () => {
    const { dataplane, verdicts } = hub();
    const { reading, first } = follow(verdicts);
    now -= 60_000;
    dataplane.receive('192.0.2.1');
    now += 60_000;
    dataplane.receive('192.0.2.2');
    expect((await first).value).toMatchObject({ source: '192.0.2.2' });
    await reading.return();
  });

  it('takes a bounded number of readers', async () => {
    const { verdicts } = hub();
    const readers = Array.from({ length: 64 }, () => follow(verdicts));
    await expect(verdicts.follow().next()).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    verdicts.close();
    expect((await Promise.all(readers.map(({ first }) => first))).every(({ done }) => done)).toBe(true);
    await expect(verdicts.follow().next()).rejects.toMatchObject({ code: 'DAEMON_UNREACHABLE' });
  });

  it('counts for top only as long as somebody asks, unless it is to be kept', () => {
    vi.useFakeTimers();
    const { dataplane, verdicts } = hub();
    verdicts.top();
    expect(dataplane.open).toBe(1);
    vi.advanceTimersByTime(119_000);
    verdicts.top();
    vi.advanceTimersByTime(119_000);
    expect(dataplane.open).toBe(1);
    vi.advanceTimersByTime(2000);
    expect(dataplane.open).toBe(0);
    verdicts.keepTop();
    vi.advanceTimersByTime(600_000);
    now += 600_000;
    expect(dataplane.open).toBe(1);
    expect(verdicts.top().window).toBe(60);
    verdicts.close();
    expect(dataplane.open).toBe(0);
  });

  it('names an interface that is not attached any more by its number', async () => {
    const { dataplane, verdicts } = hub();
    const { reading, first } = follow(verdicts);
    dataplane.receive('192.0.2.1', 60, { ifindex: 9 });
    expect((await first).value).toMatchObject({ interface: 'if9' });
    await reading.return();
  });
});
