import { afterAll, beforeAll, expect, it } from 'vitest';
import { Instance } from '../support/instance.ts';
import { BAD4, BAD6, FW4, FW6, GOOD4, GOOD6, Lab } from '../support/lab.ts';
import { until } from '../support/process.ts';
import { arrivals, framesFrom } from '../support/traffic.ts';

const lab = Lab.create();
const netxfw = new Instance(lab);
beforeAll(() => netxfw.start());
afterAll(async () => {
  await netxfw.stop();
  lab.dispose();
});

const names = (frames: readonly { name: string }[]): string[] => frames.map((frame) => frame.name);

async function droppedPackets(): Promise<number> {
  return (await netxfw.stats()).dropped.packets;
}

for (const { bad, good, network } of [
  { bad: BAD4, good: GOOD4, network: '198.51.100.64/28' },
  { bad: BAD6, good: GOOD6, network: '2001:db8::40/122' },
]) {
  const fromBad = framesFrom(bad);
  const fromGood = framesFrom(good);
  const everything = [...fromBad, ...fromGood];

  it(`passes every kind of packet before ${bad} is denied`, async () => {
    expect(await arrivals(lab, everything)).toEqual(names(everything));
  });

  it(`passes nothing from ${bad} once it is denied, and counts each packet`, async () => {
    await netxfw.ok(['deny', bad, '--reason', 'attack']);
    const before = await droppedPackets();
    expect(await arrivals(lab, everything)).toEqual(names(fromGood));
    expect((await droppedPackets()) - before).toBe(fromBad.length);
  });

  it(`passes everything from ${bad} once it is allowed too`, async () => {
    await netxfw.ok(['allow', bad]);
    expect(await arrivals(lab, everything)).toEqual(names(everything));
  });

  it(`passes everything from ${bad} after del, as before`, async () => {
    await netxfw.ok(['del', bad]);
    expect(await arrivals(lab, everything)).toEqual(names(everything));
    const refused = await netxfw.nx(['del', bad]);
    expect(refused).toMatchObject({ status: 3, stdout: '' });
    expect(refused.stderr).toContain(bad);
  });

  it(`drops the network ${network} but for an allowed host in it`, async () => {
    await netxfw.ok(['deny', network]);
    expect(await arrivals(lab, everything)).toEqual(names(fromGood));
    await netxfw.ok(['allow', bad]);
    expect(await arrivals(lab, everything)).toEqual(names(everything));
    await netxfw.ok(['del', bad]);
    expect(await arrivals(lab, everything)).toEqual(names(fromGood));
    await netxfw.ok(['del', network]);
    expect(await arrivals(lab, everything)).toEqual(names(everything));
  });

  it(`ends a deny of ${bad} by itself when its time is over`, async () => {
    await netxfw.ok(['deny', bad, '--ttl', '1h']);
    expect(await arrivals(lab, everything)).toEqual(names(fromGood));
    await netxfw.ok(['deny', bad, '--ttl', '1s']);
    await until('the entry to expire', async () => (await arrivals(lab, fromBad)).length > 0);
    expect(await arrivals(lab, everything)).toEqual(names(everything));
  });
}

/** Real stacks on both sides: what a user would try. */
async function reach(source: string, target: string): Promise<Record<string, boolean>> {
  const six = target.includes(':');
  const ping = ['ping', '-n', '-c', '1', '-W', '1', '-I', source, target];
  const listener = lab.fw.start(['nc', six ? '-6' : '-4', '-l', '-k', target, '7000']);
  await until('the listener', () => lab.fw.runSync(['ss', '-Hltn', 'sport = :7000']).stdout !== '');
  const [small, big, tcp] = await Promise.all([
    lab.peer.run(ping),
    lab.peer.run([...ping.slice(0, -1), '-s', '4000', target]),
    lab.peer.run(['nc', '-z', '-w', '1', '-s', source, target, '7000']),
  ]);
  await listener.stop();
  return { ping: small.status === 0, 'ping in fragments': big.status === 0, tcp: tcp.status === 0 };
}

it.each([
  { bad: BAD4, good: GOOD4, target: FW4 },
  { bad: BAD6, good: GOOD6, target: FW6 },
])('cuts $bad off from real services, and nobody else', async ({ bad, good, target }) => {
  const works = { ping: true, 'ping in fragments': true, tcp: true };
  const nothing = { ping: false, 'ping in fragments': false, tcp: false };
  expect(await reach(bad, target)).toEqual(works);
  await netxfw.ok(['deny', bad]);
  expect(await reach(bad, target)).toEqual(nothing);
  expect(await reach(good, target)).toEqual(works);
  await netxfw.ok(['allow', bad]);
  expect(await reach(bad, target)).toEqual(works);
  await netxfw.ok(['del', bad]);
  expect(await reach(bad, target)).toEqual(works);
});
