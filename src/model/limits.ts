/** A per-source rate limit as users see it. Every source address inside the prefix has its own bucket. */
export interface Limit {
  /** Canonical text; 0.0.0.0/0 is every IPv4 source, ::/0 every IPv6 source. */
  readonly prefix: string;
  /** Packets per second, 1 .. 100,000,000. */
  readonly rate: number;
  /** Packets that may come at once, >= 1. */
  readonly burst: number;
  /** `user` or `config`. */
  readonly source: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Packets dropped by this limit since the maps were made. */
  readonly dropped: number;
}

export interface LimitInput {
  readonly prefix: string;
  readonly rate: number;
  /** Default: twice the rate. */
  readonly burst?: number;
}
