import { NetxfwError } from './errors.ts';
import { say } from './messages.ts';

/** IP version. */
export type Family = 4 | 6;

/**
 * A network or host address, host bits zero. `words` is the 128-bit form, most significant word first, each an unsigned
 * 32-bit integer in host order; IPv4 is ::ffff:a.b.c.d, so words[3] is the IPv4 address. `length` counts bits of the
 * own family (0..32 or 0..128).
 */
export interface Prefix {
  readonly family: Family;
  readonly words: readonly [number, number, number, number];
  readonly length: number;
}

export interface ParsedPrefix {
  readonly prefix: Prefix;
  /** True when the text had host bits that were masked away (10.1.2.3/8 -> 10.0.0.0/8). */
  readonly masked: boolean;
}

const MAPPED = 0xffff;

/** Bits of a full address of the family. */
export function familyBits(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128;
}

/** Prefix length of the 128-bit form: IPv4 /24 is 120. */
export function mappedLength(prefix: Prefix): number {
  return prefix.family === 4 ? prefix.length + 96 : prefix.length;
}

export function isHost(prefix: Prefix): boolean {
  return prefix.length === familyBits(prefix.family);
}

export function prefix4(address: number, length = 32): Prefix {
  return { family: 4, words: [0, 0, MAPPED, maskWord(address, length)], length };
}

export function prefix6(words: readonly [number, number, number, number], length = 128): Prefix {
  const [a, b, c, d] = words;
  return {
    family: 6,
    words: [maskWord(a, length), maskWord(b, length - 32), maskWord(c, length - 64), maskWord(d, length - 96)],
    length,
  };
}

/** The first `bits` bits of a 32-bit word; any number of bits is allowed. */
export function maskWord(word: number, bits: number): number {
  if (bits >= 32) return word >>> 0;
  if (bits <= 0) return 0;
  return (word & (0xffffffff << (32 - bits))) >>> 0;
}

/**
 * Parses an address or CIDR. ::ffff:a.b.c.d is IPv4; ::ffff:a.b.c.d/n with n >= 96 is IPv4 /(n - 96).
 * @throws NetxfwError INVALID_ADDRESS
 */
export function parsePrefix(text: string): ParsedPrefix {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const words = address.includes(':') ? parseWords6(address) : parseWords4(address);
  if (words === null) throw new NetxfwError('INVALID_ADDRESS', say('refused.notAddress', { text }));
  const dotted = !address.includes(':');
  const full = dotted ? 32 : 128;
  const length = slash < 0 ? full : parseLength(text.slice(slash + 1));
  if (length > full) {
    throw new NetxfwError('INVALID_ADDRESS', say('refused.prefixLength', { text, most: full }));
  }
  const mapped = !dotted && words[0] === 0 && words[1] === 0 && words[2] === MAPPED && length >= 96;
  const prefix = dotted ? prefix4(words[3], length) : mapped ? prefix4(words[3], length - 96) : prefix6(words, length);
  return { prefix, masked: prefix.words.some((word, i) => word !== words[i]) };
}

/**
 * Parses one address without a prefix length.
 * @throws NetxfwError INVALID_ADDRESS
 */
export function parseAddress(text: string): Prefix {
  if (text.includes('/')) throw new NetxfwError('INVALID_ADDRESS', say('refused.network', { text }));
  return parsePrefix(text).prefix;
}

function parseLength(text: string): number {
  return /^(?:0|[1-9]\d{0,2})$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
}

function parseWords4(text: string): [number, number, number, number] | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return null;
  let value = 0;
  for (let i = 1; i <= 4; i++) {
    const part = match[i]!;
    const octet = Number(part);
    // A leading zero is octal to some parsers and decimal to others (CVE-2021-29921): refused.
    if (octet > 255 || (part.length > 1 && part[0] === '0')) return null;
    value = value * 256 + octet;
  }
  return [0, 0, MAPPED, value];
}

function parseWords6(text: string): [number, number, number, number] | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = parseGroups(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1]!, true) : [];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const word = (i: number) => groups[i]! * 65536 + groups[i + 1]!;
  return [word(0), word(2), word(4), word(6)];
}

function parseGroups(text: string, last: boolean): number[] | null {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [i, part] of parts.entries()) {
    if (part.includes('.') && last && i === parts.length - 1) {
      const v4 = parseWords4(part);
      if (v4 === null) return null;
      groups.push(v4[3] >>> 16, v4[3] & 0xffff);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return null;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}

/** Canonical text (RFC 5952 for IPv6); a host has no `/32` or `/128`. */
export function formatPrefix(prefix: Prefix): string {
  const address = prefix.family === 4 ? formatAddress4(prefix.words[3]) : formatAddress6(prefix.words);
  return isHost(prefix) ? address : `${address}/${prefix.length}`;
}

/** @param address IPv4 address, host order */
export function formatAddress4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** RFC 5952: lower case, the longest run of zero groups (two or more, the first of equals) shortened. */
export function formatAddress6(words: readonly [number, number, number, number]): string {
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  let start = -1;
  let longest = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > longest) {
      start = i;
      longest = end - i;
    }
    if (end > i) i = end;
  }
  const hex = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((g) => g.toString(16))
      .join(':');
  return start < 0 ? hex(0, 8) : `${hex(0, start)}::${hex(start + longest, 8)}`;
}

/** True when every address of `inner` lies in `outer`. */
export function covers(outer: Prefix, inner: Prefix): boolean {
  if (outer.family !== inner.family || outer.length > inner.length) return false;
  const cut = outer.family === 4 ? prefix4(inner.words[3], outer.length) : prefix6(inner.words, outer.length);
  return cut.words.every((word, i) => word === outer.words[i]);
}

export function samePrefix(a: Prefix, b: Prefix): boolean {
  return a.family === b.family && a.length === b.length && a.words.every((word, i) => word === b.words[i]);
}

/** Sixteen bytes in network byte order, IPv4 mapped. */
export function prefixBytes(prefix: Prefix): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  for (const [i, word] of prefix.words.entries()) view.setUint32(i * 4, word);
  return bytes;
}

/**
 * The prefix of a 128-bit form as it stands in maps.
 * @param length prefix length of the 128-bit form
 */
export function prefixFromBytes(bytes: Uint8Array, length = 128): Prefix {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const words: [number, number, number, number] = [
    view.getUint32(0),
    view.getUint32(4),
    view.getUint32(8),
    view.getUint32(12),
  ];
  const mapped = words[0] === 0 && words[1] === 0 && words[2] === MAPPED && length >= 96;
  return mapped ? prefix4(words[3], length - 96) : prefix6(words, length);
}
