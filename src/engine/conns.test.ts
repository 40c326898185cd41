import { describe, expect, it } from 'vitest';
import type { FlowRecord } from '../dataplane/dataplane.ts';
import { MemoryDataPlane } from '../dataplane/memory.ts';
import { parseAddress, prefix4 } from '../model/prefixes.ts';
import { Conns } from './conns.ts';

const MANY = 100_000;
const HOST = parseAddress('198.51.100.1');

const flow = (i: number): FlowRecord => ({
  protocol: i % 2 === 0 ? 6 : 17,
  source: HOST,
  destination: prefix4(0x0a000000 + i),
  sourcePort: 1024 + (i % 60_000),
  destinationPort: 443,
  state: i % 2 === 0 ? 'established' : 'replied',
  createdAt: i,
  lastSeen: i,
  expiresIn: 1000,
});

function crowded() {
  const dataplane = new MemoryDataPlane();
  for (let i = 0; i < MANY; i++) dataplane.track(flow(i));
  return new Conns(dataplane, () => dataplane.fill());
}

/** How many other things got their turn while the work went on. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let going = true;
  const others = () => {
    turns++;
    if (going) setImmediate(others);
  };
  setImmediate(others);
  await work();
  going = false;
  return turns;
}

describe('a hundred thousand connections', () => {
  const conns = crowded();

  it('are listed, counted and searched while others get their turn', async () => {
    const listing = await turnsDuring(async () => {
      const { flows, total } = await conns.list({ protocol: 'tcp', limit: 10 });
      expect(total).toBe(MANY / 2);
      expect(flows.map(({ destination }) => destination)[0]).toBe('10.1.134.158');
    });
    expect(listing).toBeGreaterThan(MANY / 4096);
    const counting = await turnsDuring(async () => {
      const { total, states } = await conns.counts();
      expect([total, states.established, states.replied]).toEqual([MANY, MANY / 2, MANY / 2]);
    });
    expect(counting).toBeGreaterThan(MANY / 4096);
  });

  it('are flushed in pieces', async () => {
    const flushing = await turnsDuring(async () => expect(await conns.flush({ protocol: 'udp' })).toBe(MANY / 2));
    expect(flushing).toBeGreaterThan(MANY / 4096);
    expect((await conns.counts()).total).toBe(MANY / 2);
  });
});
