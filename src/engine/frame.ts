import { familyBits, type Prefix, prefixBytes } from '../model/prefixes.ts';
import { PROTOCOLS } from '../model/protocols.ts';

/** A packet to be made. Ports are those of TCP and UDP, type and code those of ICMP. */
export interface PacketPlan {
  readonly source: Prefix;
  readonly destination: Prefix;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** The flags byte of TCP. */
  readonly flags: number;
  readonly icmpType: number;
  readonly icmpCode: number;
  /** null: no tag. */
  readonly vlan: number | null;
  readonly fragment: 'none' | 'first' | 'late';
}

const { tcp: TCP, udp: UDP, icmp: ICMP, icmpv6: ICMPV6 } = PROTOCOLS;
/** Locally administered: of no vendor. */
const HERE = [2, 0, 0, 0, 0, 1] as const;
const THERE = [2, 0, 0, 0, 0, 2] as const;
const VLAN_TYPE = 0x8100;
const TYPES = { 4: 0x0800, 6: 0x86dd } as const;
const FRAGMENT_HEADER = 44;
const HOP_LIMIT = 64;
/** RFC 4861: neighbour discovery that came over a router does not count. */
const NEIGHBOUR_HOP_LIMIT = 255;
const NEIGHBOUR_TYPES = { from: 133, to: 137 } as const;
/** RFC 2710, RFC 3810. */
const MLD_HOP_LIMIT = 1;
const MLD_TYPES: ReadonlySet<number> = new Set([130, 131, 132, 143]);
const MORE_FRAGMENTS = 0x2000;
/** A late fragment stands this far behind the first, in units of 8 bytes. */
const LATE_OFFSET = 64;
const PAYLOAD = 8;
const IDENTIFICATION = 0x4e58;
const ECHO_ID = 1;
const WINDOW = 64_240;

/** The Ethernet frame of a packet, with right lengths and checksums. */
export function frameOf(plan: PacketPlan): Uint8Array {
  const { family } = plan.source;
  const transport = transportOf(plan);
  const packet = family === 4 ? ipv4(plan, transport) : ipv6(plan, transport);
  const tag = plan.vlan === null ? [] : [...word(VLAN_TYPE), ...word(plan.vlan)];
  return Uint8Array.from([...HERE, ...THERE, ...tag, ...word(TYPES[family]), ...packet]);
}

function ipv4(plan: PacketPlan, transport: readonly number[]): number[] {
  const place = plan.fragment === 'first' ? MORE_FRAGMENTS : plan.fragment === 'late' ? LATE_OFFSET : 0;
  const header = [
    0x45,
    0,
    ...word(20 + transport.length),
    ...word(IDENTIFICATION),
    ...word(place),
    HOP_LIMIT,
    plan.protocol,
    ...word(0),
    ...addressOf(plan.source),
    ...addressOf(plan.destination),
  ];
  put(header, 10, checksum(header));
  return [...header, ...transport];
}

function ipv6(plan: PacketPlan, transport: readonly number[]): number[] {
  const place = plan.fragment === 'late' ? LATE_OFFSET << 3 : 1;
  const fragment =
    plan.fragment === 'none' ? [] : [plan.protocol, 0, ...word(place), ...word(0), ...word(IDENTIFICATION)];
  const next = fragment.length > 0 ? FRAGMENT_HEADER : plan.protocol;
  const header = [0x60, 0, 0, 0, ...word(fragment.length + transport.length), next, hopLimitOf(plan)];
  return [...header, ...addressOf(plan.source), ...addressOf(plan.destination), ...fragment, ...transport];
}

function hopLimitOf({ protocol, icmpType }: PacketPlan): number {
  if (protocol !== ICMPV6) return HOP_LIMIT;
  if (icmpType >= NEIGHBOUR_TYPES.from && icmpType <= NEIGHBOUR_TYPES.to) return NEIGHBOUR_HOP_LIMIT;
  return MLD_TYPES.has(icmpType) ? MLD_HOP_LIMIT : HOP_LIMIT;
}

/** Layer 4 with a little payload; of a late fragment, payload only. */
function transportOf(plan: PacketPlan): readonly number[] {
  const payload = new Array<number>(PAYLOAD).fill(0);
  if (plan.fragment === 'late') return payload;
  switch (plan.protocol) {
    case TCP: {
      const ports = [...word(plan.sourcePort), ...word(plan.destinationPort)];
      const acknowledged = (plan.flags & ACK) === 0 ? 0 : 1;
      const header = [...ports, ...word(0), ...word(1), ...word(0), ...word(acknowledged), 0x50, plan.flags];
      return summed(plan, [...header, ...word(WINDOW), ...word(0), ...word(0)], 16);
    }
    case UDP: {
      const ports = [...word(plan.sourcePort), ...word(plan.destinationPort)];
      return summed(plan, [...ports, ...word(8 + PAYLOAD), ...word(0), ...payload], 6);
    }
    case ICMP:
    case ICMPV6: {
      const rest = [...word(ECHO_ID), ...word(1), ...payload, ...payload];
      return summed(plan, [plan.icmpType, plan.icmpCode, ...word(0), ...rest], 2);
    }
    default:
      return payload;
  }
}

const ACK = 0x10;

/** Puts the checksum in; of ICMP in IPv4 it covers the message only, of all others the addresses too. */
function summed(plan: PacketPlan, message: number[], at: number): number[] {
  const { source, destination, protocol } = plan;
  const alone = source.family === 4 && protocol === ICMP;
  const pseudo = alone
    ? []
    : [...addressOf(source), ...addressOf(destination), ...word(0), ...word(protocol), ...word(message.length)];
  const sum = checksum([...pseudo, ...message]);
  // RFC 768: 0 says that there is none.
  put(message, at, protocol === UDP && sum === 0 ? 0xffff : sum);
  return message;
}

/** RFC 1071. */
function checksum(bytes: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function addressOf(address: Prefix): number[] {
  return [...prefixBytes(address)].slice(16 - familyBits(address.family) / 8);
}

const word = (value: number): [number, number] => [(value >>> 8) & 0xff, value & 0xff];

function put(bytes: number[], at: number, value: number): void {
  bytes.splice(at, 2, ...word(value));
}
