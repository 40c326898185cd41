import type { PortProtocol } from './ports.ts';

/** A port or range that default deny lets through. */
export interface OpenPort {
  /** `443` or `8080-8090`. */
  readonly ports: string;
  readonly protocol: PortProtocol;
  /** `user` or `config`. */
  readonly source: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** Ports to close and to open as one change. */
export interface PortEdit {
  /** As in `PortAPI.open`. */
  readonly open: readonly string[];
  readonly close: readonly string[];
}

/** A socket of this host that waits for others. */
export interface ListeningSocket {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  /** Name of the process that holds it; null when that is not known. */
  readonly process: string | null;
}

/** One that listens on a port that is not open. */
export type PortSuggestion = ListeningSocket;

export type IpPortAction = 'allow' | 'deny';

/** Source prefix x destination ports x protocol -> action. Its identity is prefix, ports and protocol. */
export interface IpPortRule {
  readonly prefix: string;
  readonly ports: string;
  readonly protocol: PortProtocol;
  readonly action: IpPortAction;
  readonly reason: string;
  /** `user` or `config`. */
  readonly source: string;
  readonly createdAt: string;
}

export interface IpPortRuleInput {
  readonly prefix: string;
  /** `80` or `8080-8090`. */
  readonly ports: string;
  /** Default `any`. */
  readonly protocol?: PortProtocol;
  readonly action: IpPortAction;
  readonly reason?: string;
}
