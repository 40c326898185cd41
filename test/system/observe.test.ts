import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VerdictEvent } from '../../src/model/events.ts';
import { createRemote } from '../../src/sdk/remote.ts';
import type { Netxfw } from '../../src/sdk/types.ts';
import { Instance } from '../support/instance.ts';
import { BAD4, FW_DEVICE, FW4, FW6, GOOD4, GOOD6, Lab, PEER_DEVICE } from '../support/lab.ts';
import { eth, ipv4, ipv6, packet, payload, tcp, udp } from '../support/packet.ts';
import { until } from '../support/process.ts';
import { finishSending, startSending } from '../support/sniffer.ts';

const lab = Lab.create();
const instance = new Instance(lab, 'a', {
  config: {
    base: { default_deny: true },
    port: {
      allowed_ports: ['8080/tcp'],
      ip_port_rules: [{ ip: GOOD4, port: 9000, protocol: 'udp', action: 'allow', reason: 'syslog of a friend' }],
    },
    events: { sample_passes: 1 },
  },
});
let netxfw: Netxfw;

beforeAll(async () => {
  await instance.start();
  netxfw = createRemote({ socket: instance.socket });
  await netxfw.rules.add({ list: 'deny', prefix: BAD4, reason: 'seen before', ttl: 3600 });
});
afterAll(async () => {
  await netxfw.close();
  await instance.stop();
  lab.dispose();
});

const send = async (frames: readonly Uint8Array[]): Promise<void> => {
  await finishSending(await startSending(lab.peer, PEER_DEVICE, frames, { rate: 1000 }));
};

/** The verdict that the kernel reports on a frame which arrives. */
async function verdictOn(frame: Uint8Array, source: string): Promise<VerdictEvent> {
  const stop = new AbortController();
  const resend = setInterval(() => void send([frame]), 300);
  try {
    for await (const event of netxfw.events.verdicts({ source, capture: true }, stop.signal)) {
      // Another frame of the source may still be on its way.
      if (!('lost' in event) && Buffer.from(event.data ?? '', 'base64').equals(frame)) return event;
    }
    throw new Error('the stream ended');
  } finally {
    clearInterval(resend);
    stop.abort();
  }
}

describe('what is said of a packet and what happens to it', () => {
  const ends = { sport: 50_000, dport: 443 };
  it.each([
    {
      what: 'a denied host',
      frame: packet(eth(), ipv4({ src: BAD4, dst: FW4 }), tcp(ends)),
      request: { source: BAD4, destination: FW4 },
      expected: { verdict: 'drop', reason: 'DROP_DENIED_HOST' },
      entry: { map: 'lock_list', key: BAD4, reason: 'seen before', expiresAt: expect.any(String) },
    },
    {
      what: 'an open port',
      frame: packet(eth(), ipv4({ src: GOOD4, dst: FW4 }), tcp({ ...ends, dport: 8080 })),
      request: { source: GOOD4, destinationPort: 8080 },
      expected: { verdict: 'pass', reason: 'PASS_PORT' },
      entry: { map: 'allowed_ports', key: '8080/tcp' },
    },
    {
      what: 'an ip+port rule',
      frame: packet(eth(), ipv4({ src: GOOD4, dst: FW4 }), udp({ ...ends, dport: 9000 }), payload(8)),
      request: { source: GOOD4, protocol: 'udp', destinationPort: 9000 },
      expected: { verdict: 'pass', reason: 'PASS_RULE' },
      entry: { map: 'ip_port_rules', key: `${GOOD4} port 9000/udp: allow`, reason: 'syslog of a friend' },
    },
    {
      what: 'the default policy, IPv6',
      frame: packet(eth(), ipv6({ src: GOOD6, dst: FW6 }), tcp(ends)),
      request: { source: GOOD6 },
      expected: { verdict: 'drop', reason: 'DROP_DEFAULT' },
      entry: null,
    },
    {
      what: 'flags that no stack sends',
      frame: packet(eth(), ipv6({ src: GOOD6, dst: FW6 }), tcp({ ...ends, flags: 'FS' })),
      request: { source: GOOD6, flags: 'FS' },
      expected: { verdict: 'drop', reason: 'DROP_TCP_FLAGS' },
      entry: null,
    },
  ] as const)('agree: $what', async ({ frame, request, expected, entry }) => {
    const said = await netxfw.explain.explain(request);
    expect(said).toMatchObject(expected);
    if (entry === null) expect(said.entry).toBeNull();
    else expect(said.entry).toMatchObject(entry);
    const event = await verdictOn(frame, request.source);
    expect(event).toMatchObject({ ...expected, interface: FW_DEVICE, source: request.source, length: frame.length });
    expect(said.packet).toContain(`${event.destinationPort}`);
  });
});

