import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRemote } from '../../src/sdk/remote.ts';
import type { Netxfw } from '../../src/sdk/types.ts';
import { Instance } from '../support/instance.ts';
import { FW4, GOOD4, Lab } from '../support/lab.ts';
import { eth, ipv4, packet, payload, tcp, udp } from '../support/packet.ts';
import { compilePlugin } from '../support/plugin-object.ts';
import { arrivals } from '../support/traffic.ts';

/** Drops UDP to port 4444, whoever sends it. */
const SOURCE = `#include <netxfw_plugin.h>
NETXFW_PLUGIN(no_4444)
{
	struct nx_frame frame = netxfw_frame(ctx);
	struct nx_pkt pkt = {};

	if (netxfw_parse(&frame, &pkt) != NX_REASON_NONE)
		return netxfw_next(ctx);
	if (pkt.proto == IPPROTO_UDP && pkt.dst_port == bpf_htons(4444))
		return netxfw_drop(ctx);
	return netxfw_next(ctx);
}
`;

const lab = Lab.create();
const instance = new Instance(lab);
let netxfw: Netxfw;
let object: string;

async function start(): Promise<void> {
  await instance.start();
  netxfw = createRemote({ socket: instance.socket });
}

beforeAll(async () => {
  object = compilePlugin(instance.directory, 'no_4444', SOURCE);
  await start();
});
afterAll(async () => {
  await netxfw.close();
  await instance.stop();
  lab.dispose();
});

const ip = ipv4({ src: GOOD4, dst: FW4 });
const frames = [
  { name: 'UDP to 4444', bytes: packet(eth(), ip, udp({ dport: 4444 }), payload(8)) },
  { name: 'UDP to 4445', bytes: packet(eth(), ip, udp({ dport: 4445 }), payload(8)) },
  { name: 'TCP to 4444', bytes: packet(eth(), ip, tcp({ dport: 4444 })) },
];
const all = frames.map(({ name }) => name);
const without = all.slice(1);
const droppedByPlugin = async () =>
  (await instance.stats()).reasons.find(({ reason }) => reason === 'DROP_PLUGIN')?.packets ?? 0;

it('judges packets before the firewall does, and is counted', async () => {
  expect(await arrivals(lab, frames)).toEqual(all);
  expect(await netxfw.plugins.load(object, 5)).toMatchObject({ slot: 5, name: 'no_4444', file: object });
  expect(await arrivals(lab, frames)).toEqual(without);
  expect(await droppedByPlugin()).toBe(1);
});

it('outlives the daemon, and comes back after a reboot', async () => {
  await instance.kill();
  expect(await arrivals(lab, frames)).toEqual(without);
  await start();
  expect(await arrivals(lab, frames)).toEqual(without);
  expect((await netxfw.plugins.list()).map(({ slot, name }) => [slot, name])).toEqual([[5, 'no_4444']]);
  await instance.reboot();
  expect(await arrivals(lab, frames)).toEqual(all);
  await start();
  expect((await netxfw.plugins.list()).map(({ slot, file }) => [slot, file])).toEqual([[5, object]]);
  expect(await arrivals(lab, frames)).toEqual(without);
});

it('is gone for good when it is removed', async () => {
  await netxfw.plugins.remove(5);
  expect(await arrivals(lab, frames)).toEqual(all);
  await instance.reboot();
  await start();
  expect(await netxfw.plugins.list()).toEqual([]);
  expect(await arrivals(lab, frames)).toEqual(all);
});

it('does not keep the firewall from coming up when its file is gone', async () => {
  await netxfw.plugins.load(object, 7);
  await instance.reboot();
  rmSync(object);
  await start();
  expect(await arrivals(lab, frames)).toEqual(all);
  expect((await netxfw.system.status()).warnings).toEqual([expect.stringContaining('plugin remove 7')]);
  await netxfw.plugins.remove(7);
});
