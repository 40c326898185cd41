import { NetxfwError } from './errors.ts';

/** IP protocol numbers by the names of the IANA registry that operators use. */
export const PROTOCOLS = {
  icmp: 1,
  igmp: 2,
  ipip: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  rsvp: 46,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  ospf: 89,
  pim: 103,
  vrrp: 112,
  l2tp: 115,
  sctp: 132,
  udplite: 136,
} as const;

/**
 * The number of an IP protocol given by name or number.
 * @throws NetxfwError INVALID_INPUT
 */
export function parseProtocol(value: string | number): number {
  const text = String(value).trim().toLowerCase();
  const number = Object.hasOwn(PROTOCOLS, text) ? PROTOCOLS[text as keyof typeof PROTOCOLS] : Number(text);
  if (text === '' || !Number.isInteger(number) || number < 0 || number > 255) {
    throw new NetxfwError('INVALID_INPUT', `"${value}" is not an IP protocol`, {
      hint: `Give a number from 0 to 255 or one of ${Object.keys(PROTOCOLS).join(', ')}.`,
    });
  }
  return number;
}
