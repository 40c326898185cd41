import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bytesOf, randomPacket } from '../model/random/packets.ts';
import { Instance } from '../support/instance.ts';
import { FW_DEVICE, Lab, PEER_DEVICE } from '../support/lab.ts';
import {
  destination,
  eth,
  fragment,
  HOST4,
  HOST6,
  hopByHop,
  ipv4,
  ipv6,
  type Layer,
  PEER4,
  PEER6,
  packet,
  payload,
  routing,
  tcp,
  udp,
  vlan,
} from '../support/packet.ts';
import { until } from '../support/process.ts';
import { finishSending, startSending } from '../support/sniffer.ts';

/**
 * Frames that are made to be read differently by the filter and by the host. The judge is the host: nftables counts what its
 * own stack, fragments put together and extension headers gone through, would hand to a port. Left out is what never comes
 * to a port: pieces that were not put together, and authentication headers, for which this host has no key.
 */
const OPEN = 53;
const SHUT = 80;
const CONFIG = {
  base: { default_deny: true, allow_icmp: false, allow_dhcp: false, failsafe_ports: [] },
  port: { allowed_ports: [OPEN] },
};
const WATCH = `table inet watch {
  counter open {}
  counter shut {}
  counter other {}
  chain defragment {
    type filter hook prerouting priority -300
    ct state new accept
  }
  chain input {
    type filter hook input priority 0
    iifname != "${FW_DEVICE}" accept
    exthdr frag exists accept
    meta l4proto ah accept
    meta l4proto { tcp, udp } th dport ${OPEN} counter name open accept
    meta l4proto { tcp, udp } counter name shut accept
    meta l4proto ipv6-icmp icmpv6 type != { echo-request, echo-reply } accept
    counter name other
  }
}
`;
const SEED = Number(process.env.NETXFW_MODEL_SEED ?? Date.now() % 2 ** 31);
const FRAMES = 20_000;

const lab = Lab.create({
  fw: [`${HOST4}/24`, `${HOST6}/64`, '192.0.2.254/24', '2001:db8::fe/64'],
  peer: [`${PEER4}/24`, `${PEER6}/64`],
});
const netxfw = new Instance(lab, 'evasion', { config: CONFIG });

beforeAll(async () => {
  await lab.fw.must(['nft', '-f', '-'], { input: WATCH });
  // Whatever a source looks like: the host shall not be the one that drops it.
  await lab.fw.must(['sysctl', '-qw', 'net.ipv4.conf.all.rp_filter=0', 'net.ipv4.conf.default.rp_filter=0']);
});
afterAll(() => lab.dispose());

function seen(): Record<string, number> {
  const { nftables } = JSON.parse(lab.fw.runSync(['nft', '-j', 'list', 'counters']).stdout) as {
    nftables: readonly { counter?: { name: string; packets: number } }[];
  };
  return Object.fromEntries(nftables.flatMap(({ counter }) => (counter ? [[counter.name, counter.packets]] : [])));
}

/** Sends frames, and a datagram to the open port after them. @returns what the host has seen of them */
async function send(frames: readonly Uint8Array[]): Promise<Record<string, number>> {
  const before = seen();
  const last = packet(eth(), ipv4({ src: '192.0.2.99' }), udp({ dport: OPEN }), payload(3));
  await finishSending(await startSending(lab.peer, PEER_DEVICE, frames));
  const sent = seen();
  await until('the last datagram', async () => {
    await finishSending(await startSending(lab.peer, PEER_DEVICE, [last]));
    return seen().open! > sent.open!;
  });
  const after = seen();
  return Object.fromEntries(Object.keys(after).map((name) => [name, after[name]! - before[name]!]));
}

