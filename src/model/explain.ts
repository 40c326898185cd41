import type { ReasonName, Verdict } from './reasons.ts';

/** A packet to be judged without being sent. */
export interface ExplainRequest {
  readonly source: string;
  /** Default: an address of this host of the same family. */
  readonly destination?: string;
  /** Name (tcp, udp, icmp, icmpv6, gre ...) or number; default tcp. */
  readonly protocol?: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** TCP flags by letters: S A F R P U; default S. */
  readonly flags?: string;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  readonly vlan?: number;
  /** none (default), first or late. */
  readonly fragment?: 'none' | 'first' | 'late';
  /** in (default): judged by XDP; out: what the egress program would record. */
  readonly direction?: 'in' | 'out';
  /** Interface name; default: the first attached one. */
  readonly interface?: string;
}

export interface ExplainEntry {
  /** Where it stands: whitelist, dyn_lock_list, lock_hosts, lock_list, rate_limit, ct_map, frag_map, ip_port_rules, allowed_ports ... */
  readonly map: string;
  /** Prefix, port range or flow in words. */
  readonly key: string;
  readonly reason: string;
  readonly expiresAt: string | null;
  readonly source: string | null;
}

export interface ExplainStage {
  readonly name: string;
  /** `passed over`, `decided` or `not reached`. */
  readonly outcome: 'continue' | 'decided' | 'not reached';
}

export interface ExplainResult {
  readonly verdict: Verdict;
  readonly reason: ReasonName;
  readonly description: string;
  /** Monitor mode is on: the packet would be passed all the same. */
  readonly monitored: boolean;
  /** The entry that decided; null when none did (sanity, default policy). */
  readonly entry: ExplainEntry | null;
  readonly stages: readonly ExplainStage[];
  /** What egress would record; null for direction in. */
  readonly records: string | null;
  /** The packet in words. */
  readonly packet: string;
}
