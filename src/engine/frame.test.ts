import { describe, expect, it } from 'vitest';
import { parseAddress } from '../model/prefixes.ts';
import { frameOf, type PacketPlan } from './frame.ts';

const plan = (more: Partial<PacketPlan> & { readonly six?: boolean } = {}): PacketPlan => {
  const { six = false, ...rest } = more;
  return {
    source: parseAddress(six ? '2001:db8::1' : '192.0.2.1'),
    destination: parseAddress(six ? '2001:db8:ffff::fffe' : '198.51.100.254'),
    protocol: 6,
    sourcePort: 50_001,
    destinationPort: 443,
    flags: 2,
    icmpType: 8,
    icmpCode: 0,
    vlan: null,
    fragment: 'none',
    ...rest,
  };
};

const ETHERNET = 14;
const word = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;

/** RFC 1071: over data that carries its right checksum the sum is all ones. */
function sumOf(bytes: Iterable<number>): number {
  const all = [...bytes];
  let sum = 0;
  for (let i = 0; i < all.length; i += 2) sum += (all[i]! << 8) + (all[i + 1] ?? 0);
  while (sum >= 0x10000) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
  return sum;
}

/** Layer 4 and the addresses before it. */
function parts(frame: Uint8Array, six: boolean) {
  const ip = frame.subarray(ETHERNET);
  const addresses = six ? ip.subarray(8, 40) : ip.subarray(12, 20);
  return { ip, addresses, transport: ip.subarray(six ? 40 : 20), protocol: ip[six ? 6 : 9]! };
}

describe('a frame', () => {
  it('is an IPv4 packet with the right lengths and header checksum', () => {
    const frame = frameOf(plan());
    const { ip } = parts(frame, false);
    expect(word(frame, 12)).toBe(0x0800);
    expect(ip[0]).toBe(0x45);
    expect(word(ip, 2)).toBe(ip.length);
    expect(sumOf(ip.subarray(0, 20))).toBe(0xffff);
    expect([...ip.subarray(12, 20)]).toEqual([192, 0, 2, 1, 198, 51, 100, 254]);
    expect([word(ip, 20), word(ip, 22), ip[33]]).toEqual([50_001, 443, 2]);
  });

  it('is an IPv6 packet with the right length', () => {
    const frame = frameOf(plan({ six: true, protocol: 17 }));
    const { ip } = parts(frame, true);
    expect(word(frame, 12)).toBe(0x86dd);
    expect(ip[0]).toBe(0x60);
    expect(word(ip, 4)).toBe(ip.length - 40);
    expect(ip[6]).toBe(17);
    expect(word(ip, 40 + 4)).toBe(ip.length - 40);
  });

  it.each([
    ['TCP', 6, false],
    ['TCP over IPv6', 6, true],
    ['UDP', 17, false],
    ['UDP over IPv6', 17, true],
    ['ICMPv6', 58, true],
  ])('has the right checksum: %s', (_name, protocol, six) => {
    for (let port = 0; port < 500; port++) {
      const { addresses, transport } = parts(frameOf(plan({ protocol, six, sourcePort: port * 131 })), six);
      const pseudo = [...addresses, 0, protocol, transport.length >> 8, transport.length & 255];
      expect(sumOf([...pseudo, ...transport])).toBe(0xffff);
      if (protocol === 17) expect(word(transport, 6)).not.toBe(0);
    }
  });

  it('has the right checksum: ICMP, which does not cover the addresses', () => {
    expect(sumOf(parts(frameOf(plan({ protocol: 1 })), false).transport)).toBe(0xffff);
  });

  it('carries a VLAN tag', () => {
    const frame = frameOf(plan({ vlan: 42 }));
    expect([word(frame, 12), word(frame, 14), word(frame, 16)]).toEqual([0x8100, 42, 0x0800]);
  });

  it('is a fragment, the first with its header, a late one without', () => {
    const place = (fragment: PacketPlan['fragment']) => word(frameOf(plan({ fragment })), ETHERNET + 6);
    expect(place('none')).toBe(0);
    expect(place('first')).toBe(0x2000);
    expect(place('late') & 0x1fff).toBeGreaterThan(0);
    const late = frameOf(plan({ six: true, fragment: 'late' }));
    expect(late[ETHERNET + 6]).toBe(44);
    expect(word(late, ETHERNET + 42) >> 3).toBeGreaterThan(0);
    const first = frameOf(plan({ six: true, fragment: 'first' }));
    expect(word(first, ETHERNET + 42)).toBe(1);
    expect(word(first, ETHERNET + 48 + 2)).toBe(443);
  });

  it('has the hop limit without which neighbour discovery and MLD are forged', () => {
    const hops = (icmpType: number) => frameOf(plan({ six: true, protocol: 58, icmpType }))[ETHERNET + 7];
    expect([hops(135), hops(143), hops(128)]).toEqual([255, 1, 64]);
  });

  it('acknowledges only with ACK', () => {
    const number = (flags: number) => [...parts(frameOf(plan({ flags })), false).transport.subarray(8, 12)];
    expect(number(2)).toEqual([0, 0, 0, 0]);
    expect(number(16)).toEqual([0, 0, 0, 1]);
  });
});
