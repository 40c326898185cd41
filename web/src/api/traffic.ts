import type { ReasonName } from '../../../src/model/reasons.ts';
import type { Stats } from '../../../src/model/status.ts';
import { netxfw } from './netxfw.ts';
import { createStore } from './store.ts';

/** How much is kept: 15 minutes of seconds. */
export const HISTORY = 900;
const STEP = 1000;
/** Readings that are nearer to each other than this make no rate, seconds. */
const LEAST = 0.5;
/** An answer older than this is followed by a gap in the chart, seconds. */
const GAP = 5;

export interface Rates {
  readonly pps: number;
  readonly bytes: number;
}

/** What happened in the time up to `at`, in units a second. */
export interface Sample {
  /** Unix seconds. */
  readonly at: number;
  readonly passed: Rates;
  readonly dropped: Rates;
  /** What monitor mode let pass. */
  readonly wouldDrop: Rates;
  readonly reasons: ReadonlyMap<ReasonName, Rates>;
  /** Nothing is known of the time before it. */
  readonly gap: boolean;
}

export interface Traffic {
  readonly samples: readonly Sample[];
  readonly latest: Sample | null;
}

export const traffic = createStore<Traffic>({ samples: [], latest: null });

interface Reading {
  readonly stats: Stats;
  readonly at: number;
}

let last: Reading | null = null;

/** Reads the counters each second until stopped; the samples stay, so that coming back shows them. */
export function followTraffic(): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const read = async () => {
    const begun = performance.now();
    try {
      take(await netxfw.stats.get());
    } catch {
      // The connection's state tells; the next attempt is a second away.
    }
    if (!stopped) timer = setTimeout(read, Math.max(50, STEP - (performance.now() - begun)));
  };
  void read();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** Turns two readings of the counters into a sample. */
function take(stats: Stats): void {
  const reading = { stats, at: Date.parse(stats.at) / 1000 };
  const before = last;
  // The server keeps an answer for a moment: the same reading again says nothing, and one soon after it mostly noise.
  if (before !== null && reading.at - before.at < LEAST) return;
  last = reading;
  if (before === null) return;
  const sample = sampleOf(before, reading);
  const { samples } = traffic.get();
  traffic.set({ samples: [...samples.slice(1 - HISTORY), sample], latest: sample });
}

export function sampleOf(before: Reading, after: Reading): Sample {
  const seconds = after.at - before.at;
  const rates = (now: Counters, then: Counters | undefined): Rates => ({
    // Counters begin anew when the maps are made anew or somebody resets them.
    pps: perSecond(now.packets, then?.packets ?? 0, seconds),
    bytes: perSecond(now.bytes, then?.bytes ?? 0, seconds),
  });
  const key = (reason: Stats['reasons'][number]) => `${reason.reason} ${reason.monitored}`;
  const old = new Map(before.stats.reasons.map((reason) => [key(reason), reason]));
  const reasons = new Map<ReasonName, Rates>();
  for (const reason of after.stats.reasons) {
    const found = rates(reason, old.get(key(reason)));
    const sum = reasons.get(reason.reason);
    reasons.set(reason.reason, sum ? { pps: sum.pps + found.pps, bytes: sum.bytes + found.bytes } : found);
  }
  return {
    at: after.at,
    passed: rates(after.stats.passed, before.stats.passed),
    dropped: rates(after.stats.dropped, before.stats.dropped),
    wouldDrop: rates(after.stats.wouldDrop, before.stats.wouldDrop),
    reasons,
    gap: seconds > GAP,
  };
}

interface Counters {
  readonly packets: number;
  readonly bytes: number;
}

function perSecond(now: number, then: number, seconds: number): number {
  return (now >= then ? now - then : now) / seconds;
}
