import fc from 'fast-check';
import { INTERFACES, type Interface } from '../../support/packet-case.ts';
import { type RandomPacket, randomPacket, sentPacket } from './packets.ts';
import { type RandomSetup, randomSetup } from './setups.ts';
import { VARIANTS } from './variants.ts';

export type RandomEvent =
  | { readonly receive: RandomPacket; readonly on: Interface }
  | { readonly send: RandomPacket }
  | { readonly wait: number };

/**
 * Seconds that go by: more than the short timeouts, or more than all of them. However often they add up, they stay seconds away
 * from every timeout, expiry and refill of a bucket, so that the time which a run takes changes nothing.
 */
const WAITS = [41, 41, 41, 4680] as const;

export interface Scenario {
  /** Index into VARIANTS. */
  readonly variant: number;
  readonly setup: RandomSetup;
  readonly events: readonly RandomEvent[];
}

const event: fc.Arbitrary<RandomEvent> = fc.oneof(
  {
    weight: 90,
    arbitrary: fc.record({
      receive: randomPacket,
      on: fc.constantFrom<Interface>(INTERFACES[0], INTERFACES[0], INTERFACES[1]),
    }),
  },
  { weight: 10, arbitrary: fc.record({ send: sentPacket }) },
  { weight: 1, arbitrary: fc.record({ wait: fc.constantFrom(...WAITS) }) },
);

/** @param size packets of each scenario */
export function scenario(size: number): fc.Arbitrary<Scenario> {
  return fc.record({
    variant: fc.integer({ min: 0, max: VARIANTS.length - 1 }),
    setup: randomSetup,
    events: fc.array(event, { minLength: 1, maxLength: size, size: 'max' }),
  });
}
