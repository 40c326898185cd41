import type { ReasonName, Verdict } from './reasons.ts';

/** A sampled verdict of the kernel. */
export interface VerdictEvent {
  /** ISO 8601 with milliseconds, UTC. */
  readonly at: string;
  readonly verdict: Verdict;
  readonly reason: ReasonName;
  /** Monitor mode: the packet passed although the verdict is drop. */
  readonly monitored: boolean;
  readonly interface: string;
  readonly ethertype: number;
  /** Outer VLAN id; null = untagged. */
  readonly vlan: number | null;
  /** null when the frame is not IP. */
  readonly source: string | null;
  readonly destination: string | null;
  /** IP protocol number; null when not IP. */
  readonly protocol: number | null;
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  readonly tcpFlags: number | null;
  readonly icmpType: number | null;
  /** Bytes on the wire. */
  readonly length: number;
  /** First bytes of the frame, base64; only when capture was asked for. */
  readonly data?: string;
}

export interface EventFilter {
  readonly verdict?: Verdict;
  readonly reason?: ReasonName;
  /** Address or CIDR. */
  readonly source?: string;
  /** Destination port. */
  readonly port?: number;
  readonly capture?: boolean;
}

export interface TopEntry {
  readonly key: string;
  readonly packets: number;
}

/** Who and what was dropped most among the sampled events of the last minute. */
export interface EventTop {
  /** Seconds that the figures cover. */
  readonly window: number;
  readonly sources: readonly TopEntry[];
  readonly ports: readonly TopEntry[];
  readonly reasons: readonly TopEntry[];
}

/** What happened in the engine. Lists are bounded: a bulk change says how many, not which. */
export type EngineEvent =
  | {
      readonly type: 'rules';
      readonly at: string;
      readonly list: 'allow' | 'deny';
      readonly added: number;
      readonly removed: number;
      readonly prefixes: readonly string[];
      readonly origin: string;
    }
  | {
      readonly type: 'expired';
      readonly at: string;
      readonly list: 'allow' | 'deny';
      readonly prefixes: readonly string[];
      readonly count: number;
    }
  | {
      readonly type: 'dynamic';
      readonly at: string;
      readonly action: 'added' | 'removed' | 'auto-blocked' | 'cleared';
      readonly prefix: string | null;
      readonly reason: string;
    }
  | {
      readonly type: 'limits' | 'ports' | 'ip-port-rules';
      readonly at: string;
      readonly added: number;
      readonly removed: number;
      readonly origin: string;
    }
  | {
      readonly type: 'reload';
      readonly at: string;
      readonly kind: 'incremental' | 'full' | 'none' | 'failed' | 'rolled-back';
      readonly changes: readonly string[];
      readonly milliseconds: number;
      readonly message: string;
    }
  | {
      readonly type: 'plugin';
      readonly at: string;
      readonly action: 'loaded' | 'removed' | 'failed';
      readonly slot: number;
      readonly name: string;
    }
  | { readonly type: 'health'; readonly at: string; readonly healthy: boolean; readonly message: string };
