import type { ReasonName } from '../../src/model/reasons.ts';
import type { Address } from './address.ts';
import { covers, text, truncate } from './address.ts';
import { isRelated } from './conntrack.ts';
import type { IpPacket } from './parsed.ts';
import { isListenerDiscovery, isNeighbourDiscovery } from './services.ts';
import type { State } from './state.ts';

interface Rate {
  /** Packets per second. */
  readonly rate: number;
  readonly burst: number;
}

/**
 * Counts one packet; false when the bucket has no room. That leaves it as it was, unless it was filled under a deeper
 * limit: then it owes no more than a bucket of this one can.
 */
function conforms(state: State, bucket: string, { rate, burst }: Rate, now: number): boolean {
  const perPacket = 1000 / rate;
  const before = state.buckets.get(bucket) ?? 0;
  const arrival = Math.max(before, now) + perPacket;
  if (arrival - now > burst * perPacket) {
    state.buckets.set(bucket, Math.min(before, now + burst * perPacket));
    return false;
  }
  state.buckets.set(bucket, arrival);
  return true;
}

function group(state: State, source: Address): Address {
  return source.family === 4 ? source : truncate(source, state.config.v6Prefix);
}

function blockSource(state: State, source: Address, now: number): void {
  const { autoBlock, autoBlockExpiry, v6Prefix } = state.config;
  if (!autoBlock) return;
  const blocked = source.family === 6 && v6Prefix <= 64 ? truncate(source, 64) : source;
  state.dynamic.set(text(blocked), now + autoBlockExpiry);
}

export function checkLimits(state: State, packet: IpPacket, now: number): ReasonName | null {
  const { config } = state;
  const { source, transport } = packet;
  const bucket = text(group(state, source));

  const [rule] = state.limits
    .filter((limit) => covers(limit.network, source))
    .sort((a, b) => b.network.length - a.network.length);
  if (config.rateLimit && rule && !conforms(state, `all ${bucket}`, rule, now)) {
    blockSource(state, source, now);
    return 'DROP_RATE_LIMIT';
  }

  const opens = transport?.kind === 'tcp' && transport.syn && !transport.ack;
  const synBudget = { rate: config.synRate, burst: config.synBurst };
  if (config.synLimit && opens && !conforms(state, `syn ${bucket}`, synBudget, now)) {
    blockSource(state, source, now);
    return 'DROP_SYN_LIMIT';
  }

  const exempt = isNeighbourDiscovery(packet) || isListenerDiscovery(packet) || isRelated(state, packet, now);
  const icmpBudget = { rate: config.icmpRate, burst: config.icmpBurst };
  if (config.icmpRate > 0 && transport?.kind === 'icmp' && !exempt && !conforms(state, 'icmp', icmpBudget, now)) {
    return 'DROP_ICMP_LIMIT';
  }
  return null;
}
