import { setTimeout as sleep } from 'node:timers/promises';
import type { TrafficFigures } from '../model/operations.ts';
import type { Counter, ReasonStats, Stats, StatsSnapshot, TrafficHistory } from '../model/status.ts';
import { toStats } from './stats.ts';
import { StepRing } from './traffic-history.ts';

/** Between two readings, milliseconds: long enough for steady figures. */
const INTERVAL = 1000;
/** Readings that are further apart say nothing about now. */
const OLDEST = 60_000;

interface Reading {
  readonly at: number;
  readonly stats: Stats;
}

/** Packets and bits per second, from two readings of the counters. */
export class Traffic {
  readonly #read: (fresh: boolean) => StatsSnapshot;
  #before: Reading | undefined;
  #now: Reading | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #steps = new StepRing();

  /** @param read a snapshot, which may be a moment old unless it must be fresh */
  constructor(read: (fresh: boolean) => StatsSnapshot) {
    this.#read = read;
  }

  /** Reads on by itself, so that figures are there when they are asked for: for a process that stays. */
  keep(): void {
    if (this.#timer !== undefined) return;
    this.#take();
    this.#timer = setInterval(() => this.#take(), INTERVAL);
    this.#timer.unref();
  }

  /** The last figures; null when there are none yet. */
  last(): TrafficFigures | null {
    const [before, now] = [this.#before, this.#now];
    return before === undefined || now === undefined ? null : figuresOf(before, now);
  }

  /** Step by step. @param after `next` of an earlier answer */
  history(after?: string): TrafficHistory {
    if (this.#timer === undefined) this.#take();
    return this.#steps.since(after);
  }

  /** The figures of now; without earlier readings it takes a second. */
  async figures(): Promise<TrafficFigures> {
    if (this.#timer === undefined) this.#take();
    if (this.#before === undefined) {
      await sleep(INTERVAL);
      this.#take(true);
    }
    return this.last() ?? NO_FIGURES;
  }

  /** Counters begin anew. */
  forget(): void {
    this.#before = undefined;
    this.#now = undefined;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #take(fresh = false): void {
    let snapshot: StatsSnapshot;
    try {
      snapshot = this.#read(fresh);
    } catch {
      // The maps cannot be read, which whoever asks for counters is told; there are no figures then.
      this.forget();
      return;
    }
    const last = this.#now;
    if (last !== undefined && snapshot.at - last.at < INTERVAL / 2) return;
    const reading = { at: snapshot.at, stats: toStats(snapshot) };
    const usable = last !== undefined && reading.at - last.at <= OLDEST && total(last) <= total(reading);
    if (usable) this.#steps.take(reading.at, (reading.at - last.at) / 1000, last.stats, reading.stats);
    this.#before = usable ? last : undefined;
    this.#now = reading;
  }
}

const NO_FIGURES: TrafficFigures = {
  interval: 0,
  passed: { pps: 0, bps: 0 },
  dropped: { pps: 0, bps: 0 },
  reasons: [],
};

const total = ({ stats }: Reading): number => stats.passed.packets + stats.dropped.packets;

function figuresOf(before: Reading, now: Reading): TrafficFigures {
  const interval = (now.at - before.at) / 1000;
  const rate = (then: Counter | undefined, counter: Counter) => ({
    pps: Math.max(0, counter.packets - (then?.packets ?? 0)) / interval,
    bps: (Math.max(0, counter.bytes - (then?.bytes ?? 0)) * 8) / interval,
  });
  const earlier = new Map(before.stats.reasons.map((one) => [keyOf(one), one]));
  return {
    interval,
    passed: rate(before.stats.passed, now.stats.passed),
    dropped: rate(before.stats.dropped, now.stats.dropped),
    reasons: now.stats.reasons
      .map((one) => ({ reason: keyOf(one), verdict: one.verdict, ...rate(earlier.get(keyOf(one)), one) }))
      .filter(({ pps }) => pps > 0)
      .sort((a, b) => b.pps - a.pps),
  };
}

/** What monitor mode would have dropped is a line of its own. */
const keyOf = ({ reason, monitored }: ReasonStats): string => (monitored ? `${reason} (monitored)` : reason);
