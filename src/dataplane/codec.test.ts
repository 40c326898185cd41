import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dynEntryCodec, eventCodec, listEntryCodec, tunablesCodec } from './layout.ts';

describe('codecs', () => {
  it('give back what they wrote', () => {
    const u64 = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    const u32 = fc.integer({ min: 0, max: 0xffffffff });
    const entry = fc.record({ blockedAt: u64, expiresAt: u64, cause: u32, hits: u32, reason: fc.constant('flood') });
    fc.assert(
      fc.property(entry, (value) => {
        expect(dynEntryCodec.decode(dynEntryCodec.encode(value))).toEqual(value);
      }),
    );
  });

  it('cut a text that is too long between two characters', () => {
    const entry = { action: 1, prefixlen: 128, createdAt: 1, expiresAt: 0, reason: 'é'.repeat(40) };
    expect(listEntryCodec.decode(listEntryCodec.encode(entry)).reason).toBe('é'.repeat(31));
  });

  it('keep ports in network byte order and every bit of a set', () => {
    const event = eventCodec.decode(new Uint8Array(256).fill(0x35, 41, 42));
    expect(event.srcPort).toBe(53);
    const zero = tunablesCodec.decode(new Uint8Array(168));
    const allowedProtocols = BigUint64Array.of(1n << 63n, 3n, 0n, 0xffff_ffff_ffff_ffffn);
    expect(tunablesCodec.decode(tunablesCodec.encode({ ...zero, allowedProtocols })).allowedProtocols).toEqual(
      allowedProtocols,
    );
  });
});
