import { request } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pinOf } from '../../src/dataplane/pin-paths.ts';
import type { EngineEvent } from '../../src/model/events.ts';
import { createRemote } from '../../src/sdk/remote.ts';
import type { Netxfw } from '../../src/sdk/types.ts';
import { Instance } from '../support/instance.ts';
import { BAD4, FW_DEVICE, FW4, GOOD4, Lab } from '../support/lab.ts';
import { mustSync, until } from '../support/process.ts';
import { arrivals, framesFrom } from '../support/traffic.ts';

let lab: Lab;
let instance: Instance;
let netxfw: Netxfw;
let told: EngineEvent[];
let stop: AbortController;

beforeEach(async () => {
  lab = Lab.create();
  instance = new Instance(lab);
  await instance.start();
  netxfw = createRemote({ socket: instance.socket });
  await netxfw.rules.add({ list: 'deny', prefix: BAD4 });
  told = [];
  stop = new AbortController();
  void (async () => {
    for await (const event of netxfw.events.engine(stop.signal)) told.push(event);
  })();
});
afterEach(async () => {
  stop.abort();
  await netxfw.close();
  await instance.stop();
  lab.dispose();
});

const mixed = [...framesFrom(BAD4), ...framesFrom(GOOD4)];
const allowed = framesFrom(GOOD4).map(({ name }) => name);
const check = async (name: string) => (await netxfw.health.check()).checks.find((one) => one.name === name);
const healthTold = () => told.flatMap((event) => (event.type === 'health' ? [event] : []));

/** Status and body of the coarse question that anybody may ask. */
function coarse(): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const asking = request(
      { socketPath: instance.socket, path: '/health', headers: { host: 'localhost' } },
      (answer) => {
        let text = '';
        answer.on('data', (chunk) => (text += chunk));
        answer.on('end', () => resolve({ status: answer.statusCode!, body: JSON.parse(text) }));
      },
    );
    asking.on('error', reject);
    asking.end();
  });
}

async function backInOrder(): Promise<void> {
  await until('everything to be in order again', async () => (await netxfw.health.check()).healthy);
  expect(await arrivals(lab, mixed)).toEqual(allowed);
}

it('is healthy when it filters', async () => {
  const { healthy, checks } = await netxfw.health.check();
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(healthy).toBe(true);
  expect(checks.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['bpffs', 'layout', 'maps', `filter on ${FW_DEVICE}`, `egress on ${FW_DEVICE}`, 'disk']),
  );
  expect(await coarse()).toEqual({ status: 200, body: { status: 'ok', attached: true, maps: true } });
});

it.each([
  ['filter', pinOf.xdp],
  ['egress', pinOf.tcx],
] as const)('puts the %s back when another tool has taken it off', async (name, pin) => {
  mustSync(['bpftool', 'link', 'detach', 'pinned', pin(instance.pinPath, FW_DEVICE)]);
  await until('somebody to notice', () => healthTold().find(({ message }) => message.includes('is back')));
  expect(await check(`${name} on ${FW_DEVICE}`)).toMatchObject({ ok: true });
  await backInOrder();
});

it('filters again when the interface was gone and came back', async () => {
  lab.unplug();
  const gone = await until('the interface to be missed', async () => {
    const seen = await check(`filter on ${FW_DEVICE}`);
    return seen?.ok === false && seen;
  });
  expect(gone.message).toBe(`there is no interface ${FW_DEVICE}`);
  expect(await coarse()).toEqual({ status: 503, body: { status: 'degraded', attached: false, maps: true } });
  await until('it to be told', () => healthTold().some(({ healthy }) => !healthy));
  lab.plug();
  await backInOrder();
  await until('it to be told', () => healthTold().at(-1)?.healthy === true);
});

it('knows addresses that the host gets later', async () => {
  const own = '198.51.100.200';
  const bad = async () => (await netxfw.explain.explain({ source: own, destination: FW4 })).reason;
  expect(await bad()).toBe('PASS_DEFAULT');
  lab.fw.ip('addr', 'add', `${own}/24`, 'dev', FW_DEVICE);
  await until('packets from it to be recognised as forged', async () => (await bad()) === 'DROP_BAD_SOURCE');
  lab.fw.ip('addr', 'del', `${own}/24`, 'dev', FW_DEVICE);
  await until('it to be free again', async () => (await bad()) === 'PASS_DEFAULT');
});
