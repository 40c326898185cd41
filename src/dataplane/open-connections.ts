/**
 * What this host's sockets are connected to, from /proc/net. A firewall that starts knows none of it; a connection on which
 * the other side speaks next would be cut off.
 */
import { readFileSync } from 'node:fs';
import type { FlowState } from '../model/conns.ts';
import { isHost, type Prefix, prefixFromBytes } from '../model/prefixes.ts';

export interface OpenConnection {
  readonly protocol: number;
  readonly source: Prefix;
  readonly destination: Prefix;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly state: FlowState;
  /** Others connect to its local port: somebody listens there. */
  readonly served: boolean;
}

const TABLES = [
  { file: 'tcp', protocol: 6 },
  { file: 'tcp6', protocol: 6 },
  { file: 'udp', protocol: 17 },
  { file: 'udp6', protocol: 17 },
] as const;

/** include/net/tcp_states.h; a UDP socket that is connected counts as established. */
const STATES: Readonly<Record<string, FlowState>> = {
  '01': 'established',
  '02': 'syn_sent',
  '04': 'fin_wait',
  '05': 'fin_wait',
  '08': 'fin_wait',
  '09': 'fin_wait',
  '0B': 'fin_wait',
};
const LISTEN = '0A';

const LINE = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]{2}) /gm;

/** Connections of the network namespace that the caller is in; loopback ones are left out. */
export function openConnections(read: (table: string) => string = readTable): OpenConnection[] {
  return TABLES.flatMap(({ file, protocol }) => connectionsIn(read(file), protocol));
}

/** @param text of /proc/net/tcp or one of its kin */
export function connectionsIn(text: string, protocol: number): OpenConnection[] {
  const rows = [...text.matchAll(LINE)].map(([, from, fromPort, to, toPort, state]) => ({
    source: addressOf(from!),
    sourcePort: Number.parseInt(fromPort!, 16),
    destination: addressOf(to!),
    destinationPort: Number.parseInt(toPort!, 16),
    state: state!,
  }));
  const listening = new Set(rows.filter(({ state }) => state === LISTEN).map(({ sourcePort }) => sourcePort));
  return rows.flatMap(({ state, ...ends }) => {
    const tracked = STATES[state];
    if (tracked === undefined || ends.destinationPort === 0 || isLoopback(ends.destination)) return [];
    return [
      {
        ...ends,
        protocol,
        state: protocol === 17 ? 'replied' : tracked,
        served: listening.has(ends.sourcePort),
      },
    ];
  });
}

const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** Words of four bytes, each as a number of this machine. */
function addressOf(hex: string): Prefix {
  const words = hex.match(/.{8}/g)!.map((word) => Number.parseInt(word, 16));
  const bytes = new Uint8Array(Uint32Array.from(words).buffer);
  return prefixFromBytes(bytes.length === 4 ? Uint8Array.of(...MAPPED, ...bytes) : bytes);
}

function isLoopback(address: Prefix): boolean {
  if (address.family === 4) return address.words[3] >>> 24 === 127;
  return isHost(address) && address.words.every((word, i) => word === (i === 3 ? 1 : 0));
}

function readTable(table: string): string {
  try {
    return readFileSync(`/proc/thread-self/net/${table}`, 'utf8');
  } catch {
    // A kernel without IPv6 has no table for it.
    return '';
  }
}
