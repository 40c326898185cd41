import { FLOW_STATES, type FlowFilter, type FlowState } from '../../../../src/model/conns.ts';
import { parsePrefix } from '../../../../src/model/prefixes.ts';
import type { UrlState } from '../../parts/url-state.ts';

export const PROTOCOLS = ['tcp', 'udp', 'icmp', 'icmpv6'] as const;
type Protocol = (typeof PROTOCOLS)[number];

/** The filter that stands in the address; what is still being typed does not count. */
export function filterFrom(url: UrlState): FlowFilter {
  const protocol = url.get('protocol') as Protocol;
  const state = url.get('state') as FlowState;
  const peer = url.get('peer').trim();
  const port = Number(url.get('port') || Number.NaN);
  return {
    ...(PROTOCOLS.includes(protocol) ? { protocol } : {}),
    ...(FLOW_STATES.includes(state) ? { state } : {}),
    ...(isPrefix(peer) ? { destination: peer } : {}),
    ...(Number.isInteger(port) && port >= 0 && port <= 65535 ? { port } : {}),
  };
}

export function isPrefix(text: string): boolean {
  try {
    parsePrefix(text);
    return true;
  } catch {
    return false;
  }
}
