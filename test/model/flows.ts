import { text } from './address.ts';
import { UDP } from './parsed.ts';
import type { Config, Flow, FlowKey, FlowState, State } from './state.ts';

export function flowKey(key: FlowKey): string {
  return `${key.protocol} ${text(key.source)} ${key.sourcePort} > ${text(key.destination)} ${key.destinationPort}`;
}

function timeout(config: Config, key: FlowKey, state: FlowState): number {
  const echo = key.protocol !== UDP;
  switch (state) {
    case 'SYN_SENT':
      return config.synTimeout;
    case 'ESTABLISHED':
      return config.tcpTimeout;
    case 'FIN_WAIT':
      return config.finTimeout;
    case 'UNREPLIED':
      return echo ? config.icmpTimeout : config.udpUnrepliedTimeout;
    case 'REPLIED':
      return echo ? config.icmpTimeout : config.udpTimeout;
    case 'CLOSED':
      return 0;
  }
}

/** Live or not; undefined when nothing is recorded under the key. */
export function knownFlow(state: State, key: FlowKey): Flow | undefined {
  return state.flows.get(flowKey(key));
}

export function liveFlow(state: State, key: FlowKey, now: number): Flow | undefined {
  const flow = knownFlow(state, key);
  if (flow === undefined || flow.state === 'CLOSED') return undefined;
  return now - flow.lastSeen <= timeout(state.config, key, flow.state) ? flow : undefined;
}

/** Writes the flow's state and time; the time of a flow that goes on only once a second. */
export function writeFlow(state: State, key: FlowKey, to: FlowState, now: number, goesOn?: Flow): void {
  const lastSeen = goesOn !== undefined && now - goesOn.lastSeen < 1000 ? goesOn.lastSeen : now;
  state.flows.set(flowKey(key), { state: to, lastSeen });
}
