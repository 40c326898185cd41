import { addressFromBytes, same } from './address.ts';
import { liveFlow, writeFlow } from './flows.ts';
import type { IpPacket, TcpHeader } from './parsed.ts';
import { ICMP, ICMP6, TCP, UDP, u16 } from './parsed.ts';
import type { FlowKey, FlowState, State } from './state.ts';

/** True for an answer to a live flow; moves the flow on. */
export function isReply(state: State, packet: IpPacket, now: number): boolean {
  if (!state.config.conntrack) return false;
  const key = answeredKey(packet);
  if (key === null) return false;
  const flow = liveFlow(state, key, now);
  if (flow === undefined) return false;
  if (packet.transport?.kind !== 'tcp') {
    writeFlow(state, key, 'REPLIED', now, flow);
    return true;
  }
  const { syn, ack } = packet.transport;
  if (syn && !ack && flow.state !== 'SYN_SENT') return false;
  writeFlow(state, key, afterReply(flow.state, packet.transport), now, flow);
  return true;
}

/** The key of the packet that this one answers, which has addresses and ports exchanged. */
function answeredKey(packet: IpPacket): FlowKey | null {
  const { transport, protocol } = packet;
  const ends = { protocol, source: packet.destination, destination: packet.source };
  if (transport === null) return null;
  if (transport.kind === 'icmp') {
    const echoReply = packet.family === 4 ? 0 : 129;
    if (transport.type !== echoReply) return null;
    return { ...ends, sourcePort: transport.identifier, destinationPort: 0 };
  }
  return { ...ends, sourcePort: transport.destinationPort, destinationPort: transport.sourcePort };
}

/** The first that applies: a segment moves a flow one step. */
function afterReply(state: FlowState, { fin, syn, rst, ack }: TcpHeader): FlowState {
  if (rst) return 'CLOSED';
  if (syn && ack && state === 'SYN_SENT') return 'ESTABLISHED';
  if (fin && state === 'ESTABLISHED') return 'FIN_WAIT';
  return state;
}

const ERRORS4 = [3, 11, 12];
const ERRORS6 = [1, 2, 3, 4];

/** True for an ICMP error about a packet that this host sent in a live flow. */
export function isRelated(state: State, packet: IpPacket, now: number): boolean {
  if (!state.config.conntrack || packet.transport?.kind !== 'icmp') return false;
  if (!(packet.family === 4 ? ERRORS4 : ERRORS6).includes(packet.transport.type)) return false;
  const quoted = packet.family === 4 ? quotedFlow4(packet.transport.body) : quotedFlow6(packet.transport.body);
  if (quoted === null || !same(quoted.source, packet.destination)) return false;
  return liveFlow(state, quoted, now) !== undefined;
}

function quotedFlow4(quote: Uint8Array): FlowKey | null {
  if (quote.length < 20 || quote[0]! >> 4 !== 4) return null;
  const headerLength = (quote[0]! & 15) * 4;
  if (headerLength < 20) return null;
  const offset = u16(quote, 6) & 0x1fff;
  if (offset !== 0) return null;
  const source = addressFromBytes(quote.subarray(12, 16));
  const destination = addressFromBytes(quote.subarray(16, 20));
  return quotedPorts(quote.subarray(headerLength), { protocol: quote[9]!, source, destination }, ICMP);
}

const FRAGMENT = 44;

function quotedFlow6(quote: Uint8Array): FlowKey | null {
  if (quote.length < 40 || quote[0]! >> 4 !== 6) return null;
  const source = addressFromBytes(quote.subarray(8, 24));
  const destination = addressFromBytes(quote.subarray(24, 40));
  let protocol = quote[6]!;
  let rest = quote.subarray(40);
  if (protocol === FRAGMENT) {
    if (rest.length < 8 || u16(rest, 2) >> 3 !== 0) return null;
    protocol = rest[0]!;
    rest = rest.subarray(8);
  }
  return quotedPorts(rest, { protocol, source, destination }, ICMP6);
}

type Ends = Pick<FlowKey, 'protocol' | 'source' | 'destination'>;

/** Needs the first 8 bytes of layer 4: all that RFC 792 promises. */
function quotedPorts(bytes: Uint8Array, ends: Ends, icmp: number): FlowKey | null {
  if (bytes.length < 8) return null;
  if (ends.protocol === TCP || ends.protocol === UDP) {
    return { ...ends, sourcePort: u16(bytes, 0), destinationPort: u16(bytes, 2) };
  }
  const echoRequest = icmp === ICMP ? 8 : 128;
  if (ends.protocol !== icmp || bytes[0] !== echoRequest) return null;
  return { ...ends, sourcePort: u16(bytes, 4), destinationPort: 0 };
}
