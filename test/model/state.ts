import type { ReasonName } from '../../src/model/reasons.ts';
import type { Address, Network } from './address.ts';

/** What the model knows of the configuration; times in milliseconds. */
export interface Config {
  readonly monitor: boolean;
  readonly defaultDeny: boolean;
  readonly failsafePorts: readonly number[];
  readonly allowIcmp: boolean;
  /** Packets per second; 0 = no limit. */
  readonly icmpRate: number;
  readonly icmpBurst: number;
  readonly allowDhcp: boolean;
  readonly allowedProtocols: readonly number[];
  readonly strictTcp: boolean;
  readonly strictProtocol: boolean;
  readonly dropFragments: boolean;
  readonly bogonFilter: boolean;
  readonly antiSpoof: 'off' | 'basic' | 'strict';
  readonly openTcp: readonly number[];
  readonly openUdp: readonly number[];
  readonly conntrack: boolean;
  readonly tcpTimeout: number;
  readonly synTimeout: number;
  readonly finTimeout: number;
  readonly udpTimeout: number;
  readonly udpUnrepliedTimeout: number;
  readonly icmpTimeout: number;
  readonly rateLimit: boolean;
  readonly v6Prefix: number;
  readonly synLimit: boolean;
  readonly synRate: number;
  readonly synBurst: number;
  readonly autoBlock: boolean;
  readonly autoBlockExpiry: number;
}

export interface ListEntry {
  readonly network: Network;
  /** null = never. */
  readonly expiresAt: number | null;
}

export interface LimitRule {
  readonly network: Network;
  readonly rate: number;
  readonly burst: number;
}

export interface PortRule {
  readonly network: Network;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp' | 'any';
  readonly action: 'allow' | 'deny';
}

export type FlowState = 'SYN_SENT' | 'ESTABLISHED' | 'FIN_WAIT' | 'CLOSED' | 'UNREPLIED' | 'REPLIED';

/** As the outgoing packet was sent; for ICMP echo the source port is the identifier, the destination port 0. */
export interface FlowKey {
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

export interface Flow {
  readonly state: FlowState;
  readonly lastSeen: number;
}

export interface FirstFragment {
  readonly pass: boolean;
  readonly seenAt: number;
}

export interface OwnAddress {
  readonly address: Address;
  /** The only link on which it is this host's; null = on all of them. */
  readonly ifindex: number | null;
}

/** All that decides about a packet. What packets change are the four maps; their keys are text. */
export interface State {
  readonly config: Config;
  readonly whitelist: readonly ListEntry[];
  readonly denied: readonly ListEntry[];
  readonly limits: readonly LimitRule[];
  readonly rules: readonly PortRule[];
  readonly bogons: readonly Network[];
  readonly ownAddresses: readonly OwnAddress[];
  /** Networks that this host reaches over an interface. */
  readonly routes: readonly { readonly network: Network; readonly ifindex: number }[];
  /** Host, or first address of an IPv6 /64 -> when the block ends; null = never. */
  readonly dynamic: Map<string, number | null>;
  /** Theoretical arrival time of each bucket. */
  readonly buckets: Map<string, number>;
  readonly flows: Map<string, Flow>;
  readonly fragments: Map<string, FirstFragment>;
}

export interface Arrival {
  readonly ifindex: number;
  /** Milliseconds. */
  readonly now: number;
}

export interface Judgement {
  /** What happens to the packet: in monitor mode it always passes. */
  readonly verdict: 'pass' | 'drop';
  readonly reason: ReasonName;
}

export function isLive(expiresAt: number | null, now: number): boolean {
  return expiresAt === null || expiresAt > now;
}
