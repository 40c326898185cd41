import type { FragmentKind, IcmpHeader, TcpHeader, UdpHeader } from './parsed.ts';
import { ICMP, ICMP6, TCP, UDP, u16 } from './parsed.ts';

interface Input {
  readonly family: 4 | 6;
  readonly protocol: number;
  readonly fragment: FragmentKind;
  /** To the end of the IP packet, not of the frame. */
  readonly payload: Uint8Array;
}

/** The layer 4 header; null where there is none to read: late fragments and all other protocols. */
export function parseTransport(input: Input): TcpHeader | UdpHeader | IcmpHeader | null | 'malformed' {
  const { family, protocol, fragment, payload } = input;
  if (fragment === 'late') return null;
  if (protocol === TCP) return parseTcp(payload);
  if (protocol === UDP) return parseUdp(payload, fragment === 'first');
  if (protocol === (family === 4 ? ICMP : ICMP6)) return parseIcmp(payload);
  return null;
}

function parseTcp(bytes: Uint8Array): TcpHeader | 'malformed' {
  if (bytes.length < 20) return 'malformed';
  const dataOffset = bytes[12]! >> 4;
  if (dataOffset < 5 || dataOffset * 4 > bytes.length) return 'malformed';
  const flag = (bit: number) => (bytes[13]! & bit) !== 0;
  return {
    kind: 'tcp',
    sourcePort: u16(bytes, 0),
    destinationPort: u16(bytes, 2),
    fin: flag(1),
    syn: flag(2),
    rst: flag(4),
    psh: flag(8),
    ack: flag(16),
    urg: flag(32),
  };
}

function parseUdp(bytes: Uint8Array, fragmented: boolean): UdpHeader | 'malformed' {
  if (bytes.length < 8) return 'malformed';
  const length = u16(bytes, 4);
  if (length < 8) return 'malformed';
  if (!fragmented && length > bytes.length) return 'malformed';
  return { kind: 'udp', sourcePort: u16(bytes, 0), destinationPort: u16(bytes, 2) };
}

function parseIcmp(bytes: Uint8Array): IcmpHeader | 'malformed' {
  if (bytes.length < 8) return 'malformed';
  return { kind: 'icmp', type: bytes[0]!, code: bytes[1]!, identifier: u16(bytes, 4), body: bytes.subarray(8) };
}
