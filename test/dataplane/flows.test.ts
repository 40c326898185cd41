import { afterEach, describe, expect, it } from 'vitest';
import { formatPrefix } from '../../src/model/prefixes.ts';
import { failOnLeaks } from '../ebpf/leaks.ts';
import { configOf, Planes, writeFlow } from './planes.ts';

failOnLeaks();

let planes = new Planes();
afterEach(() => {
  planes.dispose();
  planes = new Planes();
});

const timeouts = { tcp_timeout: '1h', syn_timeout: '30s', fin_timeout: '20s', udp_timeout: '5m', icmp_timeout: '10s' };
const load = (max_entries = 1000) =>
  planes.load(planes.path(), { config: configOf({ conntrack: { ...timeouts, max_entries } }) });

describe('flows', () => {
  it('say when they end, by state and protocol', () => {
    const plane = load();
    writeFlow(plane, { destination: '192.0.2.1', state: 'SYN_SENT', age: 10 });
    writeFlow(plane, { destination: '192.0.2.2', state: 'ESTABLISHED', age: 600 });
    writeFlow(plane, { destination: '192.0.2.3', state: 'FIN_WAIT', age: 25 });
    writeFlow(plane, { destination: '192.0.2.4', state: 'CLOSED' });
    writeFlow(plane, { destination: '192.0.2.5', state: 'REPLIED', protocol: 17, age: 60 });
    writeFlow(plane, { destination: '192.0.2.6', state: 'UNREPLIED', protocol: 17 });
    writeFlow(plane, { destination: '192.0.2.7', state: 'REPLIED', protocol: 1, age: 4 });
    const flows = [...plane.flows()].map((flow) => ({ ...flow, to: formatPrefix(flow.destination) }));
    flows.sort((a, b) => a.to.localeCompare(b.to));
    // Reading takes a moment; half a minute is far more than it takes.
    const seconds = flows.map(({ to, state, expiresIn }) => [to, state, Math.ceil(expiresIn / 1000)] as const);
    const expected = [20, 3000, 0, 0, 240, 30, 6];
    for (const [i, [, , left]] of seconds.entries()) {
      expect(left).toBeLessThanOrEqual(expected[i]!);
      expect(left).toBeGreaterThanOrEqual(Math.max(0, expected[i]! - 30));
    }
    expect(seconds.map(([, state]) => state)).toEqual([
      'syn_sent',
      'established',
      'fin_wait',
      'closed',
      'replied',
      'unreplied',
      'replied',
    ]);
    expect(flows[4]).toMatchObject({ protocol: 17, sourcePort: 50_000, destinationPort: 443 });
    expect(formatPrefix(flows[4]!.source)).toBe('198.51.100.1');
    expect(Math.abs(flows[1]!.lastSeen - (Date.now() - 600_000))).toBeLessThan(30_000);
  });

  it('are removed, and counted once', () => {
    const plane = load();
    for (let port = 1; port <= 20; port++) {
      writeFlow(plane, { destination: '192.0.2.1', sourcePort: port, state: 'ESTABLISHED' });
    }
    const some = [...plane.flows()].filter(({ sourcePort }) => sourcePort <= 5);
    expect(plane.removeFlows([...some, { ...some[0]!, sourcePort: 999 }])).toBe(5);
    expect(plane.removeFlows(some)).toBe(0);
    expect([...plane.flows()].length).toBe(15);
    expect(plane.fill().find(({ name }) => name === 'ct_map')).toMatchObject({ entries: 15, capacity: 1000 });
  });

  it('are read in pieces, all of them', () => {
    const plane = load(60_000);
    for (let i = 0; i < 20_000; i++) {
      writeFlow(plane, { destination: `10.0.${i >> 8}.${i & 255}`, state: 'ESTABLISHED' });
    }
    expect(new Set(Array.from(plane.flows(), ({ destination }) => destination.words[3])).size).toBe(20_000);
  });
});
