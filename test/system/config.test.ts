import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ConfigInput, Instance } from '../support/instance.ts';
import { BAD4, FW4, GOOD4, Lab } from '../support/lab.ts';
import { eth, ipv4, packet, tcp } from '../support/packet.ts';
import { arrivals } from '../support/traffic.ts';

const lab = Lab.create();
const netxfw = new Instance(lab);
afterAll(() => lab.dispose());

const SERVICES = [22, 80, 443, 5432];
const syn = (src: string, port: number) => ({
  name: `${src} -> ${port}`,
  bytes: packet(eth(), ipv4({ src, dst: FW4 }), tcp({ dport: port })),
});
const connections = [GOOD4, BAD4].flatMap((src) => SERVICES.map((port) => syn(src, port)));

const CONFIG: ConfigInput = {
  base: { default_deny: true, failsafe_ports: [22] },
  port: {
    allowed_ports: ['80/tcp'],
    ip_port_rules: [
      { ip: GOOD4, port: 5432, protocol: 'tcp', action: 'allow' },
      { ip: BAD4, port: 80, protocol: 'any', action: 'deny' },
    ],
  },
};
const REACHED = [syn(GOOD4, 22), syn(GOOD4, 80), syn(GOOD4, 5432), syn(BAD4, 22)].map(({ name }) => name);

beforeAll(() => netxfw.configure(CONFIG));

it('is followed whole by `system load`', async () => {
  await netxfw.ok(['system', 'load']);
  expect(await arrivals(lab, connections)).toEqual(REACHED);
  expect((await netxfw.status()).warnings).toEqual([]);
});

it('is followed whole by the daemon that takes over, and by one that begins with nothing', async () => {
  await netxfw.start();
  expect(await arrivals(lab, connections)).toEqual(REACHED);
  await netxfw.reboot();
  await netxfw.start();
  expect(await arrivals(lab, connections)).toEqual(REACHED);
});

it('changes with the file at the next start', async () => {
  await netxfw.kill();
  netxfw.configure({ rate_limit: { rules: [{ ip: `${BAD4}/32`, rate: 1, burst: 2 }] } });
  await netxfw.start();
  const arrived = await arrivals(lab, connections);
  expect(arrived.filter((name) => name.startsWith(GOOD4))).toEqual(SERVICES.map((port) => syn(GOOD4, port).name));
  expect(arrived.filter((name) => name.startsWith(BAD4))).toHaveLength(2);
  await netxfw.reboot();
});
