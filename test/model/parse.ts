import type { ReasonName } from '../../src/model/reasons.ts';
import { parseIpv4 } from './parse-ipv4.ts';
import { parseIpv6 } from './parse-ipv6.ts';
import type { IpPacket } from './parsed.ts';
import { u16 } from './parsed.ts';

/** A packet of IP, or the reason that is known without one. */
export type Frame = IpPacket | { readonly decided: ReasonName } | { readonly otherEtherType: number };

const VLAN = [0x8100, 0x88a8];

/** @param sent this host sends it */
export function parse(frame: Uint8Array, sent = false): Frame {
  if (frame.length < 14) return { decided: 'DROP_MALFORMED' };
  let type = u16(frame, 12);
  let at = 14;
  for (let tags = 0; VLAN.includes(type); tags++) {
    if (tags === 2) return { decided: 'DROP_VLAN_DEPTH' };
    if (at + 4 > frame.length) return { decided: 'DROP_MALFORMED' };
    type = u16(frame, at + 2);
    at += 4;
  }
  const rest = frame.subarray(at);
  if (type === 0x0806) return { decided: 'PASS_ARP' };
  if (type !== 0x0800 && type !== 0x86dd) return { otherEtherType: type };
  const packet = type === 0x0800 ? parseIpv4(rest, sent) : parseIpv6(rest, sent);
  return 'decided' in packet ? packet : { ...packet, tagged: at > 14 };
}
