import { reasonVerdict } from '../model/reasons.ts';
import type { ReasonStats, SystemStatus } from '../model/status.ts';
import type { Netxfw } from '../sdk/types.ts';
import type { Overview } from './documents-observe.ts';

/** Most reasons and sources that one screen shows. */
const SHOWN = 5;

/**
 * Everything that one screen about the firewall shows. Only the status itself must be there: without a daemon nobody
 * measures rates, and while the filter is not loaded nothing is counted.
 */
export async function readOverview(sdk: Netxfw): Promise<Overview> {
  const status = await sdk.system.status();
  const [config, stats, perf, top, pending, extensions] = await Promise.all([
    available(() => sdk.config.get()),
    available(() => sdk.stats.get()),
    status.daemon ? available(() => sdk.perf.get()) : null,
    status.daemon ? available(() => sdk.events.top()) : null,
    available(() => sdk.config.pending()),
    status.daemon ? available(() => sdk.extensions.list()) : null,
  ]);
  return {
    status,
    policy: config && { defaultDeny: config.config.base.default_deny, mode: config.config.mode },
    rates: perf && { passed: perf.traffic.passed, dropped: perf.traffic.dropped },
    drops: stats && mostDropped(stats.reasons),
    topSources: top?.sources.slice(0, SHOWN) ?? null,
    pending,
    extensions: extensions ?? [],
  };
}

function mostDropped(reasons: readonly ReasonStats[]): ReasonStats[] {
  const drops = reasons.filter(({ reason, packets }) => reasonVerdict(reason) === 'drop' && packets > 0);
  return drops.sort((a, b) => b.packets - a.packets).slice(0, SHOWN);
}

async function available<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch {
    return null;
  }
}

/** Tables that hold something, the fullest first. */
export function usedMaps({ maps }: SystemStatus): SystemStatus['maps'] {
  const share = ({ entries, capacity }: SystemStatus['maps'][number]) => (capacity === 0 ? 0 : entries / capacity);
  return maps.filter(({ entries }) => entries > 0).sort((a, b) => share(b) - share(a));
}
