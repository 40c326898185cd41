import { afterEach, describe, expect, it } from 'vitest';
import type { VerdictRecord } from '../../src/dataplane/policy-plane.ts';
import { formatPrefix } from '../../src/model/prefixes.ts';
import { failOnLeaks } from '../ebpf/leaks.ts';
import { eth, ipv4, packet, tcp, vlan } from '../support/packet.ts';
import { configOf, from, groupOf, NOTHING, Planes } from './planes.ts';

failOnLeaks();

let planes = new Planes();
afterEach(() => {
  planes.dispose();
  planes = new Planes();
});

const DENIED = packet(eth(), vlan(12), ipv4({ src: '192.0.2.66' }), tcp({ sport: 4000, dport: 443, flags: 'SA' }));

function load(document: Parameters<typeof configOf>[0] = {}) {
  const plane = planes.load(planes.path(), { config: configOf(document) });
  plane.applyLists([{ list: 'deny', put: [groupOf(['192.0.2.66'])], remove: NOTHING }]);
  return plane;
}

/** What arrives until `count` verdicts are there; the test's own limit ends waiting for ones that never come. */
async function collect(plane: ReturnType<typeof load>, count: number, act: () => void): Promise<VerdictRecord[]> {
  const verdicts: VerdictRecord[] = [];
  let arrived = () => {};
  const enough = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  using _ = plane.openEvents((verdict) => {
    verdicts.push(verdict);
    if (verdicts.length >= count) arrived();
  });
  act();
  const alive = setInterval(() => {}, 1000);
  await enough;
  clearInterval(alive);
  return verdicts;
}

describe('verdicts', () => {
  it('arrive as they were judged', async () => {
    const plane = load();
    const before = Date.now();
    const [verdict] = await collect(plane, 1, () => plane.run(DENIED));
    expect(verdict).toMatchObject({
      verdict: 'drop',
      reason: 'DROP_DENIED_HOST',
      monitored: false,
      ethertype: 0x0800,
      vlan: 12,
      family: 4,
      protocol: 6,
      sourcePort: 4000,
      destinationPort: 443,
      tcpFlags: 0x12,
      length: DENIED.length,
    });
    expect([verdict!.source, verdict!.destination].map(formatPrefix)).toEqual(['192.0.2.66', '198.51.100.1']);
    expect(verdict!.data).toEqual(new Uint8Array(0));
    expect(verdict!.at).toBeGreaterThan(before - 1000);
    expect(verdict!.at).toBeLessThan(Date.now() + 1000);
  });

  it('bring the frame when capture is on', async () => {
    const plane = load();
    plane.setEventCapture(true);
    const [captured] = await collect(plane, 1, () => plane.run(DENIED));
    expect(captured!.data).toEqual(DENIED.subarray(0, captured!.data.length));
    expect(captured!.data.length).toBe(Math.min(192, DENIED.length));
    plane.setEventCapture(false);
    const [plain] = await collect(plane, 1, () => plane.run(DENIED));
    expect(plain!.data.length).toBe(0);
  });

  it('tell what monitor mode would have dropped', async () => {
    const plane = load({ mode: 'monitor' });
    const [verdict] = await collect(plane, 1, () => plane.run(DENIED));
    expect(verdict).toMatchObject({ verdict: 'drop', monitored: true });
  });

  it('sample what passes', async () => {
    const plane = load({ events: { sample_passes: 3 } });
    const verdicts = await collect(plane, 2, () => {
      for (let i = 0; i < 6; i++) plane.run(from('192.0.2.1'));
    });
    expect(verdicts.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['pass', 'PASS_DEFAULT'],
      ['pass', 'PASS_DEFAULT'],
    ]);
  });

  it('have a budget of their own for each reason', async () => {
    const plane = load({ events: { drops_per_second: 2 } });
    const verdicts = await collect(plane, 3, () => {
      for (let i = 0; i < 30; i++) plane.run(DENIED);
      plane.run(packet(eth(), ipv4({ src: '192.0.2.1' }), tcp({ flags: '' })));
    });
    const counts = (reason: string) => verdicts.filter((verdict) => verdict.reason === reason).length;
    expect(counts('DROP_TCP_FLAGS')).toBe(1);
    expect(counts('DROP_DENIED_HOST')).toBeLessThan(20);
  });

  it('come many at a time, so that a flood does not wake the process for each', async () => {
    const plane = load();
    const turns = new Set<number>();
    let turn = 0;
    const counting = setInterval(() => turn++, 0);
    let seen = 0;
    using _ = plane.openEvents(() => {
      seen++;
      turns.add(turn);
    });
    for (let i = 0; i < 200; i++) {
      plane.run(DENIED);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    while (seen < 200) await new Promise((resolve) => setTimeout(resolve, 10));
    clearInterval(counting);
    expect(turns.size).toBeLessThan(60);
  });

  it('stop when the reader is disposed of', async () => {
    const plane = load();
    const late: VerdictRecord[] = [];
    plane.openEvents((verdict) => late.push(verdict))[Symbol.dispose]();
    plane.run(DENIED);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(late).toEqual([]);
  });
});
