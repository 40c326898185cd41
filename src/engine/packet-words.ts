import { formatPrefix, type Prefix } from '../model/prefixes.ts';
import { PROTOCOLS } from '../model/protocols.ts';
import type { PacketPlan } from './frame.ts';

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(PROTOCOLS).map(([name, number]) => [number, name]));
const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'] as const;
const ICMP_TYPES: Readonly<Record<string, string>> = {
  'icmp 0': 'echo reply',
  'icmp 3': 'destination unreachable',
  'icmp 5': 'redirect',
  'icmp 8': 'echo request',
  'icmp 11': 'time exceeded',
  'icmpv6 1': 'destination unreachable',
  'icmpv6 2': 'packet too big',
  'icmpv6 3': 'time exceeded',
  'icmpv6 128': 'echo request',
  'icmpv6 129': 'echo reply',
  'icmpv6 133': 'router solicitation',
  'icmpv6 134': 'router advertisement',
  'icmpv6 135': 'neighbour solicitation',
  'icmpv6 136': 'neighbour advertisement',
};

/**
 * A packet as a person would say it: `tcp 192.0.2.1:50000 -> 198.51.100.1:443 SYN, VLAN 7`.
 * @param ends leave out what is not about where it comes from and goes to
 */
export function packetInWords(plan: PacketPlan, { ends = false } = {}): string {
  const { protocol, source, destination, sourcePort, destinationPort, fragment, vlan } = plan;
  const name = NAMES.get(protocol) ?? `protocol ${protocol}`;
  const hasPorts = (protocol === PROTOCOLS.tcp || protocol === PROTOCOLS.udp) && fragment !== 'late';
  const end = (address: Prefix, port: number) => (hasPorts ? withPort(address, port) : formatPrefix(address));
  const base = `${name} ${end(source, sourcePort)} -> ${end(destination, destinationPort)}`;
  if (ends) return base;
  const about = [base];
  if (protocol === PROTOCOLS.tcp && fragment !== 'late') about[0] += ` ${flagNames(plan.flags)}`;
  if ((name === 'icmp' || name === 'icmpv6') && fragment !== 'late') about.push(icmpName(name, plan));
  if (fragment !== 'none') about.push(`${fragment} fragment`);
  if (vlan !== null) about.push(`VLAN ${vlan}`);
  return about.join(', ');
}

function withPort(address: Prefix, port: number): string {
  const text = formatPrefix(address);
  return address.family === 6 ? `[${text}]:${port}` : `${text}:${port}`;
}

function flagNames(flags: number): string {
  const names = FLAGS.filter((_, bit) => (flags & (1 << bit)) !== 0);
  return names.length === 0 ? 'no flags' : names.toSorted((a, b) => order(a) - order(b)).join('+');
}

/** SYN+ACK, FIN+ACK: what a packet is about comes first. */
const order = (name: string): number => (name === 'ACK' ? 1 : 0);

function icmpName(name: string, { icmpType, icmpCode }: PacketPlan): string {
  const known = ICMP_TYPES[`${name} ${icmpType}`];
  const code = icmpCode === 0 ? '' : ` code ${icmpCode}`;
  return known === undefined ? `type ${icmpType}${code}` : `${known}${code}`;
}
