import type { Config } from '../model/config.ts';
import type { FlowState } from '../model/conns.ts';
import type { IpPortAction } from '../model/open-ports.ts';
import type { LatencyFigures, PluginSlot, ReloadKind } from '../model/operations.ts';
import type { PortProtocol, PortRange } from '../model/ports.ts';
import type { Prefix } from '../model/prefixes.ts';
import type { ReasonName, Verdict } from '../model/reasons.ts';

/** What following a configuration takes, or took. */
export interface PolicyChange {
  readonly kind: ReloadKind;
  /** `base.default_deny: false -> true`; only keys that the kernel must know. */
  readonly changes: readonly string[];
  /** Why it is of that kind, for example "capacity.lock_list changed". */
  readonly because: string;
}

export interface LimitEntry {
  readonly prefix: Prefix;
  /** Packets per second. */
  readonly rate: number;
  /** Packets. */
  readonly burst: number;
}

export interface OpenPorts {
  readonly open: readonly PortRange[];
  /** TCP ports exempt from default deny only. */
  readonly failsafe: readonly number[];
}

/** Its identity is prefix, ports and protocol; a prefix of length 0 means its own family only. */
export interface IpPortEntry {
  readonly prefix: Prefix;
  readonly from: number;
  readonly to: number;
  readonly protocol: PortProtocol;
  readonly action: IpPortAction;
  readonly reason: string;
}

/** A tracked outgoing flow, keyed as it was sent. Times are Unix milliseconds. */
export interface FlowRecord {
  readonly protocol: number;
  readonly source: Prefix;
  readonly destination: Prefix;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly state: FlowState;
  readonly createdAt: number;
  readonly lastSeen: number;
  /** Milliseconds until it counts as gone, 0 = it does already. */
  readonly expiresIn: number;
}

/** A verdict as the ring buffer brings it. */
export interface VerdictRecord {
  /** Unix milliseconds. */
  readonly at: number;
  readonly verdict: Verdict;
  readonly reason: ReasonName;
  readonly monitored: boolean;
  readonly ifindex: number;
  readonly ethertype: number;
  /** 0 = untagged. */
  readonly vlan: number;
  readonly family: 0 | 4 | 6;
  readonly source: Prefix;
  readonly destination: Prefix;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly tcpFlags: number;
  readonly icmpType: number;
  readonly length: number;
  /** First bytes of the frame; empty unless capture is on. */
  readonly data: Uint8Array;
}

export interface ExplainContext {
  readonly ifindex: number;
  readonly direction: 'in' | 'out';
}

/** What the explain variant of the program says of a frame. */
export interface ExplainRecord {
  readonly verdict: Verdict;
  readonly reason: ReasonName;
  /** The map whose entry decided, null when none did. */
  readonly map: string | null;
  /** The prefix of that entry, null when the map is not keyed by prefix. */
  readonly prefix: Prefix | null;
  /** The ip+port rule that decided, null otherwise. */
  readonly rule: IpPortEntry | null;
  /** The reason text and expiry (Unix milliseconds) that the entry itself carries. */
  readonly text: string;
  readonly expiresAt: number | null;
  /** direction out: the flow that would be recorded or refreshed, in words; null = none. */
  readonly records: string | null;
}

/** The part of the data plane beyond the source lists: policy, limits, ports, flows, events, explain, plugins. */
export interface PolicyPlane {
  /** What `configure` would do, without doing it. */
  compare(config: Config): PolicyChange;
  /**
   * Makes the kernel follow the configuration. Capacities unchanged: tunables and, when a switch changed, a new program on
   * the same maps and an atomic link update. A capacity changed: new maps, entries copied (a second pass for what the
   * kernel changed meanwhile), an atomic link update of every interface, then the old maps go. Follows base.interfaces and
   * base.xdp_mode too. Whatever fails, the old program and maps stay in force.
   */
  configure(config: Config): PolicyChange;

  /** Exactly these limits; only differences are written. @throws NetxfwError MAP_FULL, with nothing changed */
  setLimits(limits: readonly LimitEntry[]): void;
  /** Packets dropped by each limit since the maps were made, by canonical prefix text. */
  limitDrops(): ReadonlyMap<string, number>;
  /** Exactly these ports. */
  setPorts(ports: OpenPorts): void;
  /** Exactly these rules; no packet sees another rule's verdict meanwhile. @throws NetxfwError MAP_FULL, with nothing changed */
  setIpPortRules(rules: readonly IpPortEntry[]): void;

  /** Every flow, expired ones too, read in batches. */
  flows(): Iterable<FlowRecord>;
  /** @returns how many of them were there */
  removeFlows(flows: Iterable<FlowRecord>): number;

  /** Delivers sampled verdicts until disposed; one reader per process. */
  openEvents(listener: (event: VerdictRecord) => void): Disposable;
  setEventCapture(on: boolean): void;

  /** Judges a frame without any side effect: no counter, bucket, flow or list changes. */
  explain(frame: Uint8Array, context: ExplainContext): ExplainRecord;

  /** @throws NetxfwError VERIFIER_REJECTED with details {log}; INVALID_INPUT for a slot outside 2..15 or one that is taken */
  loadPlugin(slot: number, file: string): PluginSlot;
  removePlugin(slot: number): void;
  plugins(): readonly PluginSlot[];

  /**
   * Makes the kernel know the addresses that this host has now, which no packet from outside may have for its source; to be
   * called now and then.
   */
  refreshAddresses(): { readonly added: number; readonly removed: number; readonly refused: number };

  /** Latency of map operations, by operation. */
  latency(): readonly LatencyFigures[];
  resetLatency(): void;
}
