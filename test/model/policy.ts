import type { ReasonName } from '../../src/model/reasons.ts';
import { covers } from './address.ts';
import type { IpPacket } from './parsed.ts';
import { isDhcpReply, isListenerDiscovery, isNeighbourDiscovery } from './services.ts';
import type { PortRule, State } from './state.ts';

/** IP+port rules: the longest source prefix, then the specific protocol over `any`. */
export function judgeRules(state: State, packet: IpPacket): ReasonName | null {
  const { transport } = packet;
  if (transport?.kind !== 'tcp' && transport?.kind !== 'udp') return null;
  const matches = (rule: PortRule) =>
    rule.port === transport.destinationPort &&
    (rule.protocol === 'any' || rule.protocol === transport.kind) &&
    covers(rule.network, packet.source);
  const [best] = state.rules
    .filter(matches)
    .sort((a, b) => b.network.length - a.network.length || Number(a.protocol === 'any') - Number(b.protocol === 'any'));
  if (best === undefined) return null;
  return best.action === 'allow' ? 'PASS_RULE' : 'DROP_RULE';
}

/** What keeps a host on its network under default deny. */
export function judgeServices(state: State, packet: IpPacket): ReasonName | null {
  const { config } = state;
  if (!config.defaultDeny) return null;
  if (isNeighbourDiscovery(packet)) return 'PASS_NEIGHBOUR';
  if (isListenerDiscovery(packet)) return 'PASS_MLD';
  if (config.allowDhcp && isDhcpReply(packet)) return 'PASS_DHCP';
  const { transport } = packet;
  if (transport?.kind === 'tcp' && config.failsafePorts.includes(transport.destinationPort)) return 'PASS_FAILSAFE';
  return null;
}

export function judgeDefault(state: State, packet: IpPacket): ReasonName {
  const { config } = state;
  const { transport } = packet;
  if (!config.defaultDeny) return 'PASS_DEFAULT';
  if (transport?.kind === 'tcp' && config.openTcp.includes(transport.destinationPort)) return 'PASS_PORT';
  if (transport?.kind === 'udp' && config.openUdp.includes(transport.destinationPort)) return 'PASS_PORT';
  const redirect = packet.family === 4 ? 5 : 137;
  if (config.allowIcmp && transport?.kind === 'icmp' && transport.type !== redirect) return 'PASS_ICMP';
  if (config.allowedProtocols.includes(packet.protocol)) return 'PASS_PROTOCOL';
  return 'DROP_DEFAULT';
}
