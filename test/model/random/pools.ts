import fc from 'fast-check';
import { HOST4, HOST6, PEER4, PEER6 } from '../../support/packet.ts';

/** Few values of everything, so that lists, flows, rules and packets meet. Weights say how often. */

type Pool<Value> = readonly (readonly [weight: number, value: Value])[];

function pick<Value>(pool: Pool<Value>): fc.Arbitrary<Value> {
  return fc.oneof(...pool.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));
}

export const SOURCES4: Pool<string> = [
  [8, PEER4],
  [4, '192.0.2.2'],
  [3, '192.0.2.130'],
  [3, '192.0.3.1'],
  [3, '9.9.9.9'],
  [2, '9.9.8.1'],
  [2, '10.77.0.5'],
  [1, '10.0.0.1'],
  [1, '100.64.0.1'],
  [1, '0.0.0.0'],
  [1, '127.0.0.1'],
  [1, '224.0.0.9'],
  [1, '255.255.255.255'],
  [1, HOST4],
  [1, '10.77.0.1'],
];

export const SOURCES6: Pool<string> = [
  [8, PEER6],
  [4, '2001:db8::2'],
  [3, '2001:db8:0:1::1'],
  [3, '2001:db8:5::1'],
  [2, '2001:db8:77::5'],
  [3, '2a00::1'],
  [2, '2a00:0:0:1::1'],
  [3, 'fe80::1'],
  [1, 'fe80::100'],
  [1, 'fd12::1'],
  [1, '::'],
  [1, '::1'],
  [1, '::c000:201'],
  [1, 'ff02::1'],
  [1, '::ffff:192.0.2.1'],
  [1, HOST6],
];

export const source4 = pick(SOURCES4);
export const source6 = pick(SOURCES6);

export const destination4 = pick([
  [20, HOST4],
  [2, '10.77.0.1'],
  [1, PEER4],
  [1, '255.255.255.255'],
  [1, '224.0.0.251'],
]);

export const destination6 = pick([
  [20, HOST6],
  [2, 'fe80::100'],
  [1, PEER6],
  [1, 'ff02::1'],
]);

export const port = pick([
  [4, 80],
  [3, 443],
  [3, 53],
  [3, 40000],
  [3, 5000],
  [2, 22],
  [1, 67],
  [1, 68],
  [1, 546],
  [1, 547],
  [1, 0],
  [1, 16],
  [1, 144],
  [1, 65535],
  [1, 20480],
]);

/** Of flows that this host opened. */
export const localPort = fc.constantFrom(40000, 40000, 40000, 5000);
export const remotePort = fc.constantFrom(443, 443, 443, 53);
/** Of ICMP echo. */
export const identifier = fc.constantFrom(77, 77, 78);

export const protocolNumber = pick([
  [3, 47],
  [1, 132],
  [1, 50],
  [1, 111],
  [1, 0],
  [1, 255],
  [1, 1],
  [1, 6],
  [1, 17],
  [1, 58],
  [1, 51],
]);

export const LENGTHS4 = [32, 32, 32, 32, 32, 31, 31, 30, 25, 25, 24, 24, 24, 23, 20, 16, 8, 0];
export const LENGTHS6 = [128, 128, 128, 128, 127, 127, 96, 65, 64, 64, 64, 63, 48, 48, 47, 33, 32, 29, 8, 0];

/** A network around one of the sources; every length of an address may occur. */
export const prefix: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(source4, fc.constantFrom(...LENGTHS4)).map(([address, length]) => `${address}/${length}`),
  },
  {
    weight: 5,
    arbitrary: fc.tuple(source6, fc.constantFrom(...LENGTHS6)).map(([address, length]) => `${address}/${length}`),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(source4, fc.integer({ min: 0, max: 32 })).map(([address, length]) => `${address}/${length}`),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(source6, fc.integer({ min: 0, max: 128 })).map(([address, length]) => `${address}/${length}`),
  },
);