it('tells who was dropped most', async () => {
  const frame = packet(eth(), ipv4({ src: BAD4, dst: FW4 }), tcp({ dport: 2323 }));
  await send(Array.from({ length: 50 }, () => frame));
  const top = await until('the drops to be counted', async () => {
    const seen = await netxfw.events.top();
    return seen.ports.some(({ key, packets }) => key === '2323/tcp' && packets >= 50) && seen;
  });
  expect(top.sources.find(({ key }) => key === BAD4)!.packets).toBeGreaterThanOrEqual(50);
  expect(top.reasons.map(({ key }) => key)).toContain('denied_host');
});

it('shows a real connection while it lives, counts it, and forgets it on demand', async () => {
  const server = lab.peer.start(['nc', '-l', '-k', GOOD4, '7000']);
  await until('the listener', () => lab.peer.runSync(['ss', '-Hltn', 'sport = :7000']).stdout !== '');
  const client = lab.fw.start(['nc', GOOD4, '7000']);
  const filter = { destination: GOOD4, port: 7000, protocol: 'tcp' } as const;
  const flow = await until('the connection to be established', async () => {
    const { flows } = await netxfw.conns.list(filter);
    return flows[0]?.state === 'established' && flows[0];
  });
  expect(flow).toMatchObject({ source: FW4, destination: GOOD4, destinationPort: 7000, protocol: 'tcp' });
  expect(flow.expiresIn).toBeGreaterThan(3000);
  const counts = await netxfw.conns.counts();
  expect(counts.states.established).toBeGreaterThanOrEqual(1);
  expect(counts.capacity).toBe(100_000);
  const reply = { source: GOOD4, sourcePort: 7000, destinationPort: flow.sourcePort, flags: 'A' };
  const said = await netxfw.explain.explain(reply);
  expect(said).toMatchObject({ verdict: 'pass', reason: 'PASS_CONNTRACK' });
  expect(said.entry).toMatchObject({ map: 'ct_map', key: `tcp ${FW4}:${flow.sourcePort} -> ${GOOD4}:7000` });
  expect(await netxfw.conns.flush(filter)).toBe(1);
  expect((await netxfw.conns.list(filter)).total).toBe(0);
  expect((await netxfw.explain.explain(reply)).verdict).toBe('drop');
  await client.stop();
  await server.stop();
});

it('measures what the kernel did', async () => {
  const { latency, process, traffic } = await netxfw.perf.get();
  expect(latency.find(({ operation }) => operation === 'explain')!.count).toBeGreaterThan(0);
  expect(latency.every(({ min, mean, max }) => min <= mean && mean <= max)).toBe(true);
  expect(process.residentMemory).toBeGreaterThan(10_000_000);
  expect(traffic.interval).toBeGreaterThan(0);
});

it('goes on when the tables are exchanged for others of another size', async () => {
  const frame = packet(eth(), ipv4({ src: BAD4, dst: FW4 }), tcp({ dport: 2424 }));
  const stop = new AbortController();
  const seen: VerdictEvent[] = [];
  const reading = (async () => {
    for await (const event of netxfw.events.verdicts({ port: 2424 }, stop.signal)) {
      if (!('lost' in event)) seen.push(event);
    }
  })();
  const arrives = async () => {
    const before = seen.length;
    await until('a verdict to be told', async () => {
      await send([frame]);
      return seen.length > before;
    });
  };
  await arrives();
  const { kind } = await netxfw.config.set({ 'conntrack.max_entries': 50_000, 'capacity.lock_list': 10_000 });
  expect(kind).toBe('full');
  await arrives();
  expect((await netxfw.conns.counts()).capacity).toBe(50_000);
  const said = await netxfw.explain.explain({ source: BAD4, destination: FW4 });
  expect(said.entry).toMatchObject({ map: 'lock_list', key: BAD4, reason: 'seen before' });
  const { checks } = await until('health to be looked at anew', async () => {
    const report = await netxfw.health.check();
    return report.healthy && report;
  });
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  stop.abort();
  await reading;
});
