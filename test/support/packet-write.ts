import { addressBytes, checksum, concat, macBytes, Writer } from './packet-bytes.ts';
import type {
  ArpLayer,
  EthLayer,
  ExtensionLayer,
  FragmentLayer,
  IcmpLayer,
  Ipv4Layer,
  Ipv6Layer,
  Layer,
  TcpLayer,
  UdpLayer,
  VlanLayer,
} from './packet-layers.ts';
import { HOST4, HOST6, PEER4, PEER6 } from './packet-layers.ts';

export interface WriteContext {
  /** What follows the layer, already written. */
  readonly rest: Uint8Array;
  readonly before: readonly Layer[];
  readonly next: Layer | undefined;
  readonly packet: (...layers: readonly Layer[]) => Uint8Array;
}

/** EtherType by which the layer in front announces this one; an LLC header is announced by its length. */
function etherType(next: Layer | undefined, rest: Uint8Array): number {
  switch (next?.layer) {
    case 'vlan':
      return next.tpid ?? 0x8100;
    case 'arp':
      return 0x0806;
    case 'ipv4':
      return 0x0800;
    case 'ipv6':
      return 0x86dd;
    case 'llc':
      return rest.length;
    default:
      return 0x88b5;
  }
}

const PROTOCOLS: Partial<Record<Layer['layer'], number>> = {
  hopByHop: 0,
  icmp: 1,
  ipv4: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  routing: 43,
  fragment: 44,
  esp: 50,
  ah: 51,
  icmp6: 58,
  noNext: 59,
  destination: 60,
  mobility: 135,
};

function protocolNumber(next: Layer | undefined): number {
  if (next?.layer === 'protocol') return next.number;
  return (next && PROTOCOLS[next.layer]) ?? 59;
}

function writeEth(layer: EthLayer, { rest, next }: WriteContext): Uint8Array {
  return new Writer(14)
    .put(0, macBytes(layer.dst ?? '02:00:00:00:00:01'))
    .put(6, macBytes(layer.src ?? '02:00:00:00:00:02'))
    .u16(12, layer.type ?? etherType(next, rest)).bytes;
}

function writeVlan(layer: VlanLayer, { rest, next }: WriteContext): Uint8Array {
  return new Writer(4).u16(0, ((layer.priority ?? 0) << 13) | layer.id).u16(2, layer.type ?? etherType(next, rest))
    .bytes;
}

function writeArp(layer: ArpLayer): Uint8Array {
  return new Writer(28)
    .u16(0, 1)
    .u16(2, 0x0800)
    .u8(4, 6)
    .u8(5, 4)
    .u16(6, layer.operation ?? 1)
    .put(8, macBytes('02:00:00:00:00:02'))
    .put(14, addressBytes(layer.sender ?? PEER4))
    .put(24, addressBytes(layer.target ?? HOST4)).bytes;
}

function padded(bytes: number, unit: number): number {
  return Math.ceil(bytes / unit) * unit;
}

function writeIpv4(layer: Ipv4Layer, { rest, next }: WriteContext): Uint8Array {
  const options = padded(layer.options ?? 0, 4);
  const length = 20 + options;
  const flags = (layer.dontFragment ? 0x4000 : 0) | (layer.more ? 0x2000 : 0) | (layer.offset ?? 0);
  const writer = new Writer(length)
    .u8(0, ((layer.version ?? 4) << 4) | (layer.ihl ?? length / 4))
    .u8(1, layer.tos ?? 0)
    .u16(2, layer.totalLength ?? length + rest.length)
    .u16(4, layer.id ?? 0)
    .u16(6, flags)
    .u8(8, layer.ttl ?? 64)
    .u8(9, layer.protocol ?? protocolNumber(next))
    .put(12, addressBytes(layer.src ?? PEER4))
    .put(16, addressBytes(layer.dst ?? HOST4));
  // No-operation options, closed by an end of list.
  for (let i = 0; i < options - 1; i++) writer.u8(20 + i, 1);
  return writer.u16(10, layer.checksum ?? checksum(writer.bytes)).bytes;
}

function writeIpv6(layer: Ipv6Layer, { rest, next }: WriteContext): Uint8Array {
  return new Writer(40)
    .u8(0, (layer.version ?? 6) << 4)
    .u16(4, layer.payloadLength ?? rest.length)
    .u8(6, layer.nextHeader ?? protocolNumber(next))
    .u8(7, layer.hopLimit ?? 64)
    .put(8, addressBytes(layer.src ?? PEER6))
    .put(24, addressBytes(layer.dst ?? HOST6)).bytes;
}

const SMALLEST: Record<ExtensionLayer['layer'], number> = {
  hopByHop: 8,
  routing: 8,
  destination: 8,
  ah: 24,
  mobility: 8,
  esp: 24,
};

