import { addressFromBytes } from './address.ts';
import { parseTransport } from './parse-transport.ts';
import type { FragmentKind, IpHeaders, Refused } from './parsed.ts';
import { MALFORMED, TCP, u16 } from './parsed.ts';

/**
 * @param bytes from the IPv4 header to the end of the frame
 * @param sent a segment over 64 KiB (BIG TCP) has total length 0 and goes to the end of the frame
 */
export function parseIpv4(bytes: Uint8Array, sent: boolean): IpHeaders | Refused {
  if (bytes.length < 20) return MALFORMED;
  if (bytes[0]! >> 4 !== 4) return MALFORMED;
  const headerLength = (bytes[0]! & 15) * 4;
  if (headerLength < 20 || headerLength > bytes.length) return MALFORMED;
  const totalLength = sent && u16(bytes, 2) === 0 ? bytes.length : u16(bytes, 2);
  if (totalLength < headerLength || totalLength > bytes.length) return MALFORMED;

  const offset = u16(bytes, 6) & 0x1fff;
  const more = (u16(bytes, 6) & 0x2000) !== 0;
  const protocol = bytes[9]!;
  if (offset * 8 + (totalLength - headerLength) > 65535) return MALFORMED;
  if (protocol === TCP && offset === 1) return MALFORMED;

  const fragment: FragmentKind = offset !== 0 ? 'late' : more ? 'first' : 'none';
  const payload = bytes.subarray(headerLength, totalLength);
  const transport = parseTransport({ family: 4, protocol, fragment, payload });
  if (transport === 'malformed') return MALFORMED;
  return {
    family: 4,
    source: addressFromBytes(bytes.subarray(12, 16)),
    destination: addressFromBytes(bytes.subarray(16, 20)),
    hopLimit: bytes[8]!,
    protocol,
    fragment,
    identification: fragment === 'none' ? 0 : u16(bytes, 4),
    transport,
  };
}
