import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, Host } from '../support/host.ts';
import { Instance } from '../support/instance.ts';
import { KernelView } from '../support/kernel-view.ts';
import { FW4, FW6, GOOD4, GOOD6, Lab } from '../support/lab.ts';

/** The firewall starts, with default deny, on a host that is at work. */
const lab = Lab.create();
const netxfw = new Instance(lab, 'start', { config: { base: { default_deny: true, failsafe_ports: [] } } });
const fw = new Host(lab.fw);
const peer = new Host(lab.peer);
const PORTS = [GOOD4, GOOD6].map((_, i) => 5001 + i);

const outgoing: Connection[] = [];
const incoming: Connection[] = [];
const peers: Connection[] = [];
const clients: Connection[] = [];

beforeAll(async () => {
  await fw.listen(6000);
  for (const [i, other] of [GOOD4, GOOD6].entries()) {
    await peer.listen(PORTS[i]!, other);
    outgoing.push(await fw.connect(other, PORTS[i]!));
    peers.push(await peer.accept(PORTS[i]!));
  }
  for (const host of [FW4, FW6]) {
    clients.push(await peer.connect(host, 6000));
    incoming.push(await fw.accept(6000));
  }
  await netxfw.ok(['system', 'load']);
});
afterAll(() => {
  fw.dispose();
  peer.dispose();
  lab.dispose();
});

describe('connections that were open before the firewall started', () => {
  it('are known to it', () => {
    const flows = new KernelView(netxfw.pinPath).flows();
    const ports = flows.map(({ destinationPort }) => destinationPort).filter((port) => PORTS.includes(port));
    expect(ports.sort()).toEqual(PORTS);
    expect(new Set(flows.map(({ state }) => state))).toEqual(new Set(['established']));
  });

  it('go on when the other side speaks first', async () => {
    for (const [i, near] of outgoing.entries()) {
      await peers[i]!.writeBytes(50_000);
      expect(await near.read(50_000)).toBe(50_000);
      await near.write('thanks');
      expect(await peers[i]!.read(6)).toBe('thanks');
    }
  });

  it('go on when others had opened them', async () => {
    for (const [i, client] of clients.entries()) {
      await client.write('and now?');
      expect(await incoming[i]!.read(8)).toBe('and now?');
      await incoming[i]!.write('go on');
      expect(await client.read(5)).toBe('go on');
    }
  });

  it('do not open the port to anybody else', async () => {
    expect(await Promise.all([peer.tries(FW4, 6000), peer.tries(FW6, 6000)])).toEqual(['timeout', 'timeout']);
  });
});
