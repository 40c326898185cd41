import { afterAll, expect, it } from 'vitest';
import type { DoctorDocument } from '../../src/cli/documents.ts';
import type { StatusDocument } from '../../src/cli/documents-observe.ts';
import { Instance, NETXFW } from '../support/instance.ts';
import { FW_DEVICE, Lab } from '../support/lab.ts';

const lab = Lab.create();
const netxfw = new Instance(lab);
const other = new Instance(lab, 'other');
afterAll(async () => {
  await netxfw.ok(['system', 'unload']);
  lab.dispose();
});

/** What doctor finds under a name. */
async function findings(instance: Instance, name: string, ...args: string[]) {
  const { stdout } = await instance.nx(['system', 'doctor', '--json', ...args]);
  return (JSON.parse(stdout) as DoctorDocument).diagnoses.filter((one) => one.name === name);
}

const attached = (): boolean => lab.fw.runSync(['ip', 'link', 'show', 'dev', FW_DEVICE]).stdout.includes('xdp');

it('asks the driver for native mode only when it is told to, and leaves nothing attached', async () => {
  const [asked] = await findings(netxfw, FW_DEVICE, '--try-native');
  expect(asked).toMatchObject({ state: 'ok', message: expect.stringContaining('takes a program in native mode') });
  expect(attached()).toBe(false);
  const [unasked] = await findings(netxfw, FW_DEVICE);
  expect(unasked).toMatchObject({ state: 'ok', message: expect.stringContaining('knows native XDP') });
});

it('names an interface that is not there, and a broken configuration', async () => {
  netxfw.configure({}, ['nxf9']);
  expect(await findings(netxfw, 'nxf9')).toMatchObject([
    { state: 'problem', remedy: expect.stringContaining('ip link') },
  ]);
  netxfw.configure({ base: { default_deny: 'nearly' } });
  const [config] = await findings(netxfw, 'config');
  expect(config).toMatchObject({ state: 'problem', message: expect.stringContaining('base.default_deny') });
  expect((await netxfw.nx(['system', 'doctor'])).status).toBe(1);
  netxfw.configure({});
});

it('names the program of somebody else on the interface, and knows its own', async () => {
  await netxfw.ok(['system', 'load']);
  expect(await findings(netxfw, FW_DEVICE)).toMatchObject([{ state: 'ok' }]);
  const [foreign] = await findings(other, FW_DEVICE, '--try-native');
  expect(foreign).toMatchObject({
    state: 'problem',
    remedy: expect.stringContaining(`ip link set dev ${FW_DEVICE} xdp off`),
  });
  expect(attached()).toBe(true);
});

it('finds its configuration by the environment', async () => {
  const { stdout } = await lab.fw.run([NETXFW, 'status', '--json'], { env: { NETXFW_CONFIG: netxfw.configFile } });
  expect((JSON.parse(stdout) as StatusDocument).status).toMatchObject({ loaded: true, pinPath: netxfw.pinPath });
});
