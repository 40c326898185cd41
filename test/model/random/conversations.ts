import fc from 'fast-check';
import {
  fragment,
  HOST4,
  HOST6,
  type IcmpLayer,
  type Ipv4Layer,
  type Ipv6Layer,
  type Layer,
  PEER4,
  PEER6,
  payload,
  quote,
} from '../../support/packet.ts';
import { dhcp4, dhcp6, listener, neighbour } from '../../support/packet-services.ts';
import { chain, ends4, flags, ipv4, ipv6, place4, place6, rarely } from './headers.ts';
import { identifier, localPort, remotePort, source4, source6 } from './pools.ts';

/** Packets that belong to something: a flow, a datagram, a service of the network. */

const peers4 = fc.oneof({ weight: 3, arbitrary: fc.constant(PEER4) }, source4);
const peers6 = fc.oneof({ weight: 3, arbitrary: fc.constant(PEER6) }, source6);
const quotable = (echo: IcmpLayer): fc.Arbitrary<Layer> =>
  fc.oneof(
    fc
      .tuple(localPort, remotePort, flags)
      .map(([sport, dport, set]): Layer => ({ layer: 'tcp', sport, dport, flags: set })),
    fc.tuple(localPort, remotePort).map(([sport, dport]): Layer => ({ layer: 'udp', sport, dport })),
    identifier.map((id): Layer => ({ ...echo, id })),
  );
/** Mostly all of it; else about as much as is needed, or anything. */
const quotedBytes = fc.oneof(
  { weight: 8, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom(26, 27, 28, 46, 47, 48, 55, 56) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 70 }) },
);

/** ICMP errors: the quote is what this host may have sent, or nearly. */
export const error4 = fc
  .tuple(
    ipv4,
    fc.constantFrom(3, 3, 11, 12, 4),
    ends4(rarely(place4).map((place) => place ?? {})),
    peers4,
    quotable({ layer: 'icmp' }),
    quotedBytes,
  )
  .map(([outer, type, { dst, ...inner }, peer, top, bytes]): Layer[] => {
    const sent: Ipv4Layer = { ...inner, src: dst!, dst: peer };
    return [outer, { layer: 'icmp', type }, quote([sent, top], bytes)];
  });

export const error6 = fc
  .tuple(ipv6, fc.constantFrom(1, 2, 3, 4, 5), ipv6, peers6, rarely(place6), quotable({ layer: 'icmp6' }), quotedBytes)
  .map(([outer, type, { dst, ...inner }, peer, place, top, bytes]): Layer[] => {
    const sent: Ipv6Layer = { ...inner, src: dst!, dst: peer };
    return [outer, { layer: 'icmp6', type }, quote([sent, ...(place ? [place] : []), top], bytes)];
  });

/** What a flow or the first fragment of a datagram waits for, without lies. */
const answer = fc.oneof(
  fc
    .tuple(remotePort, localPort, fc.constantFrom('SA', 'A', 'PA', 'FA', 'R', 'S', 'S'))
    .map(([sport, dport, set]): Layer => ({ layer: 'tcp', sport, dport, flags: set })),
  fc.tuple(remotePort, localPort).map(([sport, dport]): Layer => ({ layer: 'udp', sport, dport })),
);
export const expected4 = fc
  .oneof(
    fc.tuple(
      peers4,
      fc.oneof(
        answer,
        identifier.map((id): Layer => ({ layer: 'icmp', type: 0, id })),
      ),
    ),
    fc.tuple(peers4, fc.constant<Layer>({ layer: 'udp', sport: 53, dport: 5000, length: 900 })),
  )
  .map(([src, top]): Layer[] => [
    { layer: 'ipv4', src, dst: HOST4, ...('length' in top ? { more: true, id: 7 } : {}) },
    top,
  ]);
export const expected6 = fc
  .tuple(
    peers6,
    fc.oneof(
      answer,
      identifier.map((id): Layer => ({ layer: 'icmp6', type: 129, id })),
    ),
  )
  .map(([src, top]): Layer[] => [{ layer: 'ipv6', src, dst: HOST6 }, top]);
export const late = fc.oneof(
  fc.tuple(peers4, fc.boolean()).map(([src, first]): Layer[] => {
    const ip: Ipv4Layer = { layer: 'ipv4', src, dst: HOST4, id: 7 };
    return first
      ? [
          { ...ip, more: true },
          { layer: 'udp', dport: 53, length: 900 },
        ]
      : [{ ...ip, offset: 9, protocol: 17 }, payload(16)];
  }),
  fc
    .tuple(peers6, fc.boolean())
    .map(([src, first]): Layer[] => [
      { layer: 'ipv6', src, dst: HOST6 },
      fragment({ id: 7, nextHeader: 17, ...(first ? { more: true } : { offset: 9 }) }),
      { layer: 'udp', dport: 53, length: 900 },
    ]),
);

const between6 = chain.map((headers) => headers.slice(0, 2));
export const services = fc
  .oneof(
    fc
      .record({
        src: source6,
        type: fc.integer({ min: 132, max: 138 }),
        code: fc.constantFrom(0, 0, 0, 1),
        hopLimit: fc.constantFrom(255, 255, 64),
        between: between6,
      })
      .map((fields) => neighbour(fields)),
    fc
      .record({
        src: source6,
        type: fc.constantFrom(130, 131, 132, 143, 144),
        hopLimit: fc.constantFrom(1, 1, 2),
        between: between6,
      })
      .map((fields) => listener(fields)),
    fc
      .record({ src: source4, sport: fc.constantFrom(67, 67, 68), dport: fc.constantFrom(68, 68, 67) })
      .map((fields) => dhcp4(fields)),
    fc
      .record({ src: source6, sport: fc.constantFrom(547, 547, 546), dport: fc.constantFrom(546, 546, 547) })
      .map((fields) => dhcp6(fields)),
  )
  .map((stack) => stack.slice(1));
