import { existsSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acrossTraffic } from '../support/across.ts';
import { Instance } from '../support/instance.ts';
import { BAD4, GOOD4, Lab } from '../support/lab.ts';
import { arrivals, framesFrom } from '../support/traffic.ts';

let lab: Lab;
let netxfw: Instance;
beforeEach(async () => {
  lab = Lab.create();
  netxfw = new Instance(lab);
  await netxfw.start();
  await netxfw.ok(['deny', BAD4, '--reason', 'kept']);
});
afterEach(async () => {
  await netxfw.reboot();
  lab.dispose();
});

const fromBad = framesFrom(BAD4);
const fromGood = framesFrom(GOOD4);
const everything = [...fromBad, ...fromGood];
const goodNames = fromGood.map((frame) => frame.name);

it('goes on filtering without a gap when the daemon is killed and a new one takes over', async () => {
  const before = (await netxfw.stats()).dropped.packets;
  const { denied, lost, sent } = await acrossTraffic(lab, async () => {
    await netxfw.kill();
    await netxfw.start();
  });
  expect({ denied, lost }).toEqual({ denied: 0, lost: 0 });
  const after = (await netxfw.stats()).dropped.packets;
  expect(after - before, 'drops counted across both daemons').toBe(Math.ceil(sent / 2));
  expect((await netxfw.status()).rules.deny).toBe(1);
});

it('goes on filtering without any daemon, and unload ends it', async () => {
  await netxfw.kill();
  expect(await arrivals(lab, everything)).toEqual(goodNames);
  await netxfw.ok(['system', 'unload']);
  expect(await arrivals(lab, everything)).toEqual(everything.map((frame) => frame.name));
  expect(existsSync(netxfw.pinPath)).toBe(false);
});

it('leaves the filter in force when the daemon is stopped in an orderly way', async () => {
  expect(await netxfw.stop()).toBe(0);
  expect(await arrivals(lab, everything)).toEqual(goodNames);
  await netxfw.start();
  expect(await arrivals(lab, everything)).toEqual(goodNames);
});

it('has its rules again after a reboot', async () => {
  await netxfw.ok(['deny', '203.0.113.0/24']);
  await netxfw.ok(['allow', '203.0.113.9']);
  await netxfw.reboot();
  expect(await arrivals(lab, everything)).toEqual(everything.map((frame) => frame.name));
  await netxfw.start();
  expect(await arrivals(lab, everything)).toEqual(goodNames);
  expect((await netxfw.status()).rules).toMatchObject({ allow: 1, deny: 2 });
});

it('keeps rules that were made a moment before the daemon was killed', async () => {
  await netxfw.ok(['deny', GOOD4]);
  await netxfw.kill();
  await netxfw.reboot();
  await netxfw.start();
  expect(await arrivals(lab, everything)).toEqual([]);
});
