import { type Prefix, prefixFromBytes } from '../model/prefixes.ts';

/** Whom a frame is from and to, as far as ports go; of ICMP echo the identifier is the source port. */
export interface FrameFlow {
  readonly family: 4 | 6;
  readonly protocol: number;
  readonly source: Prefix;
  readonly destination: Prefix;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

const VLAN_TYPES = new Set([0x8100, 0x88a8]);
const TYPE = { IPV4: 0x0800, IPV6: 0x86dd } as const;
const PROTOCOL = { ICMP: 1, TCP: 6, UDP: 17, ICMPV6: 58 } as const;
/** Hop-by-hop, routing, fragment, authentication, destination options. */
const EXTENSIONS = new Set([0, 43, 44, 51, 60]);
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const MAX_EXTENSIONS = 8;
const MAPPED = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);

/** Reads a well-formed frame, such as one that was made to be explained; undefined: it is not IP, or cut off. */
export function flowOfFrame(frame: Uint8Array): FrameFlow | undefined {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  try {
    let at = 12;
    while (VLAN_TYPES.has(view.getUint16(at))) at += 4;
    const type = view.getUint16(at);
    if (type === TYPE.IPV4) return ofIpv4(frame, view, at + 2);
    return type === TYPE.IPV6 ? ofIpv6(frame, view, at + 2) : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function ofIpv4(frame: Uint8Array, view: DataView, ip: number): FrameFlow {
  const address = (at: number) => prefixFromBytes(Uint8Array.of(...MAPPED, ...frame.subarray(at, at + 4)));
  const late = (view.getUint16(ip + 6) & 0x1fff) !== 0;
  const protocol = view.getUint8(ip + 9);
  const ends = { family: 4, source: address(ip + 12), destination: address(ip + 16) } as const;
  return { ...ends, ...portsOf(view, ip + (view.getUint8(ip) & 15) * 4, protocol, late) };
}

function ofIpv6(frame: Uint8Array, view: DataView, ip: number): FrameFlow {
  const address = (at: number) => prefixFromBytes(frame.slice(at, at + 16));
  let protocol = view.getUint8(ip + 6);
  let at = ip + 40;
  let late = false;
  for (let i = 0; i < MAX_EXTENSIONS && EXTENSIONS.has(protocol) && !late; i++) {
    const length = view.getUint8(at + 1);
    const bytes = protocol === FRAGMENT ? 8 : protocol === AUTHENTICATION ? (length + 2) * 4 : (length + 1) * 8;
    late = protocol === FRAGMENT && (view.getUint16(at + 2) & 0xfff8) !== 0;
    protocol = view.getUint8(at);
    at += bytes;
  }
  const ends = { family: 6, source: address(ip + 8), destination: address(ip + 24) } as const;
  return { ...ends, ...portsOf(view, at, protocol, late) };
}

function portsOf(
  view: DataView,
  at: number,
  protocol: number,
  late: boolean,
): Pick<FrameFlow, 'protocol' | 'sourcePort' | 'destinationPort'> {
  if (!late && (protocol === PROTOCOL.TCP || protocol === PROTOCOL.UDP)) {
    return { protocol, sourcePort: view.getUint16(at), destinationPort: view.getUint16(at + 2) };
  }
  const echo = !late && (protocol === PROTOCOL.ICMP || protocol === PROTOCOL.ICMPV6);
  return { protocol, sourcePort: echo ? view.getUint16(at + 4) : 0, destinationPort: 0 };
}
