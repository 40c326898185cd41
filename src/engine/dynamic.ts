import { NetxfwError } from '../model/errors.ts';
import { covers, formatPrefix, isHost, type Prefix, parsePrefix } from '../model/prefixes.ts';
import type { DynamicEntry } from '../model/status.ts';
import type { EngineCore } from './core.ts';
import { checkReason, expiryOf } from './input.ts';

/** The kernel keeps 32 bytes with the NUL. */
const MAX_DYNAMIC_REASON_BYTES = 31;

export interface DynamicRequest {
  readonly prefix: string;
  readonly reason?: string;
  readonly ttl?: number;
}

/** @param review may refuse what the entry would block */
export function addDynamic(
  core: EngineCore,
  request: DynamicRequest,
  review: (blocks: (source: Prefix) => Prefix | null) => void,
): DynamicEntry {
  const now = core.now();
  const entry: DynamicEntry = {
    prefix: parseSource(request.prefix),
    reason: checkReason(request.reason ?? '', MAX_DYNAMIC_REASON_BYTES),
    blockedAt: now,
    expiresAt: expiryOf(request.ttl, now),
    cause: null,
    hits: 0,
  };
  review((source) => (covers(entry.prefix, source) ? entry.prefix : null));
  core.dataplane.putDynamic([entry]);
  core.events.emit({ type: 'dynamic', action: 'added', prefix: formatPrefix(entry.prefix), reason: entry.reason });
  return entry;
}

export function removeDynamic(core: EngineCore, text: string): void {
  const prefix = parseSource(text);
  if (core.dataplane.removeDynamic([prefix]) === 0) {
    throw new NetxfwError('RULE_NOT_FOUND', `${formatPrefix(prefix)} is not in the dynamic blacklist`);
  }
  core.events.emit({ type: 'dynamic', action: 'removed', prefix: formatPrefix(prefix), reason: '' });
}

/** @returns how many entries there were */
export function clearDynamic(core: EngineCore): number {
  const prefixes = core.dataplane.listDynamic().map(({ prefix }) => prefix);
  if (prefixes.length === 0) return 0;
  const removed = core.dataplane.removeDynamic(prefixes);
  core.events.emit({ type: 'dynamic', action: 'cleared', prefix: null, reason: '' });
  return removed;
}

function parseSource(text: string): Prefix {
  const { prefix, masked } = parsePrefix(text.trim());
  if (!masked && (isHost(prefix) || (prefix.family === 6 && prefix.length === 64))) return prefix;
  throw new NetxfwError('INVALID_ADDRESS', `"${text}": the dynamic blacklist takes a host or an IPv6 /64`, {
    hint: 'Deny a network with `netxfw deny NETWORK --ttl TIME`.',
  });
}
