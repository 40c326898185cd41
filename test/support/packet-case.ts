import type { ReasonName } from '../../src/model/reasons.ts';
import type { Config, FlowState } from '../model/state.ts';
import type { Layer } from './packet-layers.ts';
import { HOST4, HOST6 } from './packet-layers.ts';

/** An address or network, or one that expires in so many seconds (negative: has expired). */
export type EntryInput = string | readonly [prefix: string, seconds: number];

export interface LimitInput {
  readonly from: string;
  /** Packets per second. */
  readonly rate: number;
  readonly burst: number;
}

export interface RuleInput {
  readonly from: string;
  readonly port: number;
  readonly protocol?: 'tcp' | 'udp' | 'any';
  readonly action: 'allow' | 'deny';
}

/** A flow as this host opened it. */
export interface FlowInput {
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'icmp6';
  readonly from: string;
  readonly to: string;
  /** Ports; ICMP: the identifier and 0. */
  readonly ports: readonly [source: number, destination: number];
  readonly state: FlowState;
  /** Seconds since it was seen; default 0. */
  readonly age?: number;
}

/** All that is in place before the first packet. */
export interface Setup {
  /** What differs from DEFAULTS. */
  readonly config?: Partial<Config>;
  readonly allow?: readonly EntryInput[];
  readonly deny?: readonly EntryInput[];
  /** Hosts, or IPv6 /64 as their first address. */
  readonly dynamic?: readonly EntryInput[];
  readonly limits?: readonly LimitInput[];
  readonly rules?: readonly RuleInput[];
  readonly flows?: readonly FlowInput[];
}

export const INTERFACES = ['uplink', 'lan'] as const;
export type Interface = (typeof INTERFACES)[number];

/** The host that all cases are about: its addresses, and what it reaches over which interface. */
export const HOST = {
  addresses: [HOST4, HOST6, 'fe80::100', '10.77.0.1'],
  on: { [HOST4]: 'uplink', [HOST6]: 'uplink', 'fe80::100': 'uplink', '10.77.0.1': 'lan' },
  routes: {
    uplink: ['0.0.0.0/0', '::/0'],
    lan: ['10.77.0.0/16', '2001:db8:77::/48'],
  },
} as const satisfies {
  addresses: readonly string[];
  on: Record<string, Interface>;
  routes: Record<Interface, readonly string[]>;
};

export type Step =
  | { readonly receive: readonly Layer[]; readonly on?: Interface; readonly expect?: ReasonName }
  | { readonly send: readonly Layer[] }
  | { readonly wait: number };

export interface PacketCase {
  readonly title: string;
  readonly setup?: Setup;
  /** What happens before the packet. */
  readonly before?: readonly Step[];
  readonly packet: readonly Layer[];
  readonly on?: Interface;
  readonly expect: ReasonName;
}

/** This host sends. */
export const send = (...stack: readonly Layer[]): Step => ({ send: stack });
/** This host receives, and the verdict is this. */
export const receive = (expect: ReasonName, ...stack: readonly Layer[]): Step => ({ receive: stack, expect });
/** So many seconds go by. */
export const wait = (seconds: number): Step => ({ wait: seconds });

/** The configuration that a fresh installation has, but for rates: tests set those where time must not matter. */
export const DEFAULTS: Config = {
  monitor: false,
  defaultDeny: false,
  failsafePorts: [22],
  allowIcmp: true,
  icmpRate: 0,
  icmpBurst: 0,
  allowDhcp: true,
  allowedProtocols: [],
  strictTcp: true,
  strictProtocol: false,
  dropFragments: false,
  bogonFilter: false,
  antiSpoof: 'basic',
  openTcp: [],
  openUdp: [],
  conntrack: true,
  tcpTimeout: 3_600_000,
  synTimeout: 30_000,
  finTimeout: 30_000,
  udpTimeout: 300_000,
  udpUnrepliedTimeout: 30_000,
  icmpTimeout: 30_000,
  rateLimit: true,
  v6Prefix: 64,
  synLimit: false,
  synRate: 50,
  synBurst: 200,
  autoBlock: false,
  autoBlockExpiry: 300_000,
};

/** So many packets and then none: one more comes only after an hour. */
export const perHour = (burst: number): { readonly rate: number; readonly burst: number } => ({
  rate: 1 / 3600,
  burst,
});
