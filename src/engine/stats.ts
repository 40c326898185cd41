import { REASON_NAMES, type ReasonName, reasonDescription, reasonVerdict } from '../model/reasons.ts';
import type { Counter, ReasonStats, Stats, StatsSnapshot } from '../model/status.ts';

/** Sums a snapshot up as users see it. */
export function toStats(snapshot: StatsSnapshot): Stats {
  const reasons = [...views(snapshot.reasons, false), ...views(snapshot.monitored, true)];
  // What monitor mode would have dropped went through, so it is counted among the passed.
  const wouldDrop = sum(reasons.filter((reason) => reason.monitored && reason.verdict === 'drop'));
  const passed = sum(reasons.filter((reason) => reason.verdict === 'pass'));
  return {
    at: new Date(snapshot.at).toISOString(),
    passed: sum([passed, wouldDrop]),
    dropped: sum(reasons.filter((reason) => !reason.monitored && reason.verdict === 'drop')),
    wouldDrop,
    reasons,
  };
}

function views(counters: Readonly<Partial<Record<ReasonName, Counter>>>, monitored: boolean): ReasonStats[] {
  return REASON_NAMES.flatMap((reason) => {
    const counter = counters[reason];
    if (counter === undefined || counter.packets === 0) return [];
    const verdict = reasonVerdict(reason);
    return [{ ...counter, reason, verdict, description: reasonDescription(reason), monitored }];
  });
}

function sum(counters: readonly Counter[]): Counter {
  let packets = 0;
  let bytes = 0;
  for (const counter of counters) {
    packets += counter.packets;
    bytes += counter.bytes;
  }
  return { packets, bytes };
}
