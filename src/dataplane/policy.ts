/** What the kernel program has to know of a configuration, key by key. Lists, limits, ports and rules are not policy. */
import type { Config } from '../model/config.ts';
import { formatDuration, parseDuration } from '../model/durations.ts';
import { parseProtocol } from '../model/protocols.ts';
import type { Clock } from './clock.ts';
import type { Switches } from './kernel-program.ts';
import type { Capacity } from './map-sizes.ts';
import type { PolicyChange } from './policy-plane.ts';
import { tokenBucket } from './rates.ts';
import type { TunableValues } from './tunables.ts';

/** Load-time constants and the keys that they follow. */
const SWITCHES = {
  cfg_monitor: ['mode', ({ mode }) => mode === 'monitor'],
  cfg_default_deny: ['base.default_deny', ({ base }) => base.default_deny],
  cfg_allow_icmp: ['base.allow_icmp', ({ base }) => base.allow_icmp],
  cfg_allow_dhcp: ['base.allow_dhcp', ({ base }) => base.allow_dhcp],
  cfg_strict_tcp: ['base.strict_tcp', ({ base }) => base.strict_tcp],
  cfg_strict_protocol: ['base.strict_protocol', ({ base }) => base.strict_protocol],
  cfg_drop_fragments: ['base.drop_fragments', ({ base }) => base.drop_fragments],
  cfg_bogon_filter: ['base.bogon_filter', ({ base }) => base.bogon_filter],
  cfg_anti_spoof: ['base.anti_spoof', ({ base }) => ANTI_SPOOF[base.anti_spoof]],
  cfg_conntrack: ['conntrack.enabled', ({ conntrack }) => conntrack.enabled],
  cfg_rate_limit: ['rate_limit.enabled', ({ rate_limit }) => rate_limit.enabled],
  cfg_syn_limit: ['rate_limit.syn_limit.enabled', ({ rate_limit }) => rate_limit.syn_limit.enabled],
  cfg_auto_block: ['rate_limit.auto_block', ({ rate_limit }) => rate_limit.auto_block],
  cfg_v6_prefix: ['rate_limit.v6_prefix', ({ rate_limit }) => rate_limit.v6_prefix],
  cfg_events: ['events.enabled', ({ events }) => events.enabled],
} as const satisfies Record<string, readonly [string, (config: Config) => number | boolean]>;

/** enum nx_anti_spoof */
const ANTI_SPOOF = { off: 0, basic: 1, strict: 2 } as const;

/** Keys that the kernel follows without a new program. */
const TUNED = [
  'base.icmp_rate',
  'base.icmp_burst',
  'base.allowed_protocols',
  'conntrack.tcp_timeout',
  'conntrack.syn_timeout',
  'conntrack.fin_timeout',
  'conntrack.udp_timeout',
  'conntrack.udp_unreplied_timeout',
  'conntrack.icmp_timeout',
  'rate_limit.syn_limit.rate',
  'rate_limit.syn_limit.burst',
  'rate_limit.auto_block_expiry',
  'events.drops_per_second',
  'events.sample_passes',
];

const LINKED = ['base.interfaces', 'base.xdp_mode'];

const SIZED = [
  'capacity.whitelist',
  'capacity.lock_list',
  'capacity.lock_hosts',
  'capacity.dyn_lock_list',
  'capacity.rate_limits',
  'capacity.rate_state',
  'capacity.ip_port_rules',
  'conntrack.max_entries',
];

const KEYS = [...Object.values(SWITCHES).map(([key]) => key), ...TUNED, ...LINKED, ...SIZED];

/** How long the verdict of a first fragment holds for the others: docs/explanation/packet-path.md. */
const FRAGMENT_MS = 30_000;
/** What comes at once may be a second's worth of events. */
const EVENT_BURST_SECONDS = 1;

export function switchesOf(config: Config): Switches {
  return Object.fromEntries(Object.entries(SWITCHES).map(([name, [, read]]) => [name, read(config)]));
}

export function capacityOf({ capacity, conntrack }: Config): Capacity {
  return { ...capacity, conntrack: conntrack.max_entries };
}

