import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import type { DataPlane } from '../dataplane/dataplane.ts';
import { NetxfwError } from '../model/errors.ts';
import type { ExplainRequest, ExplainResult, ExplainStage } from '../model/explain.ts';
import { type Prefix, parseAddress } from '../model/prefixes.ts';
import { PROTOCOLS, parseProtocol } from '../model/protocols.ts';
import { type ReasonName, reasonDescription } from '../model/reasons.ts';
import { type EntryTables, entryOf } from './explain-entry.ts';
import { frameOf, type PacketPlan } from './frame.ts';
import { packetInWords } from './packet-words.ts';

const { tcp: TCP, udp: UDP, icmp: ICMP, icmpv6: ICMPV6 } = PROTOCOLS;
const FLAG_BITS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16, U: 32 };
/** A client's port, and the port that is asked for most. */
const CLIENT_PORT = 50_000;
const SERVER_PORT = 443;
const ECHO_REQUEST: Readonly<Record<number, number>> = { [ICMP]: 8, [ICMPV6]: 128 };
const MAX_VLAN = 4094;
const LOOPBACK = 1;

/** The packet's order, and the verdicts that each stage gives. */
const STAGES: readonly (readonly [string, readonly ReasonName[]])[] = [
  ['plugins', ['PASS_PLUGIN', 'DROP_PLUGIN']],
  ['parse', ['DROP_MALFORMED', 'DROP_VLAN_DEPTH', 'DROP_EXT_HEADERS', 'DROP_ETHERTYPE', 'PASS_ARP', 'PASS_NON_IP']],
  ['sanity', ['DROP_LAND', 'DROP_BAD_SOURCE', 'DROP_FRAGMENT', 'DROP_TCP_FLAGS', 'DROP_REVERSE_PATH']],
  ['whitelist', ['PASS_WHITELIST']],
  ['bogon filter', ['DROP_BOGON']],
  ['dynamic blacklist', ['DROP_DYNAMIC']],
  ['static blacklist', ['DROP_DENIED_HOST', 'DROP_DENIED_NETWORK']],
  ['rate limit', ['DROP_RATE_LIMIT', 'DROP_SYN_LIMIT', 'DROP_ICMP_LIMIT']],
  ['fragments', ['PASS_FRAGMENT', 'DROP_LATE_FRAGMENT']],
  ['conntrack', ['PASS_CONNTRACK', 'PASS_RELATED']],
  ['ip+port rules', ['PASS_RULE', 'DROP_RULE']],
  ['essential services', ['PASS_NEIGHBOUR', 'PASS_MLD', 'PASS_DHCP', 'PASS_FAILSAFE']],
  ['default policy', ['PASS_PORT', 'PASS_ICMP', 'PASS_PROTOCOL', 'PASS_DEFAULT', 'DROP_DEFAULT']],
];

export interface ExplainParts extends EntryTables {
  readonly dataplane: Pick<DataPlane, 'explain' | 'attachments' | 'plugins'>;
  /** Everything is judged and nothing is dropped. */
  readonly monitored: () => boolean;
  /** Default: this host's. */
  readonly interfaces?: () => NodeJS.Dict<NetworkInterfaceInfo[]>;
}

/**
 * Judges a packet that nobody sends.
 * @throws NetxfwError INVALID_ADDRESS, INVALID_INPUT, INTERFACE_UNKNOWN, NOT_LOADED
 */
export function explain(parts: ExplainParts, request: ExplainRequest): ExplainResult {
  const { dataplane } = parts;
  const direction = request.direction ?? 'in';
  const plan = planOf(request, direction, parts.interfaces ?? networkInterfaces);
  const ifindex = ifindexOf(dataplane, request.interface);
  const record = dataplane.explain(frameOf(plan), { ifindex, direction });
  const packet = packetInWords(plan);
  if (direction === 'out') {
    const description = 'what this host sends is not judged; replies to what is recorded pass';
    return {
      ...UNJUDGED,
      description,
      stages: STAGES.map(([name]) => ({ name, outcome: 'not reached' })),
      records: record.records,
      packet,
    };
  }
  return {
    verdict: record.verdict,
    reason: record.reason,
    description: reasonDescription(record.reason) + behindPlugins(dataplane),
    monitored: parts.monitored() && record.verdict === 'drop',
    entry: entryOf(parts, record, plan),
    stages: stagesUntil(record.reason),
    records: null,
    packet,
  };
}

const UNJUDGED = { verdict: 'pass', reason: 'NONE', monitored: false, entry: null } as const;

/** Plugins do not take part: they might count what nobody sent. */
function behindPlugins(dataplane: Pick<DataPlane, 'plugins'>): string {
  const names = dataplane.plugins().map(({ name, slot }) => `${name} (slot ${slot})`);
  return names.length === 0 ? '' : `, unless a plugin decides before: ${names.join(', ')}`;
}

