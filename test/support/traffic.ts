import { BAD4, FW_DEVICE, FW4, FW6, GOOD4, type Lab, PEER_DEVICE } from './lab.ts';
import {
  ah,
  destination,
  eth,
  fragment,
  hopByHop,
  icmp,
  icmp6,
  ipv4,
  ipv6,
  packet,
  payload,
  routing,
  serviceTag,
  tcp,
  udp,
  vlan,
} from './packet.ts';
import { finishSending, Sniffer, startSending } from './sniffer.ts';

export interface NamedFrame {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function frames4(src: string, dst: string): Record<string, Uint8Array> {
  const ip = ipv4({ src, dst });
  return {
    ping: packet(eth(), ip, icmp(), payload(56)),
    'TCP SYN': packet(eth(), ip, tcp()),
    'TCP data': packet(eth(), ip, tcp({ flags: 'PA' }), payload(100)),
    UDP: packet(eth(), ip, udp(), payload(20)),
    'UDP in a VLAN': packet(eth(), vlan(42), ip, udp(), payload(20)),
    'TCP in two VLANs': packet(eth(), serviceTag(7), vlan(42), ip, tcp()),
    'UDP behind IP options': packet(eth(), ipv4({ src, dst, options: 8 }), udp(), payload(20)),
    'first fragment': packet(eth(), ipv4({ src, dst, id: 9, more: true }), udp({ length: 1032 }), payload(504)),
    'later fragment': packet(eth(), ipv4({ src, dst, id: 9, offset: 64, protocol: 17 }), payload(512)),
    'unknown protocol': packet(eth(), ipv4({ src, dst, protocol: 253 }), payload(32)),
  };
}

function frames6(src: string, dst: string): Record<string, Uint8Array> {
  const ip = ipv6({ src, dst });
  return {
    ping: packet(eth(), ip, icmp6(), payload(56)),
    'TCP SYN': packet(eth(), ip, tcp()),
    UDP: packet(eth(), ip, udp(), payload(20)),
    'UDP in a VLAN': packet(eth(), vlan(42), ip, udp(), payload(20)),
    'UDP behind hop-by-hop options': packet(eth(), ip, hopByHop(), udp(), payload(20)),
    'TCP behind destination options': packet(eth(), ip, destination({ bytes: 24 }), tcp()),
    'TCP behind a routing header': packet(eth(), ip, routing({ bytes: 24 }), tcp()),
    'UDP behind an authentication header': packet(eth(), ip, ah(), udp(), payload(20)),
    'ping behind three headers': packet(eth(), ip, hopByHop(), routing(), destination(), icmp6(), payload(8)),
    'first fragment': packet(eth(), ip, fragment({ id: 9, more: true }), udp({ length: 1032 }), payload(504)),
    'later fragment': packet(eth(), ip, fragment({ id: 9, offset: 64, nextHeader: 17 }), payload(512)),
    'later fragment behind options': packet(
      eth(),
      ip,
      hopByHop(),
      fragment({ id: 8, offset: 9, nextHeader: 6 }),
      payload(64),
    ),
  };
}

/** One well-formed frame of every kind that a source may send to the lab's firewall side. */
export function framesFrom(source: string): NamedFrame[] {
  const kinds = source.includes(':') ? frames6(source, FW6) : frames4(source, FW4);
  return Object.entries(kinds).map(([name, bytes]) => ({ name: `${name} from ${source}`, bytes }));
}

/**
 * Sends frames from the peer and reports, by name, which of them came through XDP on the firewall's side, once for each
 * arrival and in their order.
 */
export async function arrivals(lab: Lab, frames: readonly NamedFrame[]): Promise<string[]> {
  const names = new Map(frames.map(({ name, bytes }) => [Buffer.from(bytes).toString('hex'), name]));
  const sniffer = await Sniffer.open(lab.fw, FW_DEVICE);
  const all = frames.map((frame) => frame.bytes);
  await finishSending(await startSending(lab.peer, PEER_DEVICE, all, { rate: 5000 }));
  const seen = await sniffer.settle(lab.peer, PEER_DEVICE);
  await sniffer.close();
  return seen.flatMap((frame) => names.get(frame.bytes.toString('hex')) ?? []);
}

/** A UDP datagram from a source, for tests that send many and only ask whether they arrive. */
export function datagram(source: string): Uint8Array {
  if (source.includes(':')) return packet(eth(), ipv6({ src: source, dst: FW6 }), udp(), payload(16));
  return packet(eth(), ipv4({ src: source, dst: FW4 }), udp(), payload(16));
}

/** Which of many sources can still send a datagram, in their order. */
export async function sourcesThatPass(lab: Lab, sources: readonly string[]): Promise<string[]> {
  return arrivals(
    lab,
    sources.map((source) => ({ name: source, bytes: datagram(source) })),
  );
}

/** Denied and allowed IPv4 datagrams in turn. */
export const MIXED: readonly Uint8Array[] = [datagram(BAD4), datagram(GOOD4)];
