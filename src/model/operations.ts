/** What a caller knows of itself and accepts; carried with every change. */
export interface ChangeOptions {
  /** Addresses of the caller's own session that a change must not cut: ssh client, API peer. */
  readonly protect?: readonly string[];
  readonly acceptRisk?: readonly Risk[];
  /** Seconds: undone by itself unless `config.confirm()` follows in time. */
  readonly confirm?: number;
  /** Who makes the change, for the audit log: `cli`, `api:TOKEN-NAME`, `plugin:NAME`. */
  readonly origin?: string;
}

export const RISKS = ['lockout'] as const;
export type Risk = (typeof RISKS)[number];

export interface PendingConfirm {
  /** ISO 8601: when the change is undone. */
  readonly deadline: string;
  readonly what: string;
}

export type ReloadKind = 'none' | 'incremental' | 'full';

export interface ReloadResult {
  readonly kind: ReloadKind;
  /** Why, for example "capacity.lock_list changed". */
  readonly because: string;
  /** Keys that changed, `base.default_deny: false -> true`. */
  readonly changes: readonly string[];
  readonly milliseconds: number;
  readonly pending: PendingConfirm | null;
  readonly notices: readonly string[];
}

export interface PluginSlot {
  /** 2 .. 15. */
  readonly slot: number;
  readonly name: string;
  readonly file: string | null;
  /** Program tag as bpftool prints it. */
  readonly tag: string;
  readonly programId: number;
}

export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
  readonly hint: string | null;
}

export interface HealthReport {
  readonly healthy: boolean;
  readonly checks: readonly HealthCheck[];
}

export interface LatencyFigures {
  readonly operation: string;
  readonly count: number;
  readonly errors: number;
  /** Microseconds. */
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

export interface CacheFigures {
  readonly name: string;
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  readonly size: number;
  /** 0 .. 1; 0 when never asked. */
  readonly hitRate: number;
}

export interface TrafficFigures {
  /** Seconds between the two readings. */
  readonly interval: number;
  readonly passed: { readonly pps: number; readonly bps: number };
  readonly dropped: { readonly pps: number; readonly bps: number };
  readonly reasons: readonly {
    readonly reason: string;
    readonly verdict: 'pass' | 'drop';
    readonly pps: number;
    readonly bps: number;
  }[];
}

export interface ProcessFigures {
  /** Share of one core, 0 .. cores. */
  readonly cpu: number;
  /** Bytes. */
  readonly residentMemory: number;
  readonly heapUsed: number;
  /** Milliseconds. */
  readonly eventLoopDelay: { readonly mean: number; readonly p99: number; readonly max: number };
  /** Seconds. */
  readonly uptime: number;
}

export interface PerfReport {
  readonly latency: readonly LatencyFigures[];
  readonly caches: readonly CacheFigures[];
  readonly traffic: TrafficFigures;
  readonly process: ProcessFigures;
}