function writeExtension(layer: ExtensionLayer, { next }: WriteContext): Uint8Array {
  const bytes = layer.bytes ?? SMALLEST[layer.layer];
  const writer = new Writer(bytes);
  if (layer.layer === 'esp') return writer.u32(0, 0x1001).u32(4, 1).bytes;
  // AH counts in words of four bytes, less two (RFC 4302); the others in units of eight, less one (RFC 8200).
  const length = layer.layer === 'ah' ? padded(bytes, 4) / 4 - 2 : padded(bytes, 8) / 8 - 1;
  return writer.u8(0, layer.nextHeader ?? protocolNumber(next)).u8(1, layer.length ?? length).bytes;
}

function writeFragment(layer: FragmentLayer, { next }: WriteContext): Uint8Array {
  return new Writer(8)
    .u8(0, layer.nextHeader ?? protocolNumber(next))
    .u16(2, ((layer.offset ?? 0) << 3) | (layer.more ? 1 : 0))
    .u32(4, layer.id ?? 0).bytes;
}

/** What TCP, UDP and ICMPv6 checksums cover in front of themselves; empty without an IP layer before. */
function pseudoHeader(before: readonly Layer[], protocol: number, length: number): Uint8Array {
  const ip = before.findLast((layer) => layer.layer === 'ipv4' || layer.layer === 'ipv6');
  if (ip?.layer === 'ipv4') {
    return new Writer(12)
      .put(0, addressBytes(ip.src ?? PEER4))
      .put(4, addressBytes(ip.dst ?? HOST4))
      .u8(9, protocol)
      .u16(10, length).bytes;
  }
  if (ip?.layer !== 'ipv6') return new Uint8Array(0);
  return new Writer(40)
    .put(0, addressBytes(ip.src ?? PEER6))
    .put(16, addressBytes(ip.dst ?? HOST6))
    .u32(32, length)
    .u8(39, protocol).bytes;
}

const TCP_FLAGS = 'FSRPAUEC';

function writeTcp(layer: TcpLayer, { rest, before }: WriteContext): Uint8Array {
  const length = 20 + padded(layer.options ?? 0, 4);
  const flags = [...(layer.flags ?? 'S')].reduce((bits, flag) => bits | (1 << TCP_FLAGS.indexOf(flag)), 0);
  const writer = new Writer(length)
    .u16(0, layer.sport ?? 40000)
    .u16(2, layer.dport ?? 80)
    .u32(4, 1)
    .u8(12, (layer.dataOffset ?? length / 4) << 4)
    .u8(13, flags)
    .u16(14, 64240);
  for (let i = 20; i < length; i++) writer.u8(i, 1);
  const covered = concat(pseudoHeader(before, 6, length + rest.length), writer.bytes, rest);
  return writer.u16(16, layer.checksum ?? checksum(covered)).bytes;
}

function writeUdp(layer: UdpLayer, { rest, before }: WriteContext): Uint8Array {
  const length = 8 + rest.length;
  const writer = new Writer(8)
    .u16(0, layer.sport ?? 40000)
    .u16(2, layer.dport ?? 53)
    .u16(4, layer.length ?? length);
  const sum = checksum(concat(pseudoHeader(before, 17, length), writer.bytes, rest));
  // Zero means "no checksum" (RFC 768), so a sum of zero travels as all ones.
  return writer.u16(6, layer.checksum ?? (sum === 0 ? 0xffff : sum)).bytes;
}

function writeIcmp(layer: IcmpLayer, { rest, before }: WriteContext): Uint8Array {
  const six = layer.layer === 'icmp6';
  const writer = new Writer(8)
    .u8(0, layer.type ?? (six ? 128 : 8))
    .u8(1, layer.code ?? 0)
    .u16(4, layer.id ?? 0)
    .u16(6, layer.seq ?? 0);
  const front = six ? pseudoHeader(before, 58, 8 + rest.length) : new Uint8Array(0);
  return writer.u16(2, layer.checksum ?? checksum(concat(front, writer.bytes, rest))).bytes;
}

/** The bytes of one layer, without what follows it. */
export function writeLayer(layer: Layer, context: WriteContext): Uint8Array {
  switch (layer.layer) {
    case 'eth':
      return writeEth(layer, context);
    case 'vlan':
      return writeVlan(layer, context);
    case 'arp':
      return writeArp(layer);
    case 'llc':
      return new Writer(3).u8(0, 0x42).u8(1, 0x42).u8(2, 3).bytes;
    case 'ipv4':
      return writeIpv4(layer, context);
    case 'ipv6':
      return writeIpv6(layer, context);
    case 'fragment':
      return writeFragment(layer, context);
    case 'tcp':
      return writeTcp(layer, context);
    case 'udp':
      return writeUdp(layer, context);
    case 'icmp':
    case 'icmp6':
      return writeIcmp(layer, context);
    case 'quote': {
      const inner = context.packet(...layer.layers);
      return inner.slice(0, layer.bytes ?? inner.length);
    }
    case 'protocol':
      return new Uint8Array(layer.bytes);
    case 'payload':
      return typeof layer.bytes === 'number' ? new Uint8Array(layer.bytes).fill(0xa5) : Uint8Array.from(layer.bytes);
    case 'noNext':
    case 'trailer':
      return new Uint8Array(0);
    default:
      return writeExtension(layer, context);
  }
}
