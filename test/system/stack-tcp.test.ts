import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Host, IN_VAIN } from '../support/host.ts';
import { Instance } from '../support/instance.ts';
import { KernelView } from '../support/kernel-view.ts';
import { FW4, FW6, GOOD4, GOOD6, Lab } from '../support/lab.ts';
import { until } from '../support/process.ts';

/** Real TCP of two hosts, under default deny. Timeouts are short, so that a test can wait for them. */
const CONFIG = {
  base: { default_deny: true, allow_icmp: false },
  port: { allowed_ports: ['80/tcp'] },
  conntrack: { tcp_timeout: '3s', fin_timeout: '2s', syn_timeout: '10s' },
};

const lab = Lab.create();
const netxfw = new Instance(lab, 'tcp', { config: CONFIG });
const view = new KernelView(netxfw.pinPath);
const fw = new Host(lab.fw);
const peer = new Host(lab.peer);
let nextPort = 4000;

beforeAll(async () => {
  for (const port of [22, 80, 7000]) await fw.serveEcho(port);
  await netxfw.ok(['system', 'load']);
});
afterAll(() => {
  fw.dispose();
  peer.dispose();
  lab.dispose();
});

/** A connection that the firewall's host opens to a port of its own at the peer. */
async function opened(to: string) {
  nextPort += 1;
  const port = nextPort;
  await peer.listen(port, to);
  const near = await fw.connect(to, port);
  return { port, near, far: await peer.accept(port) };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each([
  { family: 'IPv4', host: FW4, other: GOOD4 },
  { family: 'IPv6', host: FW6, other: GOOD6 },
])('TCP over $family under default deny', ({ host, other }) => {
  it('opens outgoing connections, carries data both ways, and closes them', async () => {
    const counted = view.counting();
    const { port, near, far } = await opened(other);
    await near.write('question');
    expect(await far.read(8)).toBe('question');
    await far.writeBytes(200_000);
    expect(await near.read(200_000)).toBe(200_000);
    expect(view.stateTo(port)).toBe('established');
    await far.end();
    expect(await near.ended()).toBeNull();
    expect(view.stateTo(port)).toBe('fin_wait');
    await near.write('last words');
    await near.end();
    expect(await far.read(10)).toBe('last words');
    expect(await far.ended()).toBeNull();
    expect(counted('PASS_CONNTRACK')).toBeGreaterThan(5);
  });

  it('hears that a port is closed', async () => {
    nextPort += 1;
    await expect(fw.connect(other, nextPort)).rejects.toThrow('ECONNREFUSED');
    expect(view.stateTo(nextPort)).toBe('closed');
  });

  it('hears a reset of an open connection, and sends one', async () => {
    const first = await opened(other);
    await first.far.reset();
    expect(await first.near.ended()).toBe('ECONNRESET');
    expect(view.stateTo(first.port)).toBe('closed');
    const second = await opened(other);
    await second.near.reset();
    expect(await second.far.ended()).toBe('ECONNRESET');
    await until('the flow to close', () => view.stateTo(second.port) === 'closed');
  });

  it('serves the open port and ssh, and nothing else', async () => {
    expect(await peer.tries(host, 80)).toBe('open');
    expect(await peer.tries(host, 22)).toBe('open');
    expect(await peer.tries(host, 7000)).toBe('timeout');
    const served = await peer.connect(host, 80);
    await served.writeBytes(100_000);
    expect(await served.read(100_000)).toBe(100_000);
    // Who is served needs no entry: a flood of clients would push out the host's own connections.
    expect(view.flows().filter(({ sourcePort }) => sourcePort === 80 || sourcePort === 22)).toEqual([]);
    await served.reset();
  });
});

const ADDRESSES = [GOOD4, GOOD6];

describe('a TCP connection under default deny', () => {
  it.concurrent('that was idle for too long lets no data in until this host speaks again', async () => {
    await Promise.all(
      ADDRESSES.map(async (other) => {
        const { near, far } = await opened(other);
        await near.write('hello');
        expect(await far.read(5)).toBe('hello');
        await pause(4500);
        await far.write('are you there?');
        await expect(near.read(14, IN_VAIN)).rejects.toThrow('timeout');
        await near.write('still here');
        expect(await far.read(10)).toBe('still here');
        expect(await near.read(14)).toBe('are you there?');
        await near.reset();
      }),
    );
  });

  it.concurrent('that says something now and then goes on, whoever speaks', async () => {
    await Promise.all(
      ADDRESSES.map(async (other) => {
        const { near, far } = await opened(other);
        for (let i = 0; i < 4; i++) {
          await pause(1300);
          await far.write('tick');
          expect(await near.read(4)).toBe('tick');
        }
        await near.reset();
      }),
    );
  });
});
