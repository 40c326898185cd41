import type { VerdictEvent } from '../../../../src/model/events.ts';
import type { ExplainRequest } from '../../../../src/model/explain.ts';

const NAMES: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 47: 'GRE', 50: 'ESP', 58: 'ICMPv6' };
const ETHERTYPES: Readonly<Record<number, string>> = { 2054: 'ARP' };
/** In the order of the header's bits. */
const FLAGS = 'FSRPAU';
const TCP = 6;

/** `TCP SYN` letters, `UDP`, `ARP`, or the number. */
export function protocolText({ protocol, ethertype, tcpFlags }: VerdictEvent): string {
  if (protocol === null) return ETHERTYPES[ethertype] ?? `0x${ethertype.toString(16).padStart(4, '0')}`;
  const name = NAMES[protocol] ?? String(protocol);
  const flags = protocol === TCP ? flagLetters(tcpFlags) : '';
  return flags === '' ? name : `${name} ${flags}`;
}

export function flagLetters(flags: number | null): string {
  return [...FLAGS].filter((_, bit) => ((flags ?? 0) & (1 << bit)) !== 0).join('');
}

/** The packet of an event once more, to be explained; null for one that is not IP. */
export function requestOf(event: VerdictEvent): ExplainRequest | null {
  const { source, destination, protocol, sourcePort, destinationPort, tcpFlags, icmpType, vlan } = event;
  if (source === null || protocol === null) return null;
  const flags = protocol === TCP && tcpFlags !== null ? flagLetters(tcpFlags) : '';
  return {
    source,
    protocol: String(protocol),
    interface: event.interface,
    ...(destination === null ? {} : { destination }),
    ...(sourcePort === null ? {} : { sourcePort }),
    ...(destinationPort === null ? {} : { destinationPort }),
    ...(flags === '' ? {} : { flags }),
    ...(icmpType === null ? {} : { icmpType }),
    ...(vlan === null ? {} : { vlan }),
  };
}
