export const FLOW_STATES = ['syn_sent', 'established', 'fin_wait', 'closed', 'unreplied', 'replied'] as const;
export type FlowState = (typeof FLOW_STATES)[number];

/** A tracked outgoing flow, as it was sent: `source` is this host. */
export interface Flow {
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'icmpv6';
  readonly source: string;
  /** ICMP echo: the identifier. */
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly state: FlowState;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly lastSeen: string;
  /** Seconds until it counts as gone; 0 = it does already. */
  readonly expiresIn: number;
}

/** Fields left out match everything. */
export interface FlowFilter {
  readonly protocol?: Flow['protocol'];
  readonly state?: FlowState;
  /** Address or CIDR. */
  readonly source?: string;
  readonly destination?: string;
  /** Either port. */
  readonly port?: number;
}

export interface FlowQuery extends FlowFilter {
  readonly offset?: number;
  /** 1 .. 10000; default 100. */
  readonly limit?: number;
}

export interface FlowPage {
  readonly flows: readonly Flow[];
  readonly total: number;
}

export interface FlowCounts {
  readonly total: number;
  readonly capacity: number;
  readonly states: Readonly<Record<FlowState, number>>;
}
