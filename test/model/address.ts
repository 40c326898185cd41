import { addressBytes } from '../support/packet-bytes.ts';

/** One address. IPv4 has 32 bits here: only the maps of the kernel program know the mapped form. */
export interface Address {
  readonly family: 4 | 6;
  readonly bits: bigint;
}

export interface Network extends Address {
  readonly length: number;
}

export function addressFromBytes(bytes: Uint8Array): Address {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  return { family: bytes.length === 4 ? 4 : 6, bits };
}

export function address(text: string): Address {
  return addressFromBytes(addressBytes(text));
}

const MAPPED = 0xffffn << 32n;

/** `192.0.2.0/24`; without a slash it is the network of one host. Host bits are cut off; ::ffff:a.b.c.d is IPv4. */
export function network(text: string): Network {
  const [host = '', suffix] = text.split('/');
  const parsed = address(host);
  const length = suffix === undefined ? width(parsed.family) : Number(suffix);
  if (parsed.family === 6 && length >= 96 && parsed.bits >> 32n === MAPPED >> 32n) {
    return truncate({ family: 4, bits: parsed.bits & 0xffffffffn }, length - 96);
  }
  return truncate(parsed, length);
}

export function width(family: 4 | 6): number {
  return family === 4 ? 32 : 128;
}

export function truncate(from: Address, length: number): Network {
  const low = BigInt(width(from.family) - length);
  return { family: from.family, bits: (from.bits >> low) << low, length };
}

export function covers(outer: Network, inner: Address): boolean {
  return outer.family === inner.family && truncate(inner, outer.length).bits === outer.bits;
}

export function same(a: Address, b: Address): boolean {
  return a.family === b.family && a.bits === b.bits;
}

/** A key for maps and messages; IPv6 is not shortened. */
export function text(value: Address): string {
  if (value.family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value.bits >> shift) & 255n).join('.');
  return [...Array(8).keys()].map((i) => ((value.bits >> BigInt(112 - i * 16)) & 0xffffn).toString(16)).join(':');
}
