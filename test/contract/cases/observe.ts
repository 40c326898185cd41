import { describe, expect, it } from 'vitest';
import type { FlowRecord } from '../../../src/dataplane/policy-plane.ts';
import type { VerdictEvent } from '../../../src/model/events.ts';
import { parseAddress } from '../../../src/model/prefixes.ts';
import { isoTime, rejection, type UseSubject } from './support.ts';

const HOST = '198.51.100.1';

function flowTo(destination: string, more: Partial<FlowRecord> = {}): FlowRecord {
  return {
    protocol: 6,
    source: parseAddress(destination.includes(':') ? '2001:db8::1' : HOST),
    destination: parseAddress(destination),
    sourcePort: 50_000,
    destinationPort: 443,
    state: 'established',
    createdAt: Date.now() - 5000,
    lastSeen: Date.now(),
    expiresIn: 3_600_000,
    ...more,
  };
}

/** Reads verdicts while `act` makes them, until there are `count`. */
async function verdictsOf(
  use: UseSubject,
  count: number,
  filter: Parameters<ReturnType<UseSubject>['netxfw']['events']['verdicts']>[0],
  act: () => void,
): Promise<VerdictEvent[]> {
  const { netxfw } = use();
  const stop = new AbortController();
  const seen: VerdictEvent[] = [];
  const ready = setInterval(act, 20);
  try {
    for await (const event of netxfw.events.verdicts(filter, stop.signal)) {
      if ('lost' in event) continue;
      if (seen.push(event) === count) break;
    }
  } finally {
    clearInterval(ready);
    stop.abort();
  }
  return seen;
}

