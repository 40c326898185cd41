import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PortRange } from '../model/ports.ts';
import { portBitsCodec } from './layout.ts';
import { PortSets } from './ports.ts';

const ranges = fc.array(
  fc.record({
    from: fc.integer({ min: 1, max: 65535 }),
    length: fc.integer({ min: 0, max: 70 }),
    protocol: fc.constantFrom('tcp', 'udp', 'any'),
  }),
  { maxLength: 8 },
);

const toRange = ({ from, length, protocol }: { from: number; length: number; protocol: string }): PortRange => ({
  from,
  to: Math.min(65535, from + length),
  protocol: protocol as PortRange['protocol'],
});

/** Ports of a set, read as C reads the struct. */
function portsOf(memory: ArrayBuffer, set: number): number[] {
  const { words } = portBitsCodec.decode(new Uint8Array(memory, set * portBitsCodec.size, portBitsCodec.size));
  const ports: number[] = [];
  for (const [i, word] of words.entries()) {
    if (word === 0n) continue;
    for (let bit = 0; bit < 64; bit++) if ((word >> BigInt(bit)) & 1n) ports.push(i * 64 + bit);
  }
  return ports;
}

describe('port sets', () => {
  it('hold exactly the ports that were set last', () => {
    const failsafe = fc.array(fc.integer({ min: 1, max: 65535 }), { maxLength: 4 });
    const steps = fc.array(fc.record({ open: ranges, failsafe }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(steps, (all) => {
        const memory = new ArrayBuffer(3 * portBitsCodec.size);
        const sets = new PortSets(memory);
        for (const step of all) sets.set({ open: step.open.map(toRange), failsafe: step.failsafe });
        const last = all.at(-1)!;
        const expected = (protocol: 'tcp' | 'udp') => {
          const ports = new Set<number>();
          for (const range of last.open.map(toRange)) {
            if (range.protocol !== 'any' && range.protocol !== protocol) continue;
            for (let port = range.from; port <= range.to; port++) ports.add(port);
          }
          return [...ports].sort((a, b) => a - b);
        };
        expect(portsOf(memory, 0)).toEqual(expected('tcp'));
        expect(portsOf(memory, 1)).toEqual(expected('udp'));
        expect(portsOf(memory, 2)).toEqual([...new Set(last.failsafe)].sort((a, b) => a - b));
        for (const port of expected('udp')) expect(sets.has('UDP', port)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
