import { knownFlow, liveFlow, writeFlow } from './flows.ts';
import { parse } from './parse.ts';
import type { IpPacket, TcpHeader } from './parsed.ts';
import type { FlowKey, FlowState, State } from './state.ts';

/** Follows a packet that this host sends. It changes flows and decides nothing. */
export function record(state: State, frame: Uint8Array, now: number): void {
  if (!state.config.conntrack) return;
  const packet = parse(frame, true);
  if (!('transport' in packet) || packet.transport === null) return;
  const { protocol, source, destination, transport } = packet;
  if (transport.kind === 'tcp') {
    const { sourcePort, destinationPort } = transport;
    recordTcp(state, { protocol, source, destination, sourcePort, destinationPort }, transport, now);
  } else if (transport.kind === 'udp') {
    if (state.config.openUdp.includes(transport.sourcePort)) return;
    const { sourcePort, destinationPort } = transport;
    recordRequest(state, { protocol, source, destination, sourcePort, destinationPort }, now);
  } else if (transport.type === echoRequest(packet)) {
    recordRequest(state, { protocol, source, destination, sourcePort: transport.identifier, destinationPort: 0 }, now);
  }
}

function echoRequest(packet: IpPacket): number {
  return packet.family === 4 ? 8 : 128;
}

function recordTcp(state: State, key: FlowKey, { syn, ack, rst, fin }: TcpHeader, now: number): void {
  const known = knownFlow(state, key);
  const live = liveFlow(state, key, now);
  if (syn && !ack) {
    const repeated = live?.state === 'SYN_SENT' ? live : undefined;
    writeFlow(state, key, 'SYN_SENT', now, repeated);
    return;
  }
  if (syn) return;
  if (rst) {
    if (known !== undefined) writeFlow(state, key, 'CLOSED', now, known);
    return;
  }
  const { openTcp, failsafePorts } = state.config;
  if (openTcp.includes(key.sourcePort) || failsafePorts.includes(key.sourcePort)) return;
  if (fin) {
    writeFlow(state, key, 'FIN_WAIT', now, live);
    return;
  }
  const goesOn: FlowState = live?.state ?? 'ESTABLISHED';
  writeFlow(state, key, goesOn, now, live);
}

/** UDP and ICMP echo requests. */
function recordRequest(state: State, key: FlowKey, now: number): void {
  const live = liveFlow(state, key, now);
  writeFlow(state, key, live?.state ?? 'UNREPLIED', now, live);
}
