import { afterAll, beforeAll, expect, it } from 'vitest';
import { Instance } from '../support/instance.ts';
import { BAD4, Lab } from '../support/lab.ts';
import { arrivals, framesFrom } from '../support/traffic.ts';

// One host with two cables, each behind a firewall of its own.
const lab = Lab.create();
lab.fw.ip('link', 'add', 'nxf1', 'type', 'veth', 'peer', 'name', 'nxp1', 'netns', lab.peer.name);
const ports = (first: number) => ({ api: { port: first }, web: { port: first + 1 }, metrics: { port: first + 2 } });
const one = new Instance(lab, 'one', { config: ports(21000) });
const two = new Instance(lab, 'two', { config: ports(22000), interfaces: ['nxf1'] });
beforeAll(() => Promise.all([one.start(), two.start()]));
afterAll(async () => {
  await Promise.all([one.stop(), two.stop()]);
  lab.dispose();
});

const frames = framesFrom(BAD4);
const names = frames.map((frame) => frame.name);

it('keeps rules, counters and filters of two instances apart', async () => {
  await two.ok(['deny', BAD4]);
  expect(await arrivals(lab, frames)).toEqual(names);
  expect([await one.prefixes(), await two.prefixes()]).toEqual([[], [BAD4]]);

  await one.ok(['deny', BAD4]);
  expect(await arrivals(lab, frames)).toEqual([]);
  expect((await one.stats()).dropped.packets).toBe(frames.length);
  expect((await two.stats()).dropped.packets).toBe(0);

  await two.ok(['del', BAD4]);
  expect(await arrivals(lab, frames)).toEqual([]);
});

it('unloads one and leaves the other in force', async () => {
  await two.stop();
  await two.ok(['system', 'unload']);
  expect(await arrivals(lab, frames)).toEqual([]);
  await two.start();
});
