import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRemote } from '../../src/sdk/remote.ts';
import type { Netxfw } from '../../src/sdk/types.ts';
import { Instance } from '../support/instance.ts';
import { BAD4, FW_DEVICE, GOOD4, Lab } from '../support/lab.ts';
import { until } from '../support/process.ts';
import { finishSending, Sniffer, startSending } from '../support/sniffer.ts';
import { datagram } from '../support/traffic.ts';

/** A second way out. */
const OTHER_FW = 'nxf1';
const OTHER_PEER = 'nxp1';

let lab: Lab;
let instance: Instance;
let netxfw: Netxfw;

beforeEach(async () => {
  lab = Lab.create();
  lab.fw.ip('link', 'add', OTHER_FW, 'type', 'veth', 'peer', 'name', OTHER_PEER, 'netns', lab.peer.name);
  lab.fw.ip('link', 'set', OTHER_FW, 'up');
  lab.peer.ip('link', 'set', OTHER_PEER, 'up');
  lab.fw.ip('address', 'add', '203.0.113.1/24', 'dev', OTHER_FW);
  lab.fw.ip('route', 'add', 'default', 'via', GOOD4, 'dev', FW_DEVICE);
  instance = new Instance(lab, 'a', { interfaces: [] });
  await instance.start();
  netxfw = createRemote({ socket: instance.socket });
  await netxfw.rules.add({ list: 'deny', prefix: BAD4 });
});
afterEach(async () => {
  await netxfw.close();
  await instance.stop();
  lab.dispose();
});

const attached = async () => (await netxfw.system.status()).attachments.map((one) => one.interface).sort();

/** Which of the two sources come in through an interface. */
async function comeIn(device: string, from: string): Promise<string[]> {
  const frames = [GOOD4, BAD4].map((source) => ({ source, bytes: Buffer.from(datagram(source)) }));
  const sniffer = await Sniffer.open(lab.fw, device);
  await finishSending(
    await startSending(
      lab.peer,
      from,
      frames.map(({ bytes }) => bytes),
      { rate: 1000 },
    ),
  );
  const seen = await sniffer.settle(lab.peer, from);
  await sniffer.close();
  return frames.filter(({ bytes }) => seen.some((frame) => frame.bytes.equals(bytes))).map(({ source }) => source);
}

it('a default route that moves takes the filter along, and a reload leaves the old interface', async () => {
  expect(await attached()).toEqual([FW_DEVICE]);
  expect(await comeIn(OTHER_FW, OTHER_PEER)).toEqual([GOOD4, BAD4]);
  lab.fw.ip('route', 'replace', 'default', 'via', '203.0.113.2', 'dev', OTHER_FW);
  await until('the filter on the new interface', async () => (await attached()).length === 2);
  expect(await comeIn(OTHER_FW, OTHER_PEER)).toEqual([GOOD4]);
  expect(await comeIn(FW_DEVICE, 'nxp0')).toEqual([GOOD4]);
  expect((await netxfw.health.check()).healthy).toBe(true);
  expect(instance.daemon.stdout + instance.daemon.stderr).toContain(`the default route leaves through ${OTHER_FW} now`);
  // Both stay while the daemon lives; a reload makes it exact.
  await instance.ok(['reload']);
  expect(await attached()).toEqual([OTHER_FW]);
  expect(await comeIn(OTHER_FW, OTHER_PEER)).toEqual([GOOD4]);
  await instance.stop();
  lab.fw.ip('route', 'replace', 'default', 'via', GOOD4, 'dev', FW_DEVICE);
  await instance.start();
  expect(await attached()).toEqual([FW_DEVICE]);
});

it('a default route into a tunnel, which cannot be filtered, is said by health until it is gone', async () => {
  lab.fw.ip('tuntap', 'add', 'dev', 'nxt0', 'mode', 'tun');
  lab.fw.ip('link', 'set', 'nxt0', 'up');
  lab.fw.ip('route', 'replace', 'default', 'dev', 'nxt0');
  const broken = await until('health to say so', async () => {
    const { healthy, checks } = await netxfw.health.check();
    return !healthy && checks.filter(({ ok }) => !ok);
  });
  expect(broken[0]).toMatchObject({ name: 'filter on nxt0', hint: expect.any(String) });
  await until('the reason', () => (instance.daemon.stdout + instance.daemon.stderr).includes('no Ethernet header'));
  expect(await attached()).toEqual([FW_DEVICE]);
  expect(await comeIn(FW_DEVICE, 'nxp0')).toEqual([GOOD4]);
  lab.fw.ip('route', 'replace', 'default', 'via', GOOD4, 'dev', FW_DEVICE);
  await until('health to be good again', async () => (await netxfw.health.check()).healthy);
});