let id = 100;
/** A datagram in pieces; each begins at so many units of eight bytes. */
function pieces4(...parts: readonly (readonly [offset: number, more: boolean, ...layers: Layer[]])[]): Uint8Array[] {
  id += 1;
  return parts.map(([offset, more, ...rest]) => packet(eth(), ipv4({ id, offset, more, protocol: 17 }), ...rest));
}
function pieces6(...parts: readonly (readonly [offset: number, more: boolean, ...layers: Layer[]])[]): Uint8Array[] {
  id += 1;
  return parts.map(([offset, more, ...rest]) =>
    packet(eth(), ipv6(), fragment({ id, offset, more, nextHeader: 17 }), ...rest),
  );
}
const to = (dport: number, length: number): Layer => udp({ dport, length, checksum: 0 });
const bytes = (count: number): Layer => payload(count);

/** Tricks with fragments: the port that the filter sees is not the one that the host would put together. */
const overlaps = (): readonly Uint8Array[][] =>
  [pieces4, pieces6].flatMap((pieces) => [
    // Another first fragment after one that passed, before and after the rest.
    pieces([0, true, to(OPEN, 40), bytes(16)], [0, true, to(SHUT, 40), bytes(16)], [3, false, bytes(16)]),
    pieces([3, false, bytes(16)], [0, true, to(OPEN, 40), bytes(16)], [0, true, to(SHUT, 40), bytes(16)]),
    // A first fragment that did not pass, and the rest of another.
    pieces([0, true, to(SHUT, 40), bytes(16)], [3, false, bytes(16)]),
    // A later fragment that reaches back over the header.
    pieces([0, true, to(OPEN, 40), bytes(16)], [1, true, to(SHUT, 40), bytes(8)], [3, false, bytes(16)]),
    // The rest, and the header last in a fragment that is no fragment.
    pieces([3, false, bytes(16)], [0, false, to(SHUT, 24), bytes(16)]),
    // Headers in pieces that are too small for them.
    pieces([0, true, bytes(8)], [1, false, to(SHUT, 24), bytes(16)]),
  ]);

const HIDDEN: readonly Uint8Array[] = [tcp({ dport: SHUT }), udp({ dport: SHUT })].flatMap((top) => [
  packet(eth(), vlan(0), ipv4(), top),
  packet(eth(), vlan(0), ipv6(), top),
  packet(eth(), ipv4({ options: 40 }), top, payload(30)),
  packet(eth(), ipv4({ options: 4, ihl: 5 }), top, payload(30)),
  packet(eth(), ipv6(), hopByHop(), destination({ bytes: 64 }), routing(), destination(), top),
  packet(eth(), ipv6(), fragment(), top),
  packet(eth(), ipv6(), hopByHop(), fragment(), destination(), top),
  packet(eth(), ipv6({ src: '::ffff:192.0.2.1' }), top),
  packet(eth(), ipv6({ payloadLength: 0 }), hopByHop(), top),
]);

it('the host sees what it is sent while nothing filters', async () => {
  const passed = await send([...HIDDEN, ...overlaps().flat()]);
  expect(passed.shut).toBeGreaterThan(20);
  await netxfw.ok(['system', 'load']);
});

it('no trick with fragments or hidden headers reaches a port that is shut', async () => {
  for (const frames of [...overlaps(), HIDDEN]) expect(await send(frames)).toMatchObject({ shut: 0, other: 0 });
});

it('a datagram to the open port comes through in pieces, in any order that begins with its head', async () => {
  const whole = [pieces4, pieces6].flatMap((pieces) => [
    ...pieces([0, true, to(OPEN, 40), bytes(16)], [3, false, bytes(16)]),
    ...pieces([0, true, to(OPEN, 56), bytes(16)], [5, false, bytes(16)], [3, true, bytes(16)]),
  ]);
  const counted = await send(whole);
  expect(counted.open).toBeGreaterThanOrEqual(5);
  expect(counted).toMatchObject({ shut: 0, other: 0 });
});

it(`${FRAMES} random frames reach no port that is shut`, async () => {
  console.info(`seed ${SEED}`);
  const frames = fc.sample(randomPacket, { numRuns: FRAMES, seed: SEED }).map(bytesOf);
  const counted = await send(frames);
  expect(counted).toMatchObject({ shut: 0, other: 0 });
  expect(counted.open).toBeGreaterThan(100);
});
