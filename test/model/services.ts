import { covers, network } from './address.ts';
import type { IpPacket } from './parsed.ts';

const LINK_LOCAL = network('fe80::/10');

export function isLinkLocal(packet: IpPacket): boolean {
  return covers(LINK_LOCAL, packet.source);
}

export function isUnspecified(packet: IpPacket): boolean {
  return packet.source.bits === 0n;
}

function icmp6Type(packet: IpPacket): number | null {
  return packet.family === 6 && packet.transport?.kind === 'icmp' ? packet.transport.type : null;
}

/** RFC 4861, RFC 6980: an atomic fragment is fragmented too. */
export function isNeighbourDiscovery(packet: IpPacket): boolean {
  const type = icmp6Type(packet);
  if (type === null || packet.transport?.kind !== 'icmp') return false;
  return (
    type >= 133 && type <= 137 && packet.transport.code === 0 && packet.hopLimit === 255 && packet.fragment === 'none'
  );
}

export function isListenerDiscovery(packet: IpPacket): boolean {
  const type = icmp6Type(packet);
  if (type === null || ![130, 131, 132, 143].includes(type)) return false;
  const whole = packet.fragment === 'none' || packet.fragment === 'atomic';
  return packet.hopLimit === 1 && whole && (isLinkLocal(packet) || isUnspecified(packet));
}

function hasUdpPorts(packet: IpPacket, from: number, to: number): boolean {
  return (
    packet.transport?.kind === 'udp' && packet.transport.sourcePort === from && packet.transport.destinationPort === to
  );
}

/** DHCP in either direction. */
export function isDhcp(packet: IpPacket): boolean {
  const [a, b] = packet.family === 4 ? [67, 68] : [546, 547];
  return hasUdpPorts(packet, a!, b!) || hasUdpPorts(packet, b!, a!);
}

/** What a DHCP server sends to this host. */
export function isDhcpReply(packet: IpPacket): boolean {
  if (packet.family === 4) return hasUdpPorts(packet, 67, 68);
  return hasUdpPorts(packet, 547, 546) && isLinkLocal(packet);
}
