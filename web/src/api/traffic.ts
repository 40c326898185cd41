import type { ReasonName } from '../../../src/model/reasons.ts';
import type { TrafficHistory } from '../../../src/model/status.ts';
import { netxfw } from './netxfw.ts';
import { createStore } from './store.ts';

/** How much is kept: 15 minutes of seconds. */
export const HISTORY = 900;
const STEP = 1000;
/** Steps that are further apart than this have a gap between them, seconds. */
const APART = 0.5;

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

/** Up to where the daemon's steps are known. */
let known: string | undefined;

/**
 * Asks for what is new each second until stopped. The daemon keeps the steps: the first answer has those of the last 15
 * minutes, and one after an interruption what was missed meanwhile.
 */
export function followTraffic(): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const read = async () => {
    const begun = performance.now();
    try {
      const history = await netxfw.stats.history(known);
      known = history.next;
      take(history);
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

function take(history: TrafficHistory): void {
  const samples = joined(traffic.get().samples, history);
  if (history.at.length > 0) traffic.set({ samples, latest: samples.at(-1) ?? null });
}

/** What was known, and what is new: a daemon that does not know how much was told begins with its oldest step again. */
export function joined(before: readonly Sample[], history: TrafficHistory): readonly Sample[] {
  const first = history.at[0];
  if (first === undefined) return before;
  const kept = before.filter(({ at }) => at < first / 1000);
  return [...kept, ...samplesOf(history, kept.at(-1)?.at)].slice(-HISTORY);
}

function samplesOf({ at, seconds, reasons }: TrafficHistory, previous: number | undefined): Sample[] {
  return at.map((milliseconds, step) => {
    const end = milliseconds / 1000;
    const lasted = seconds[step]!;
    const before = step === 0 ? previous : at[step - 1]! / 1000;
    const sums = { passed: new Sum(), dropped: new Sum(), wouldDrop: new Sum() };
    const byReason = new Map<ReasonName, Rates>();
    for (const { reason, verdict, monitored, packets, bytes } of reasons) {
      const rates = { pps: packets[step]! / lasted, bytes: bytes[step]! / lasted };
      if (rates.pps === 0) continue;
      // What monitor mode would have dropped went through.
      sums[verdict === 'drop' && !monitored ? 'dropped' : 'passed'].add(rates);
      if (verdict === 'drop' && monitored) sums.wouldDrop.add(rates);
      const other = byReason.get(reason);
      byReason.set(reason, other ? { pps: other.pps + rates.pps, bytes: other.bytes + rates.bytes } : rates);
    }
    const gap = before !== undefined && end - lasted - before > APART;
    return { at: end, ...sums, reasons: byReason, gap };
  });
}

class Sum implements Rates {
  pps = 0;
  bytes = 0;

  add({ pps, bytes }: Rates): void {
    this.pps += pps;
    this.bytes += bytes;
  }
}