function planOf(
  request: ExplainRequest,
  direction: 'in' | 'out',
  interfaces: () => NodeJS.Dict<NetworkInterfaceInfo[]>,
): PacketPlan {
  const source = parseAddress(request.source.trim());
  const protocol = parseProtocol(request.protocol ?? 'tcp');
  const hasPorts = protocol === TCP || protocol === UDP;
  const isIcmp = protocol === ICMP || protocol === ICMPV6;
  refuse(!hasPorts && request.sourcePort !== undefined, 'sourcePort', 'only TCP and UDP have ports');
  refuse(!hasPorts && request.destinationPort !== undefined, 'destinationPort', 'only TCP and UDP have ports');
  refuse(protocol !== TCP && request.flags !== undefined, 'flags', 'only TCP has flags');
  refuse(!isIcmp && request.icmpType !== undefined, 'icmpType', 'only ICMP has a type');
  refuse(!isIcmp && request.icmpCode !== undefined, 'icmpCode', 'only ICMP has a code');
  const destination = destinationOf(request, source, direction, interfaces);
  return {
    source,
    destination,
    protocol,
    sourcePort: within('sourcePort', request.sourcePort ?? (hasPorts ? CLIENT_PORT : 0), 0, 65_535),
    destinationPort: within('destinationPort', request.destinationPort ?? (hasPorts ? SERVER_PORT : 0), 0, 65_535),
    flags: flagsOf(request.flags ?? 'S'),
    icmpType: within('icmpType', request.icmpType ?? ECHO_REQUEST[protocol] ?? 0, 0, 255),
    icmpCode: within('icmpCode', request.icmpCode ?? 0, 0, 255),
    vlan: request.vlan === undefined ? null : within('vlan', request.vlan, 0, MAX_VLAN),
    fragment: request.fragment ?? 'none',
  };
}

function destinationOf(
  { destination }: ExplainRequest,
  source: Prefix,
  direction: 'in' | 'out',
  interfaces: () => NodeJS.Dict<NetworkInterfaceInfo[]>,
): Prefix {
  if (destination !== undefined) {
    const address = parseAddress(destination.trim());
    refuse(address.family !== source.family, 'destination', `${destination} is not of the family of the source`);
    return address;
  }
  refuse(direction === 'out', 'destination', 'a packet that this host sends needs one');
  const own = ownAddress(source.family, interfaces());
  refuse(own === undefined, 'destination', `this host has no IPv${source.family} address, so give one`);
  return own!;
}

/** An address of this host that others can reach: global ones before those of a link. */
function ownAddress(family: 4 | 6, interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): Prefix | undefined {
  const found = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter((one) => one.family === `IPv${family}`)
    .sort((a, b) => rank(a) - rank(b))[0];
  return found && parseAddress(found.address.split('%')[0]!);
}

const rank = ({ internal, address }: NetworkInterfaceInfo): number =>
  internal ? 2 : /^(fe80:|169\.254\.)/i.test(address) ? 1 : 0;

function ifindexOf(dataplane: Pick<DataPlane, 'attachments'>, name: string | undefined): number {
  const attachments = dataplane.attachments();
  if (name === undefined) return attachments[0]?.ifindex ?? LOOPBACK;
  const found = attachments.find((one) => one.interface === name);
  if (found !== undefined) return found.ifindex;
  const names = attachments.map((one) => one.interface).join(', ');
  throw new NetxfwError('INTERFACE_UNKNOWN', `the filter is not attached to ${name}`, {
    hint: names === '' ? 'It is attached to no interface: netxfw system load' : `Name one of ${names}.`,
  });
}

function stagesUntil(reason: ReasonName): ExplainStage[] {
  const last = STAGES.findIndex(([, reasons]) => reasons.includes(reason));
  return STAGES.map(([name], i) => ({
    name,
    outcome: i < last ? 'continue' : i === last ? 'decided' : 'not reached',
  }));
}

function flagsOf(text: string): number {
  let flags = 0;
  for (const letter of text.toUpperCase()) {
    const bit = FLAG_BITS[letter];
    refuse(bit === undefined, 'flags', `"${text}": give letters of S A F R P U`);
    flags |= bit!;
  }
  return flags;
}

function within(field: string, value: number, from: number, to: number): number {
  const right = Number.isInteger(value) && value >= from && value <= to;
  refuse(!right, field, `${value}: must be a whole number from ${from} to ${to}`);
  return value;
}

function refuse(wrong: boolean, field: string, why: string): void {
  if (wrong) throw new NetxfwError('INVALID_INPUT', `${field}: ${why}`);
}
