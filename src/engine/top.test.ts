import { describe, expect, it } from 'vitest';
import type { VerdictRecord } from '../dataplane/dataplane.ts';
import { parseAddress, prefix4 } from '../model/prefixes.ts';
import { DropTop, Frequent } from './top.ts';

const START = 1_700_000_000_000;

function drop(more: Partial<VerdictRecord> = {}): VerdictRecord {
  return {
    at: START,
    verdict: 'drop',
    reason: 'DROP_DENIED_HOST',
    monitored: false,
    ifindex: 2,
    ethertype: 0x0800,
    vlan: 0,
    family: 4,
    source: parseAddress('192.0.2.1'),
    destination: parseAddress('198.51.100.1'),
    protocol: 6,
    sourcePort: 4000,
    destinationPort: 22,
    tcpFlags: 2,
    icmpType: 0,
    length: 60,
    data: new Uint8Array(0),
    ...more,
  };
}

describe('top', () => {
  it('orders by packets', () => {
    const top = new DropTop(START);
    for (let i = 0; i < 3; i++) top.add(drop({ source: parseAddress('2001:db8::1'), family: 6 }));
    top.add(drop({ destinationPort: 53, protocol: 17, reason: 'DROP_DEFAULT' }));
    expect(top.read(START + 5000)).toEqual({
      window: 5,
      sources: [
        { key: '2001:db8::1', packets: 3 },
        { key: '192.0.2.1', packets: 1 },
      ],
      ports: [
        { key: '22/tcp', packets: 3 },
        { key: '53/udp', packets: 1 },
      ],
      reasons: [
        { key: 'denied_host', packets: 3 },
        { key: 'default', packets: 1 },
      ],
    });
  });

  it('leaves out what passed, and gives no port to what has none', () => {
    const top = new DropTop(START);
    top.add(drop({ verdict: 'pass', reason: 'PASS_DEFAULT' }));
    top.add(drop({ protocol: 1, destinationPort: 0 }));
    top.add(drop({ family: 0, reason: 'DROP_ETHERTYPE' }));
    const { sources, ports, reasons } = top.read(START);
    expect(ports).toEqual([]);
    expect(sources).toEqual([{ key: '192.0.2.1', packets: 1 }]);
    expect(reasons).toHaveLength(2);
  });

  it('forgets after a minute', () => {
    const top = new DropTop(START);
    for (let second = 0; second < 120; second++) top.add(drop({ at: START + second * 1000 }));
    const { window, sources } = top.read(START + 120_000);
    expect(window).toBe(60);
    expect(sources[0]!.packets).toBeGreaterThanOrEqual(50);
    expect(sources[0]!.packets).toBeLessThanOrEqual(60);
    expect(top.read(START + 300_000).sources).toEqual([]);
  });

  it('finds who comes often among a million who never come twice', () => {
    const top = new DropTop(START);
    const often = parseAddress('203.0.113.7');
    for (let i = 0; i < 1_000_000; i++) {
      top.add(drop({ source: prefix4(0x0a000000 + i) }));
      if (i % 100 === 0) top.add(drop({ source: often }));
    }
    const [first, second] = top.read(START).sources;
    expect(first!.key).toBe('203.0.113.7');
    expect(first!.packets).toBeGreaterThan(9000);
    expect(first!.packets).toBeLessThanOrEqual(10_000);
    expect(second!.packets).toBe(1);
  });

  it('counts a bounded number of keys', () => {
    const frequent = new Frequent<number>();
    for (let i = 0; i < 100_000; i++) frequent.add(i, i);
    expect(frequent.size).toBeLessThanOrEqual(4096);
  });
});
