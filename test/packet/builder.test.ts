import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  ah,
  arp,
  describeLayers,
  destination,
  esp,
  eth,
  fragment,
  gre,
  hopByHop,
  icmp,
  icmp6,
  ipv4,
  ipv6,
  type Layer,
  layers,
  llc,
  noNext,
  packet,
  payload,
  quote,
  routing,
  sctp,
  serviceTag,
  tcp,
  toHex,
  trailer,
  udp,
  vlan,
} from '../support/packet.ts';
import { dhcp4, dhcp6, listener, neighbour } from '../support/packet-services.ts';

/** What tcpdump, another reader of the same standards, says about each frame. */
function tcpdump(frames: readonly Uint8Array[]): string[] {
  const file = [Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex')];
  for (const frame of frames) {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    file.push(record, Buffer.from(frame));
  }
  const text = execFileSync('tcpdump', ['-r', '-', '-nn', '-t', '-e', '-vv'], {
    input: Buffer.concat(file),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return text.trimEnd().split(/\n(?=\S)/);
}

const CORRECT: readonly (readonly [layers: readonly Layer[], read: RegExp])[] = [
  [
    [eth(), ipv4(), tcp({ flags: 'SA', options: 8 }), payload(5)],
    /192\.0\.2\.1\.40000 > 198\.51\.100\.1\.80: Flags \[S\.\]/,
  ],
  [[eth(), ipv4({ options: 12 }), udp(), payload(5)], /options \(NOP.*192\.0\.2\.1\.40000 > 198\.51\.100\.1\.53:/s],
  [
    [eth(), ipv4({ dontFragment: true, id: 7 }), icmp({ id: 5, seq: 2 }), payload(7)],
    /\[DF\].*ICMP echo request, id 5, seq 2/s,
  ],
  [[eth(), ipv4({ more: true }), udp({ length: 900 }), payload(64)], /offset 0, flags \[\+\]/],
  [[eth(), ipv4({ offset: 9, protocol: 17 }), payload(8)], /offset 72, flags \[none\], proto UDP/],
  [
    [eth(), ipv4(), icmp({ type: 3, code: 1 }), quote([ipv4(), udp(), payload(4)])],
    /host 198\.51\.100\.1 unreachable.*40000 > .*53:/s,
  ],
  [[eth(), ipv4(), gre()], /GREv0/],
  [[eth(), ipv4(), sctp()], /sctp/i],
  [[eth(), ipv6(), tcp({ flags: 'PA' }), payload(3)], /2001:db8::1\.40000 > 2001:db8:1::1\.80: Flags \[P\.\]/],
  [[eth(), ipv6(), udp(), payload(3)], /2001:db8::1\.40000 > 2001:db8:1::1\.53:/],
  [[eth(), ipv6(), icmp6({ id: 8 }), payload(3)], /ICMP6, echo request, id 8/],
  [[eth(), ipv6(), hopByHop(), destination({ bytes: 24 }), routing(), tcp()], /HBH.*DSTOPT.*RT.*40000 > .*80/s],
  [[eth(), ipv6(), ah(), udp()], /AH.*40000 > .*53/s],
  [
    [eth(), ipv6(), fragment({ id: 0x1234, more: true }), udp({ length: 900 }), payload(8)],
    /frag \(0x00001234:0\|16\)/,
  ],
  [[eth(), ipv6(), esp()], /ESP\(spi=0x00001001,seq=0x1\)/],
  [[eth(), ipv6(), noNext()], /no next header/],
  [[eth(), ipv6(), icmp6({ type: 2 }), quote([ipv6(), tcp()])], /packet too big/],
  [layers(neighbour()), /neighbor solicitation.*who has fe80::1/s],
  [layers(neighbour({ type: 136 })), /neighbor advertisement/],
  [layers(listener()), /HBH.*multicast listener report v2/s],
  [layers(dhcp4()), /67 > 255\.255\.255\.255\.68: .*BOOTP/s],
  [layers(dhcp6()), /547 > fe80::2\.546: .*dhcp6/s],
  [[eth(), arp()], /Request who-has 198\.51\.100\.1 tell 192\.0\.2\.1/],
  [[eth(), vlan(10, { priority: 3 }), ipv4(), tcp()], /vlan 10, p 3.*40000 > /s],
  [[eth(), serviceTag(5), vlan(10), ipv6(), udp()], /802\.1Q-QinQ.*vlan 5,.*vlan 10,.*40000 > /s],
  [[eth(), llc(), payload(35)], /802\.3.*LLC|STP/s],
];

describe('the packet builder', () => {
  it('writes what tcpdump reads, with correct checksums', () => {
    const read = tcpdump(CORRECT.map(([stack]) => packet(...stack)));
    expect(read).toHaveLength(CORRECT.length);
    for (const [i, [stack, expected]] of CORRECT.entries()) {
      expect(read[i], describeLayers(stack)).toMatch(expected);
      // A first fragment carries the checksum of the whole datagram, which the builder does not know.
      const whole = !stack.some((layer) => 'more' in layer && layer.more);
      if (whole) expect(read[i], describeLayers(stack)).not.toMatch(/bad|wrong|incorrect/i);
    }
  });

  it('writes fields that lie as they stand', () => {
    const lie = packet(
      ipv4({ ihl: 3, totalLength: 9, version: 5, checksum: 0xabcd, protocol: 200 }),
      udp({ length: 1 }),
    );
    expect(toHex(lie)).toBe(
      `53000009000000004 0c8abcd c0000201c6336401 9c400035 0001`.replaceAll(' ', '') + toHex(lie.slice(26)),
    );
  });

  it('puts a trailer behind everything that counts', () => {
    const frame = packet(eth(), ipv4(), udp(), trailer(4));
    expect(frame.length).toBe(14 + 28 + 4);
    expect(frame[14 + 3]).toBe(28);
  });

  it('refuses an address that is none', () => {
    expect(() => packet(ipv4({ src: '192.0.2.300' }))).toThrow('"192.0.2.300" is not an address');
  });

  it('describes a packet in one line', () => {
    const stack = [
      eth(),
      vlan(10),
      ipv4({ more: true }),
      tcp({ flags: '' }),
      quote([ipv6(), noNext()], 8),
      payload(20),
    ];
    expect(describeLayers(stack)).toBe(
      'eth / vlan 10 / ipv4 192.0.2.1 > 198.51.100.1 more / tcp 40000 > 80 none / ' +
        'quote(ipv6 2001:db8::1 > 2001:db8:1::1 / noNext) cut to 8 / payload 20',
    );
  });
});
