import { addressBytes } from './packet-bytes.ts';
import type { Layer } from './packet-layers.ts';
import { eth, fragment, hopByHop, icmp6, ipv4, ipv6, payload, udp } from './packet-layers.ts';

/** Packets that a host needs to stay on its network, as layers. */

const LINK_LOCAL = 'fe80::1';

export interface NeighbourFields {
  readonly src?: string;
  readonly dst?: string;
  /** 133 router solicitation .. 137 redirect; default neighbour solicitation. */
  readonly type?: number;
  readonly code?: number;
  readonly hopLimit?: number;
  /** Between the IPv6 and the ICMPv6 header. */
  readonly between?: readonly Layer[];
}

/** Neighbour discovery (RFC 4861). */
export function neighbour(fields: NeighbourFields = {}): Layer[] {
  const { src = LINK_LOCAL, dst = 'ff02::1:ff00:1', type = 135, code = 0, hopLimit = 255, between = [] } = fields;
  const target = [...addressBytes(LINK_LOCAL)];
  return [eth(), ipv6({ src, dst, hopLimit }), ...between, icmp6({ type, code }), payload(target)];
}

/** Multicast listener discovery with its router alert option (RFC 2710, RFC 3810). */
export function listener(fields: NeighbourFields = {}): Layer[] {
  const { src = LINK_LOCAL, dst = 'ff02::16', type = 143, code = 0, hopLimit = 1, between = [] } = fields;
  return [eth(), ipv6({ src, dst, hopLimit }), hopByHop(), ...between, icmp6({ type, code }), payload(20)];
}

export interface DhcpFields {
  readonly src?: string;
  readonly dst?: string;
  readonly sport?: number;
  readonly dport?: number;
}

/** A DHCPv4 server's answer; a request has the ports exchanged. */
export function dhcp4(fields: DhcpFields = {}): Layer[] {
  const { src = '192.0.2.1', dst = '255.255.255.255', sport = 67, dport = 68 } = fields;
  return [eth(), ipv4({ src, dst }), udp({ sport, dport }), payload(240)];
}

/** A DHCPv6 server's answer. */
export function dhcp6(fields: DhcpFields = {}): Layer[] {
  const { src = LINK_LOCAL, dst = 'fe80::2', sport = 547, dport = 546 } = fields;
  return [eth(), ipv6({ src, dst }), udp({ sport, dport }), payload(60)];
}

/** The header of an atomic fragment (RFC 6946). */
export const atomic = (id = 1): Layer => fragment({ id });
