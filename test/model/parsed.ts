import type { ReasonName } from '../../src/model/reasons.ts';
import type { Address } from './address.ts';

export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const ICMP6 = 58;

/** An atomic fragment (RFC 6946) carries a fragment header and is whole all the same. */
export type FragmentKind = 'none' | 'atomic' | 'first' | 'late';

export interface TcpHeader {
  readonly kind: 'tcp';
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly fin: boolean;
  readonly syn: boolean;
  readonly rst: boolean;
  readonly psh: boolean;
  readonly ack: boolean;
  readonly urg: boolean;
}

export interface UdpHeader {
  readonly kind: 'udp';
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** ICMP in IPv4 or ICMPv6 in IPv6. */
export interface IcmpHeader {
  readonly kind: 'icmp';
  readonly type: number;
  readonly code: number;
  readonly identifier: number;
  /** Behind the first 8 bytes: what an error quotes. */
  readonly body: Uint8Array;
}

export interface IpPacket {
  /** In a VLAN. */
  readonly tagged: boolean;
  readonly family: 4 | 6;
  readonly source: Address;
  readonly destination: Address;
  readonly hopLimit: number;
  readonly protocol: number;
  readonly fragment: FragmentKind;
  /** 0 unless it is a fragment. */
  readonly identification: number;
  /** Of TCP, UDP, ICMP in IPv4 and ICMPv6 in IPv6 when it is not a late fragment. */
  readonly transport: TcpHeader | UdpHeader | IcmpHeader | null;
}

/** What the IP header and all behind it say. */
export type IpHeaders = Omit<IpPacket, 'tagged'>;

export type Refused = { readonly decided: ReasonName };
export const MALFORMED: Refused = { decided: 'DROP_MALFORMED' };

export function u16(bytes: Uint8Array, at: number): number {
  return bytes[at]! * 256 + bytes[at + 1]!;
}

export function u32(bytes: Uint8Array, at: number): number {
  return u16(bytes, at) * 65536 + u16(bytes, at + 2);
}
