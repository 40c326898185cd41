import { formatAddress6 } from '../model/prefixes.ts';

const DOT = 0x2e;
const SLASH = 0x2f;
const ZERO = 0x30;

/**
 * Reads IPv4 prefixes straight from bytes: `at` holds the position after the last one read. Anything that is not a plain
 * dotted IPv4 address or network is left to the general parser.
 */
export class Address4Scanner {
  address = 0;
  length = 32;
  at = 0;

  /** Reads a prefix that begins at `from`; false when there is none. The caller checks what follows at `at`. */
  scan(bytes: Uint8Array, from: number): boolean {
    let i = from;
    let value = 0;
    for (let part = 0; part < 4; part++) {
      if (part > 0 && bytes[i++] !== DOT) return false;
      const start = i;
      let octet = 0;
      for (;;) {
        const digit = bytes[i]! - ZERO;
        // Written so that the undefined beyond the end fails too.
        if (!(digit >= 0 && digit <= 9) || i - start === 3) break;
        octet = octet * 10 + digit;
        i++;
      }
      if (i === start || octet > 255 || (bytes[start] === ZERO && i - start > 1)) return false;
      value = value * 256 + octet;
    }
    let length = 32;
    if (bytes[i] === SLASH) {
      const start = ++i;
      length = 0;
      for (;;) {
        const digit = bytes[i]! - ZERO;
        if (!(digit >= 0 && digit <= 9) || i - start === 2) break;
        length = length * 10 + digit;
        i++;
      }
      if (i === start || length > 32 || (bytes[start] === ZERO && i - start > 1)) return false;
    }
    this.address = value;
    this.length = length;
    this.at = i;
    return true;
  }
}

/** Longest text of a prefix: an IPv6 address of 39 characters and `/128`. */
export const MAX_PREFIX_BYTES = 43;

/** Writes an IPv4 prefix as text and returns the position after it. */
export function writePrefix4(buffer: Buffer, at: number, address: number, length: number): number {
  let i = writeByte(buffer, at, address >>> 24);
  buffer[i++] = DOT;
  i = writeByte(buffer, i, (address >>> 16) & 255);
  buffer[i++] = DOT;
  i = writeByte(buffer, i, (address >>> 8) & 255);
  buffer[i++] = DOT;
  i = writeByte(buffer, i, address & 255);
  if (length === 32) return i;
  buffer[i++] = SLASH;
  return writeByte(buffer, i, length);
}

/** Writes an IPv6 prefix as text and returns the position after it. */
export function writePrefix6(
  buffer: Buffer,
  at: number,
  words: readonly [number, number, number, number],
  length: number,
): number {
  const i = at + buffer.write(formatAddress6(words), at, 'latin1');
  if (length === 128) return i;
  buffer[i] = SLASH;
  return writeByte(buffer, i + 1, length);
}

function writeByte(buffer: Buffer, at: number, value: number): number {
  let i = at;
  if (value >= 100) {
    buffer[i++] = ZERO + ((value / 100) | 0);
    buffer[i++] = ZERO + (((value % 100) / 10) | 0);
  } else if (value >= 10) buffer[i++] = ZERO + ((value / 10) | 0);
  buffer[i++] = ZERO + (value % 10);
  return i;
}
