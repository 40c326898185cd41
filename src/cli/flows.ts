import { FLOW_STATES, type Flow, type FlowFilter, type FlowState } from '../model/conns.ts';
import { checkPrefix, portNumber } from './input.ts';

const FLOW_PROTOCOLS = ['tcp', 'udp', 'icmp', 'icmpv6'] as const;

/** Options that choose flows. */
export const FLOW_OPTIONS = {
  protocol: { value: 'PROTOCOL', choices: FLOW_PROTOCOLS, help: 'only this one' },
  state: { value: 'STATE', choices: FLOW_STATES, help: 'only in this state' },
  source: { value: 'ADDRESS', help: 'only from this address or network of this host' },
  destination: { value: 'ADDRESS', help: 'only to this address or network' },
  port: { value: 'PORT', help: 'only with this port on either side' },
} as const;

export interface FlowInput {
  readonly protocol: Flow['protocol'] | undefined;
  readonly state: FlowState | undefined;
  readonly source: string | undefined;
  readonly destination: string | undefined;
  readonly port: string | undefined;
}

/** @throws NetxfwError INVALID_ADDRESS, INVALID_PORT */
export function flowFilter({ protocol, state, source, destination, port }: FlowInput): FlowFilter {
  return {
    ...(protocol === undefined ? {} : { protocol }),
    ...(state === undefined ? {} : { state }),
    ...(source === undefined ? {} : { source: checkPrefix(source) }),
    ...(destination === undefined ? {} : { destination: checkPrefix(destination) }),
    ...(port === undefined ? {} : { port: portNumber(port) }),
  };
}
