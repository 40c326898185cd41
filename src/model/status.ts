import type { Prefix } from './prefixes.ts';
import type { ReasonName } from './reasons.ts';

/** An entry of the dynamic blacklist. Times are Unix milliseconds. */
export interface DynamicEntry {
  /** A host, or an IPv6 /64. */
  readonly prefix: Prefix;
  readonly reason: string;
  readonly blockedAt: number;
  readonly expiresAt: number | null;
  /** The verdict that made the kernel block it; null when a person or a program did. */
  readonly cause: ReasonName | null;
  /** Packets dropped by this entry, approximate. */
  readonly hits: number;
}

export interface Counter {
  readonly packets: number;
  readonly bytes: number;
}

/** Packets and bytes by reason since the maps were made. `monitored` counts would-be drops of monitor mode. */
export interface StatsSnapshot {
  /** Unix milliseconds. */
  readonly at: number;
  readonly reasons: Readonly<Partial<Record<ReasonName, Counter>>>;
  readonly monitored: Readonly<Partial<Record<ReasonName, Counter>>>;
}

export type XdpMode = 'native' | 'generic' | 'offload';

export interface Attachment {
  readonly interface: string;
  readonly ifindex: number;
  readonly mode: XdpMode;
  /** Why a better mode was not taken: the driver's own words, and the command that would help. */
  readonly note: string | null;
}

export interface MapFill {
  readonly name: string;
  readonly entries: number;
  readonly capacity: number;
  /** Kernel memory of the map, bytes. */
  readonly bytes: number;
}

export const LISTENERS = ['socket', 'api', 'web', 'metrics'] as const;
export type ListenerName = (typeof LISTENERS)[number];

/** A place where the daemon can be reached. */
export interface Listener {
  readonly name: ListenerName;
  /** Path of the socket, or a URL: where it listens, or where it should. */
  readonly address: string;
  /** Why it does not listen, and what to do about it; null when it does. */
  readonly problem: string | null;
}

/** One screen about the firewall. */
export interface SystemStatus {
  readonly version: string;
  /** The filter is attached to at least one interface. */
  readonly loaded: boolean;
  /** A daemon answers; false when the CLI looked at the maps by itself. */
  readonly daemon: boolean;
  readonly attachments: readonly Attachment[];
  readonly rules: Readonly<Record<'allow' | 'deny' | 'dynamic', number>>;
  readonly maps: readonly MapFill[];
  readonly packets: { readonly passed: Counter; readonly dropped: Counter };
  /** ISO 8601; when this daemon started, null without one. */
  readonly startedAt: string | null;
  readonly pinPath: string;
  readonly configFile: string;
  /** Where the daemon that answers can be reached; empty without one. */
  readonly listeners: readonly Listener[];
  /** Each with its remedy. */
  readonly warnings: readonly string[];
}

/** A dynamic entry as users see it. */
export interface DynamicRule {
  readonly prefix: string;
  readonly reason: string;
  readonly blockedAt: string;
  readonly expiresAt: string | null;
  readonly cause: ReasonName | null;
  readonly hits: number;
}

/** Statistics as users see them: every reason that counted at least one packet. */
export interface Stats {
  /** ISO 8601. */
  readonly at: string;
  readonly passed: Counter;
  readonly dropped: Counter;
  /** What monitor mode would have dropped; those packets are in `passed`. */
  readonly wouldDrop: Counter;
  readonly reasons: readonly ReasonStats[];
}

export interface ReasonStats extends Counter {
  readonly reason: ReasonName;
  readonly verdict: 'pass' | 'drop';
  readonly description: string;
  readonly monitored: boolean;
}

/** What was counted step by step, the oldest first: every array has one value for each step. */
export interface TrafficHistory {
  /** For `after`: only what comes later. */
  readonly next: string;
  /** Unix milliseconds at which a step ends. */
  readonly at: readonly number[];
  /** How long it lasts; a step that begins later than the one before ends has a gap before it. */
  readonly seconds: readonly number[];
  /** Reasons that counted anything in these steps. */
  readonly reasons: readonly ReasonHistory[];
}

export interface ReasonHistory {
  readonly reason: ReasonName;
  readonly verdict: 'pass' | 'drop';
  readonly monitored: boolean;
  readonly packets: readonly number[];
  readonly bytes: readonly number[];
}
