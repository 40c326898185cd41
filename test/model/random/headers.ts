import fc from 'fast-check';
import {
  type ExtensionLayer,
  fragment,
  type IcmpLayer,
  type Ipv4Layer,
  type Ipv6Layer,
  type Layer,
  payload,
  protocol,
  type TcpLayer,
  type UdpLayer,
} from '../../support/packet.ts';
import { destination4, destination6, identifier, port, protocolNumber, source4, source6 } from './pools.ts';

/** Headers with fields that are mostly right. */

/** Mostly left out: a field that is given lies. */
export function rarely<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: 30, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

export const flags = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('S', 'SA', 'A', 'PA', 'FA', 'R', 'RA') },
  { weight: 1, arbitrary: fc.subarray([...'FSRPAUEC']).map((letters) => letters.join('')) },
);

const tcp: fc.Arbitrary<TcpLayer> = fc
  .record({
    sport: port,
    dport: port,
    flags,
    options: rarely(fc.constantFrom(4, 12, 40)),
    dataOffset: rarely(fc.integer({ min: 0, max: 15 })),
  })
  .map((fields) => ({ layer: 'tcp', ...given(fields) }));

const udp: fc.Arbitrary<UdpLayer> = fc
  .record({ sport: port, dport: port, length: rarely(fc.constantFrom(0, 7, 8, 9, 16, 28, 3000)) })
  .map((fields) => ({ layer: 'udp', ...given(fields) }));

const icmp4: fc.Arbitrary<IcmpLayer> = fc
  .record({ type: fc.constantFrom(8, 8, 0, 3, 5, 11, 13, 137), code: fc.constantFrom(0, 0, 4), id: identifier })
  .map((fields) => ({ layer: 'icmp', ...fields }));

const icmp6: fc.Arbitrary<IcmpLayer> = fc
  .record({ type: fc.constantFrom(128, 128, 129, 1, 2, 5, 137, 143), code: fc.constantFrom(0, 0, 1), id: identifier })
  .map((fields) => ({ layer: 'icmp6', ...fields }));

const fields4: fc.Arbitrary<Partial<Omit<Ipv4Layer, 'layer'>>> = fc
  .record({
    options: rarely(fc.constantFrom(4, 8, 40)),
    ihl: rarely(fc.integer({ min: 0, max: 15 })),
    totalLength: rarely(fc.oneof(fc.integer({ min: 0, max: 90 }), fc.constant(65535))),
    version: rarely(fc.constantFrom(0, 5, 6)),
    protocol: rarely(protocolNumber),
    ttl: rarely(fc.constantFrom(0, 1, 255)),
    dontFragment: rarely(fc.constant(true)),
  })
  .map(given);

/** A fragment's place: mostly the same few datagrams, so that late fragments find their first. */
export const place4 = fc
  .record({
    id: fc.constantFrom(7, 8),
    more: fc.boolean(),
    offset: fc.oneof(fc.constantFrom(0, 9), fc.constantFrom(1, 2, 8190, 8191)),
  })
  .map(({ more, ...rest }) => (more ? { ...rest, more } : rest));

export function ends4(more: fc.Arbitrary<Partial<Omit<Ipv4Layer, 'layer'>>>): fc.Arbitrary<Ipv4Layer> {
  return fc
    .tuple(source4, destination4, fields4, more)
    .map(([src, dst, fields, extra]) => ({ layer: 'ipv4', src, dst, ...extra, ...fields }));
}

export const ipv4 = ends4(fc.constant({}));
export const ipv4Fragment = ends4(place4);

export const ipv6: fc.Arbitrary<Ipv6Layer> = fc
  .tuple(
    source6,
    destination6,
    fc.record({
      payloadLength: rarely(fc.oneof(fc.integer({ min: 0, max: 90 }), fc.constant(65535))),
      version: rarely(fc.constantFrom(0, 4)),
      nextHeader: rarely(protocolNumber),
      hopLimit: rarely(fc.constantFrom(0, 1, 255)),
    }),
  )
  .map(([src, dst, fields]) => ({ layer: 'ipv6', src, dst, ...given(fields) }));

const extension: fc.Arbitrary<ExtensionLayer> = fc
  .record({
    layer: fc.constantFrom<ExtensionLayer['layer']>(
      'hopByHop',
      'destination',
      'routing',
      'ah',
      'destination',
      'mobility',
      'esp',
    ),
    length: rarely(fc.integer({ min: 0, max: 255 })),
  })
  .map(({ layer, ...fields }) => ({ layer, ...given(fields) }));

export const place6 = fc
  .record({
    id: fc.constantFrom(7, 8),
    more: fc.boolean(),
    offset: fc.constantFrom(0, 0, 9, 100),
    nextHeader: rarely(protocolNumber),
  })
  .map(({ more, ...rest }) => fragment({ ...given(rest), ...(more ? { more } : {}) }));

function longChain([count, place]: [number, Layer | null]): readonly Layer[] {
  const headers: Layer[] = Array.from({ length: count }, () => ({ layer: 'destination' }));
  return place === null ? headers : [...headers, place];
}

export const chain: fc.Arbitrary<readonly Layer[]> = fc.oneof(
  { weight: 12, arbitrary: fc.constant([]) },
  { weight: 4, arbitrary: fc.array(extension, { maxLength: 3 }) },
  { weight: 4, arbitrary: place6.map((header) => [header]) },
  { weight: 1, arbitrary: fc.tuple(fc.array(extension, { maxLength: 2 }), place6).map(([a, b]) => [...a, b]) },
  { weight: 1, arbitrary: fc.array(fc.oneof({ weight: 8, arbitrary: extension }, place6), { maxLength: 11 }) },
  { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 6, max: 10 }), fc.option(place6)).map(longChain) },
);

export const data = fc.constantFrom(0, 0, 5, 24, 64).map((bytes) => (bytes === 0 ? [] : [payload(bytes)]));
const other = protocolNumber.map((number) => protocol(number, 12));
export const top4 = fc.oneof(
  { weight: 4, arbitrary: tcp },
  { weight: 3, arbitrary: udp },
  { weight: 2, arbitrary: icmp4 },
  other,
  { weight: 1, arbitrary: icmp6 },
);
export const top6 = fc.oneof(
  { weight: 4, arbitrary: tcp },
  { weight: 3, arbitrary: udp },
  { weight: 2, arbitrary: icmp6 },
  other,
  { weight: 1, arbitrary: icmp4 },
);
