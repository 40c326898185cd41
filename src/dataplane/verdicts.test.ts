import { describe, expect, it } from 'vitest';
import { parseAddress, prefixBytes } from '../model/prefixes.ts';
import { REASONS } from '../model/reasons.ts';
import { eventCodec } from './layout.ts';
import { VerdictDecoder } from './verdicts.ts';

const EVENT = {
  timeNs: 5_000_000_000,
  src: prefixBytes(parseAddress('203.0.113.9')),
  dst: prefixBytes(parseAddress('2001:db8::1')),
  srcPort: 40_000,
  dstPort: 443,
  length: 1514,
  captured: 3,
  ifindex: 7,
  ethertype: 0x0800,
  vlan: 12,
  verdict: 1,
  reason: REASONS.DROP_DENIED_HOST,
  proto: 6,
  family: 4,
  tcpFlags: 2,
  icmpType: 0,
  monitor: 1,
  data: Uint8Array.of(1, 2, 3),
};

const decoder = new VerdictDecoder(() => 1000);

describe('verdicts', () => {
  it('say what the kernel wrote', () => {
    expect(decoder.decode(eventCodec.encode(EVENT))).toEqual({
      at: 6000,
      verdict: 'drop',
      reason: 'DROP_DENIED_HOST',
      monitored: true,
      ifindex: 7,
      ethertype: 0x0800,
      vlan: 12,
      family: 4,
      source: parseAddress('203.0.113.9'),
      destination: parseAddress('2001:db8::1'),
      protocol: 6,
      sourcePort: 40_000,
      destinationPort: 443,
      tcpFlags: 2,
      icmpType: 0,
      length: 1514,
      data: Uint8Array.of(1, 2, 3),
    });
  });

  it('keep their data when the ring goes on', () => {
    const record = eventCodec.encode(EVENT);
    const verdict = decoder.decode(record)!;
    record.fill(0);
    expect(verdict.data).toEqual(Uint8Array.of(1, 2, 3));
    expect(verdict.source).toEqual(parseAddress('203.0.113.9'));
  });

  it.each([
    ['a reason of a later version', eventCodec.encode({ ...EVENT, reason: 60 })],
    ['a family that does not exist', eventCodec.encode({ ...EVENT, family: 5 })],
    ['a record that is cut off', eventCodec.encode(EVENT).subarray(0, 200)],
  ])('are not made of %s', (_name, record) => {
    expect(decoder.decode(record)).toBeUndefined();
  });

  it('never read past the data of a record', () => {
    const verdict = decoder.decode(eventCodec.encode({ ...EVENT, captured: 65_535 }))!;
    expect(verdict.data.length).toBe(192);
  });
});