export function tunablesOf(config: Config, clock: Pick<Clock, 'ticks'>): Partial<TunableValues> {
  const { base, conntrack, rate_limit, events } = config;
  const ticks = (duration: string) => clock.ticks(parseDuration(duration) * 1000);
  const icmp = tokenBucket(base.icmp_rate, base.icmp_burst);
  const syn = tokenBucket(rate_limit.syn_limit.rate, rate_limit.syn_limit.burst);
  const event = tokenBucket(events.drops_per_second, events.drops_per_second * EVENT_BURST_SECONDS);
  return {
    icmpCost: icmp.cost,
    icmpDepth: icmp.depth,
    synCost: syn.cost,
    synDepth: syn.depth,
    autoBlockExpiry: ticks(rate_limit.auto_block_expiry),
    tcpTimeout: ticks(conntrack.tcp_timeout),
    synTimeout: ticks(conntrack.syn_timeout),
    finTimeout: ticks(conntrack.fin_timeout),
    udpTimeout: ticks(conntrack.udp_timeout),
    udpUnrepliedTimeout: ticks(conntrack.udp_unreplied_timeout),
    icmpTimeout: ticks(conntrack.icmp_timeout),
    fragTimeout: clock.ticks(FRAGMENT_MS),
    eventCost: event.cost,
    eventDepth: event.depth,
    eventSamplePasses: events.sample_passes,
    allowedProtocols: protocolBits(base.allowed_protocols.map(parseProtocol)),
    // What the kernel has blocked by itself stays blocked when auto_block is switched off.
    ...(rate_limit.auto_block ? { hasDynamic: 1 } : {}),
  };
}

/** The value of each key that the kernel must know, as text; equal texts mean the same to it. */
export type PolicyTexts = Readonly<Record<string, string>>;

export function policyTexts(config: Config): PolicyTexts {
  return Object.fromEntries(KEYS.map((key) => [key, textOf(key, valueAt(config, key))]));
}

/**
 * @param before undefined when it is not known what is in force
 * @param resized maps whose size the configuration would change
 */
export function comparePolicies(
  before: PolicyTexts | undefined,
  after: PolicyTexts,
  resized: readonly string[],
): PolicyChange {
  const changed = KEYS.filter((key) => before !== undefined && before[key] !== after[key]);
  const changes = changed.map((key) => `${key}: ${before![key] ?? 'not set'} -> ${after[key]}`);
  if (resized.length > 0) {
    const keys = changed.filter((key) => SIZED.includes(key));
    const because = keys.length > 0 ? keys.join(', ') : `the size of ${resized.join(', ')}`;
    return { kind: 'full', changes, because: `${because} changed` };
  }
  if (before === undefined) return { kind: 'incremental', changes, because: 'it is not known what is in force' };
  if (changed.length === 0) return { kind: 'none', changes, because: 'nothing changed that the kernel must know' };
  const only = changed.length === 1 ? `${changed[0]} changed` : `${changed.length} keys changed, no capacity`;
  return { kind: 'incremental', changes, because: only };
}

/** Bit p of 256: protocol p. */
function protocolBits(protocols: readonly number[]): BigUint64Array {
  const bits = new BigUint64Array(4);
  for (const protocol of protocols) bits[protocol >> 6]! |= 1n << BigInt(protocol & 63);
  return bits;
}

function valueAt(config: Config, key: string): unknown {
  let value: unknown = config;
  for (const part of key.split('.')) value = (value as Readonly<Record<string, unknown>>)[part];
  return value;
}

function textOf(key: string, value: unknown): string {
  if (key.endsWith('_timeout') || key.endsWith('_expiry')) return formatDuration(parseDuration(String(value)));
  if (!Array.isArray(value)) return String(value);
  const names = key === 'base.allowed_protocols' ? value.map((one: string | number) => parseProtocol(one)) : value;
  return `[${[...names].sort((a, b) => (typeof a === 'number' ? a - b : a < b ? -1 : 1)).join(', ')}]`;
}
