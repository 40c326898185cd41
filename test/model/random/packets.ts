import fc from 'fast-check';
import { eth, flip, type Layer, layers, packet, payload, trailer } from '../../support/packet.ts';
import { error4, error6, expected4, expected6, late, services } from './conversations.ts';
import { chain, data, ipv4, ipv4Fragment, ipv6, top4, top6 } from './headers.ts';

/** A packet as data: layers, then what is done to its bytes. Shrinks towards no damage and few layers. */
export interface RandomPacket {
  readonly layers: readonly Layer[];
  /** Bytes cut off at the end. */
  readonly cut: number;
  readonly flips: readonly { readonly at: number; readonly mask: number }[];
}

/** Bytes that must be left: the kernel runs no program on fewer. */
const SHORTEST = 14;

export function bytesOf({ layers: stack, cut, flips }: RandomPacket): Uint8Array {
  const whole = packet(...stack);
  const rest = whole.slice(0, Math.max(SHORTEST, whole.length - cut));
  return flips.reduce<Uint8Array>((bytes, { at, mask }) => flip(bytes, at % bytes.length, mask), rest);
}

const tags: fc.Arbitrary<readonly Layer[]> = fc.oneof(
  { weight: 20, arbitrary: fc.constant([]) },
  {
    weight: 2,
    arbitrary: fc.array(
      fc.record({
        layer: fc.constant('vlan' as const),
        id: fc.constantFrom(0, 10),
        tpid: fc.constantFrom(0x8100, 0x88a8),
      }),
      { maxLength: 3 },
    ),
  },
);

const ip: fc.Arbitrary<readonly Layer[]> = fc.oneof(
  { weight: 10, arbitrary: fc.tuple(ipv4, top4, data).map(([a, b, c]) => [a, b, ...c]) },
  { weight: 3, arbitrary: fc.tuple(ipv4Fragment, top4, data).map(([a, b, c]) => [a, b, ...c]) },
  { weight: 12, arbitrary: fc.tuple(ipv6, chain, top6, data).map(([a, b, c, d]) => [a, ...b, c, ...d]) },
  { weight: 2, arbitrary: error4 },
  { weight: 2, arbitrary: error6 },
  { weight: 3, arbitrary: services },
  { weight: 4, arbitrary: expected4 },
  { weight: 3, arbitrary: expected6 },
  { weight: 3, arbitrary: late },
);

const frame: fc.Arbitrary<readonly Layer[]> = fc.oneof(
  {
    weight: 40,
    arbitrary: fc
      .tuple(tags, ip, fc.constantFrom(0, 0, 0, 0, 0, 0, 2, 6, 18))
      .map(([a, b, c]) => layers(eth(), a, b, c > 0 ? trailer(c) : [])),
  },
  { weight: 1, arbitrary: tags.map((a) => layers(eth(), a, { layer: 'arp' })) },
  { weight: 1, arbitrary: fc.constantFrom(0x88cc, 0x8847, 60, 0x9100).map((type) => [eth({ type }), payload(46)]) },
);

const damage = fc.oneof(
  { weight: 8, arbitrary: fc.constant([]) },
  {
    weight: 2,
    arbitrary: fc.array(fc.record({ at: fc.nat(90), mask: fc.integer({ min: 1, max: 255 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
  },
);
const cut = fc.oneof({ weight: 11, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(90) });

export const randomPacket: fc.Arbitrary<RandomPacket> = fc.record({ layers: frame, cut, flips: damage });

/** What this host sends: the same kinds of packets, from its own addresses. */
export const sentPacket: fc.Arbitrary<RandomPacket> = fc
  .tuple(
    fc.oneof(
      { weight: 5, arbitrary: fc.tuple(ipv4, top4, data).map(([a, b, c]): Layer[] => [a, b, ...c]) },
      { weight: 1, arbitrary: fc.tuple(ipv4Fragment, top4, data).map(([a, b, c]): Layer[] => [a, b, ...c]) },
      { weight: 5, arbitrary: fc.tuple(ipv6, chain, top6, data).map(([a, b, c, d]): Layer[] => [a, ...b, c, ...d]) },
    ),
    cut,
    damage,
  )
  .map(([stack, bytes, flips]) => ({ layers: [eth(), ...stack.map(outward)], cut: bytes, flips }));

function outward(layer: Layer): Layer {
  if (layer.layer !== 'ipv4' && layer.layer !== 'ipv6') return layer;
  return { ...layer, src: layer.dst!, dst: layer.src! } as Layer;
}
