import { addressFromBytes } from './address.ts';
import { parseTransport } from './parse-transport.ts';
import type { FragmentKind, IpHeaders, Refused } from './parsed.ts';
import { MALFORMED, u16, u32 } from './parsed.ts';

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AH = 51;
const DESTINATION = 60;
const EXTENSIONS = [HOP_BY_HOP, ROUTING, FRAGMENT, AH, DESTINATION];
const MAX_EXTENSIONS = 8;

interface Chain {
  readonly protocol: number;
  readonly fragment: FragmentKind;
  readonly identification: number;
  readonly payload: Uint8Array;
}

/**
 * @param bytes from the IPv6 header to the end of the frame
 * @param sent a segment over 64 KiB (BIG TCP) has payload length 0 and goes to the end of the frame
 */
export function parseIpv6(bytes: Uint8Array, sent: boolean): IpHeaders | Refused {
  if (bytes.length < 40) return MALFORMED;
  if (bytes[0]! >> 4 !== 6) return MALFORMED;
  const payloadLength = sent && u16(bytes, 4) === 0 ? bytes.length - 40 : u16(bytes, 4);
  if (40 + payloadLength > bytes.length) return MALFORMED;

  const chain = walk(bytes[6]!, bytes.subarray(40, 40 + payloadLength));
  if ('decided' in chain) return chain;
  const { protocol, fragment, identification, payload } = chain;
  const transport = parseTransport({ family: 6, protocol, fragment, payload });
  if (transport === 'malformed') return MALFORMED;
  return {
    family: 6,
    source: addressFromBytes(bytes.subarray(8, 24)),
    destination: addressFromBytes(bytes.subarray(24, 40)),
    hopLimit: bytes[7]!,
    protocol,
    fragment,
    identification,
    transport,
  };
}

/** Follows the extension headers to the protocol, or to the fragment header of a late fragment. */
function walk(first: number, bytes: Uint8Array): Chain | Refused {
  let next = first;
  let rest = bytes;
  let fragment: FragmentKind = 'none';
  let identification = 0;
  for (let count = 0; EXTENSIONS.includes(next); count++) {
    if (count === MAX_EXTENSIONS) return { decided: 'DROP_EXT_HEADERS' };
    if (rest.length < 8) return MALFORMED;
    const following = rest[0]!;
    if (next === FRAGMENT) {
      if (fragment !== 'none') return MALFORMED;
      const offset = u16(rest, 2) >> 3;
      const more = (u16(rest, 2) & 1) !== 0;
      identification = u32(rest, 4);
      fragment = offset !== 0 ? 'late' : more ? 'first' : 'atomic';
      rest = rest.subarray(8);
      if (fragment === 'late') return { protocol: following, fragment, identification, payload: rest };
    } else {
      const length = next === AH ? (rest[1]! + 2) * 4 : (rest[1]! + 1) * 8;
      if (length > rest.length) return MALFORMED;
      rest = rest.subarray(length);
    }
    next = following;
  }
  return { protocol: next, fragment, identification, payload: rest };
}