export function observeContract(use: UseSubject): void {
  describe('conns', () => {
    it('lists nothing while nothing is tracked', async () => {
      expect(await use().netxfw.conns.list()).toEqual({ flows: [], total: 0 });
      expect((await use().netxfw.conns.counts()).total).toBe(0);
    });

    it('shows a flow as it was sent, the newest first', async () => {
      const { netxfw, dataplane } = use();
      dataplane.track(flowTo('192.0.2.1', { createdAt: 1_700_000_000_000, lastSeen: 1_700_000_001_000 }));
      dataplane.track(flowTo('2001:db8::9', { protocol: 17, state: 'unreplied', expiresIn: 30_000 }));
      const { flows, total } = await netxfw.conns.list();
      expect(total).toBe(2);
      expect(flows.map(({ destination }) => destination)).toEqual(['2001:db8::9', '192.0.2.1']);
      expect(flows[1]).toEqual({
        protocol: 'tcp',
        source: HOST,
        sourcePort: 50_000,
        destination: '192.0.2.1',
        destinationPort: 443,
        state: 'established',
        createdAt: '2023-11-14T22:13:20.000Z',
        lastSeen: '2023-11-14T22:13:21.000Z',
        expiresIn: 3600,
      });
    });

    it('filters by everything that it shows', async () => {
      const { netxfw, dataplane } = use();
      dataplane.track(flowTo('192.0.2.1'));
      dataplane.track(
        flowTo('192.0.2.130', { sourcePort: 50_001, destinationPort: 53, protocol: 17, state: 'replied' }),
      );
      dataplane.track(flowTo('2001:db8::9', { sourcePort: 50_002, state: 'fin_wait' }));
      const found = async (query: Parameters<typeof netxfw.conns.list>[0]) =>
        (await netxfw.conns.list(query)).flows.map(({ sourcePort }) => sourcePort);
      expect(await found({ protocol: 'udp' })).toEqual([50_001]);
      expect(await found({ state: 'fin_wait' })).toEqual([50_002]);
      expect(await found({ destination: '192.0.2.128/25' })).toEqual([50_001]);
      expect(await found({ source: '2001:db8::/64' })).toEqual([50_002]);
      expect(await found({ port: 53 })).toEqual([50_001]);
      expect(await found({ port: 50_000 })).toEqual([50_000]);
      expect(await found({ protocol: 'icmp' })).toEqual([]);
    });

    it('pages without gap or overlap', async () => {
      const { netxfw, dataplane } = use();
      for (let i = 0; i < 7; i++) dataplane.track(flowTo('192.0.2.1', { sourcePort: 40_000 + i, createdAt: i * 1000 }));
      const page = async (offset: number) => {
        const { flows, total } = await netxfw.conns.list({ offset, limit: 3 });
        expect(total).toBe(7);
        return flows.map(({ sourcePort }) => sourcePort - 40_000);
      };
      expect([...(await page(0)), ...(await page(3)), ...(await page(6))]).toEqual([6, 5, 4, 3, 2, 1, 0]);
    });

    it('counts by state', async () => {
      const { netxfw, dataplane } = use();
      dataplane.track(flowTo('192.0.2.1'));
      dataplane.track(flowTo('192.0.2.2'));
      dataplane.track(flowTo('192.0.2.3', { state: 'syn_sent' }));
      const { total, states } = await netxfw.conns.counts();
      expect(total).toBe(3);
      expect(states).toEqual({ syn_sent: 1, established: 2, fin_wait: 0, closed: 0, unreplied: 0, replied: 0 });
    });

    it('forgets what matches and nothing else', async () => {
      const { netxfw, dataplane } = use();
      for (const end of ['192.0.2.1', '192.0.2.2', '198.51.100.9']) dataplane.track(flowTo(end));
      expect(await netxfw.conns.flush({ destination: '192.0.2.0/24' })).toBe(2);
      expect((await netxfw.conns.list()).flows.map(({ destination }) => destination)).toEqual(['198.51.100.9']);
      expect(await netxfw.conns.flush()).toBe(1);
      expect(await netxfw.conns.flush()).toBe(0);
    });

    it('refuses a filter that means nothing', async () => {
      const { conns } = use().netxfw;
      await rejection(conns.list({ source: 'nonsense' }), 'INVALID_ADDRESS');
      await rejection(conns.list({ limit: 0 }), 'INVALID_INPUT');
      await rejection(conns.list({ offset: -1 }), 'INVALID_INPUT');
      await rejection(conns.flush({ destination: '300.1.1.1' }), 'INVALID_ADDRESS');
    });
  });

  describe('explain', () => {
    const to = { destination: HOST };

    it('names the entry that decides, its reason and who made it', async () => {
      const { rules, explain } = use().netxfw;
      await rules.add({ list: 'deny', prefix: '192.0.2.0/24', reason: 'scanner', ttl: 3600 });
      const result = await explain.explain({ source: '192.0.2.7', ...to, destinationPort: 22 });
      expect(result).toMatchObject({ verdict: 'drop', reason: 'DROP_DENIED_NETWORK', monitored: false, records: null });
      expect(result.entry).toMatchObject({
        map: 'lock_list',
        key: '192.0.2.0/24',
        reason: 'scanner',
        expiresAt: isoTime,
      });
      expect(result.entry?.source).not.toBeNull();
      expect(result.packet).toBe('tcp 192.0.2.7:50000 -> 198.51.100.1:22 SYN');
      expect(result.description).not.toBe('');
    });

    it('tells the stages in order', async () => {
      const { rules, explain } = use().netxfw;
      await rules.add({ list: 'deny', prefix: '192.0.2.7' });
      const { stages } = await explain.explain({ source: '192.0.2.7', ...to });
      const decided = stages.findIndex(({ outcome }) => outcome === 'decided');
      expect(stages[decided]?.name).toBe('static blacklist');
      expect(stages.slice(0, decided).every(({ outcome }) => outcome === 'continue')).toBe(true);
      expect(stages.slice(decided + 1).every(({ outcome }) => outcome === 'not reached')).toBe(true);
      expect(stages.length).toBeGreaterThan(decided + 1);
    });

    it('names a dynamic block', async () => {
      const { dynamic, explain } = use().netxfw;
      await dynamic.add({ prefix: '2001:db8:7::/64', reason: 'flood', ttl: 60 });
      const { reason, entry } = await explain.explain({ source: '2001:db8:7::1', destination: '2001:db8::1' });
      expect(reason).toBe('DROP_DYNAMIC');
      expect(entry).toMatchObject({
        map: 'dyn_lock_list',
        key: '2001:db8:7::/64',
        reason: 'flood',
        expiresAt: isoTime,
      });
    });

    it('says when no entry decides', async () => {
      const { verdict, reason, entry } = await use().netxfw.explain.explain({ source: '192.0.2.7', ...to });
      expect([verdict, reason, entry]).toEqual(['pass', 'PASS_DEFAULT', null]);
    });

    it('counts nothing', async () => {
      const { explain, stats } = use().netxfw;
      await explain.explain({ source: '192.0.2.7', ...to });
      expect((await stats.get()).reasons).toEqual([]);
    });

    it('says what a packet that this host sends would record', async () => {
      const out = { source: HOST, destination: '192.0.2.7', direction: 'out' } as const;
      const result = await use().netxfw.explain.explain({ ...out, protocol: 'udp', destinationPort: 53 });
      expect(result.records).toMatch(/new flow/);
      expect(result.packet).toBe('udp 198.51.100.1:50000 -> 192.0.2.7:53');
      expect((await use().netxfw.explain.explain({ ...out, protocol: 'gre' })).records).toBeNull();
      await rejection(use().netxfw.explain.explain({ source: HOST, direction: 'out' }), 'INVALID_INPUT');
    });

    it.each([
      ['an address that is none', { source: 'nonsense' }, 'INVALID_ADDRESS'],
      ['a network', { source: '192.0.2.0/24' }, 'INVALID_ADDRESS'],
      ['two families', { source: '192.0.2.1', destination: '2001:db8::1' }, 'INVALID_INPUT'],
      ['a protocol that is none', { source: '192.0.2.1', ...to, protocol: 'ipx' }, 'INVALID_INPUT'],
      ['a port out of range', { source: '192.0.2.1', ...to, destinationPort: 70_000 }, 'INVALID_INPUT'],
      [
        'a port of what has none',
        { source: '192.0.2.1', ...to, protocol: 'icmp', destinationPort: 1 },
        'INVALID_INPUT',
      ],
      ['flags that are none', { source: '192.0.2.1', ...to, flags: 'SX' }, 'INVALID_INPUT'],
      ['a VLAN out of range', { source: '192.0.2.1', ...to, vlan: 4095 }, 'INVALID_INPUT'],
      ['an interface without the filter', { source: '192.0.2.1', ...to, interface: 'nope0' }, 'INTERFACE_UNKNOWN'],
    ] as const)('refuses %s', async (_name, request, code) => {
      await rejection(use().netxfw.explain.explain(request), code);
    });
  });

  describe('events', () => {
    it('brings what is judged', async () => {
      await use().netxfw.rules.add({ list: 'deny', prefix: '192.0.2.7' });
      const about = { destination: parseAddress(HOST), destinationPort: 22, sourcePort: 4000, tcpFlags: 2, vlan: 7 };
      const [event] = await verdictsOf(use, 1, {}, () => use().dataplane.receive('192.0.2.7', 60, about));
      expect(event).toEqual({
        at: isoTime,
        verdict: 'drop',
        reason: 'DROP_DENIED_HOST',
        monitored: false,
        interface: expect.any(String),
        ethertype: 0x0800,
        vlan: 7,
        source: '192.0.2.7',
        destination: HOST,
        protocol: 6,
        sourcePort: 4000,
        destinationPort: 22,
        tcpFlags: 2,
        icmpType: null,
        length: 60,
      });
    });

    it('filters', async () => {
      await use().netxfw.rules.add({ list: 'deny', prefix: '192.0.2.0/24' });
      const act = () => {
        for (const source of ['192.0.2.7', '192.0.2.200', '203.0.113.1']) {
          use().dataplane.receive(source, 60, { destinationPort: source === '192.0.2.7' ? 22 : 80 });
        }
      };
      const sources = async (filter: Parameters<typeof verdictsOf>[2]) =>
        new Set((await verdictsOf(use, 3, filter, act)).map(({ source }) => source));
      expect(await sources({ verdict: 'pass' })).toEqual(new Set(['203.0.113.1']));
      expect(await sources({ reason: 'DROP_DENIED_NETWORK', port: 22 })).toEqual(new Set(['192.0.2.7']));
      expect(await sources({ source: '192.0.2.128/25' })).toEqual(new Set(['192.0.2.200']));
    });

    it('brings bytes only to whom they were promised', async () => {
      const act = () => use().dataplane.receive('192.0.2.7', 60, { data: Uint8Array.of(1, 2, 3) });
      const [[bare], [captured]] = await Promise.all([
        verdictsOf(use, 1, {}, act),
        verdictsOf(use, 1, { capture: true }, act),
      ]);
      expect(captured?.data).toBe('AQID');
      expect(bare).not.toHaveProperty('data');
    });

    it('ends when the reader says so', async () => {
      const stop = new AbortController();
      const reading = (async () => {
        for await (const _ of use().netxfw.events.verdicts({}, stop.signal)) stop.abort();
      })();
      const act = setInterval(() => use().dataplane.receive('192.0.2.7'), 20);
      await reading;
      clearInterval(act);
      expect(stop.signal.aborted).toBe(true);
    });

    it('refuses a filter that means nothing', async () => {
      const reading = use().netxfw.events.verdicts({ source: 'nonsense' })[Symbol.asyncIterator]();
      await rejection(reading.next(), 'INVALID_ADDRESS');
    });

    it('tells who and what is dropped most', async () => {
      const { netxfw, dataplane } = use();
      await netxfw.rules.add({ list: 'deny', prefix: '192.0.2.0/24' });
      expect(await netxfw.events.top()).toEqual({ window: 0, sources: [], ports: [], reasons: [] });
      for (let i = 0; i < 5; i++) dataplane.receive('192.0.2.7', 60, { destinationPort: 22 });
      dataplane.receive('192.0.2.8', 60, { destinationPort: 53, protocol: 17 });
      dataplane.receive('203.0.113.1');
      const { sources, ports, reasons } = await netxfw.events.top();
      expect(sources).toEqual([
        { key: '192.0.2.7', packets: 5 },
        { key: '192.0.2.8', packets: 1 },
      ]);
      expect(ports).toEqual([
        { key: '22/tcp', packets: 5 },
        { key: '53/udp', packets: 1 },
      ]);
      expect(reasons).toEqual([{ key: 'denied_network', packets: 6 }]);
    });
  });
}
