import type { ReasonName } from '../../src/model/reasons.ts';
import type { Network } from './address.ts';
import { address, covers, network, same, truncate } from './address.ts';
import type { IpPacket } from './parsed.ts';
import { isDhcp, isLinkLocal, isNeighbourDiscovery, isUnspecified } from './services.ts';
import type { State } from './state.ts';

const MAPPED = truncate(address('::ffff:0:0'), 96);
const IMPOSSIBLE: readonly Network[] = ['127.0.0.0/8', '224.0.0.0/4', '255.255.255.255', '::1', 'ff00::/8'].map(
  network,
);

/** Checks 1 to 5, in the order of the page; the reason of the first that fails. */
export function checkSanity(state: State, packet: IpPacket, ifindex: number): ReasonName | null {
  const { config } = state;
  if (covers(MAPPED, packet.source)) return 'DROP_BAD_SOURCE';
  if (config.antiSpoof !== 'off') {
    if (same(packet.source, packet.destination)) return 'DROP_LAND';
    if (IMPOSSIBLE.some((range) => covers(range, packet.source))) return 'DROP_BAD_SOURCE';
    if (isOwn(state, packet, ifindex) && !isNeighbourDiscovery(packet)) return 'DROP_BAD_SOURCE';
  }
  if (config.dropFragments && packet.fragment !== 'none') return 'DROP_FRAGMENT';
  if (config.strictTcp && !tcpFlagsAreSane(packet)) return 'DROP_TCP_FLAGS';
  if (config.antiSpoof === 'strict' && !hasRouteBack(state, packet, ifindex)) return 'DROP_REVERSE_PATH';
  return null;
}

function isOwn(state: State, packet: IpPacket, arrived: number): boolean {
  const isHere = (ifindex: number | null) => ifindex === null || ifindex === arrived;
  return state.ownAddresses.some(({ address, ifindex }) => same(address, packet.source) && isHere(ifindex));
}

function tcpFlagsAreSane(packet: IpPacket): boolean {
  if (packet.transport?.kind !== 'tcp') return true;
  const { fin, syn, rst, psh, ack, urg } = packet.transport;
  if (!fin && !syn && !rst && !psh && !ack && !urg) return false;
  if (syn && fin) return false;
  if (syn && rst) return false;
  return ack || !(fin || psh || urg);
}

/** RFC 3704, strict: what this host would send to the source leaves over the interface on which the packet came. */
function hasRouteBack(state: State, packet: IpPacket, ifindex: number): boolean {
  if (isUnspecified(packet) || isLinkLocal(packet) || isDhcp(packet) || isNeighbourDiscovery(packet)) return true;
  // The routes of a VLAN are those of its own interface, which the packet has not reached yet.
  if (packet.tagged) return true;
  const [best] = state.routes
    .filter((route) => covers(route.network, packet.source))
    .sort((a, b) => b.network.length - a.network.length);
  return best?.ifindex === ifindex;
}

/** Check 6; asked when the source is not whitelisted. */
export function isBogon(state: State, packet: IpPacket): boolean {
  if (!state.config.bogonFilter || isNeighbourDiscovery(packet) || isDhcp(packet)) return false;
  return state.bogons.some((range) => covers(range, packet.source));
}
