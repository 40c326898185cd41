import type { ReasonName } from '../../src/model/reasons.ts';
import type { Address } from './address.ts';
import { covers, text, truncate, width } from './address.ts';
import type { ListEntry, State } from './state.ts';
import { isLive } from './state.ts';

/** Look-ups for one source; each but the first goes on behind an expired entry. */
const MAX_LOOKUPS = 8;

/** The longest entry that covers the source and has not expired; 'gave up' after too many that have. */
function longestLive(entries: readonly ListEntry[], source: Address, now: number): ListEntry | 'gave up' | null {
  const covering = entries
    .filter((entry) => covers(entry.network, source))
    .sort((a, b) => b.network.length - a.network.length);
  for (const entry of covering.slice(0, MAX_LOOKUPS)) {
    if (isLive(entry.expiresAt, now)) return entry;
    // Nothing is shorter than the network of everyone.
    if (entry.network.length === 0) return null;
  }
  return covering.length >= MAX_LOOKUPS ? 'gave up' : null;
}

export function isWhitelisted(state: State, source: Address, now: number): boolean {
  const found = longestLive(state.whitelist, source, now);
  return found !== null && found !== 'gave up';
}

export function isDynamicallyBlocked(state: State, source: Address, now: number): boolean {
  const blocked = (key: string) => {
    const expiresAt = state.dynamic.get(key);
    return expiresAt !== undefined && isLive(expiresAt, now);
  };
  return blocked(text(source)) || (source.family === 6 && blocked(text(truncate(source, 64))));
}

/** IPv4 networks that live in an index instead of in `lock_list`. */
function isWideNetwork(entry: ListEntry): boolean {
  return entry.network.family === 4 && entry.network.length <= 24 && entry.expiresAt === null;
}

function isHost(entry: ListEntry): boolean {
  return entry.network.length === width(entry.network.family);
}

export function judgeDenied(state: State, source: Address, now: number): ReasonName | null {
  if (state.denied.some((entry) => isWideNetwork(entry) && covers(entry.network, source))) return 'DROP_DENIED_NETWORK';
  const permanentHost = (entry: ListEntry) => isHost(entry) && entry.expiresAt === null;
  if (state.denied.some((entry) => permanentHost(entry) && covers(entry.network, source))) return 'DROP_DENIED_HOST';
  const lockList = state.denied.filter((entry) => !isWideNetwork(entry) && !permanentHost(entry));
  const found = longestLive(lockList, source, now);
  if (found === null) return null;
  return found !== 'gave up' && isHost(found) ? 'DROP_DENIED_HOST' : 'DROP_DENIED_NETWORK';
}
