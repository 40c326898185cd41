import { BpfMap } from '../ebpf/index.ts';
import type { FlowState } from '../model/conns.ts';
import { type Prefix, prefixBytes } from '../model/prefixes.ts';
import type { Clock } from './clock.ts';
import { FLOW_STATE, flowCodec, flowKeyCodec } from './layout.ts';
import type { OpenConnection } from './open-connections.ts';
import type { FlowRecord } from './policy-plane.ts';
import type { PortMarks } from './port-marks.ts';
import type { TunableValues } from './tunables.ts';

/** Timeouts by state, in jiffies. */
export type FlowTimeouts = Pick<
  TunableValues,
  'tcpTimeout' | 'synTimeout' | 'finTimeout' | 'udpTimeout' | 'udpUnrepliedTimeout' | 'icmpTimeout'
>;

export const STATE_NAMES: Readonly<Record<number, FlowState>> = {
  [FLOW_STATE.SYN_SENT]: 'syn_sent',
  [FLOW_STATE.ESTABLISHED]: 'established',
  [FLOW_STATE.FIN_WAIT]: 'fin_wait',
  [FLOW_STATE.CLOSED]: 'closed',
  [FLOW_STATE.UNREPLIED]: 'unreplied',
  [FLOW_STATE.REPLIED]: 'replied',
};
const STATE_NUMBERS = Object.fromEntries(
  Object.entries(STATE_NAMES).map(([number, name]) => [name, Number(number)]),
) as Readonly<Record<FlowState, number>>;
const { fields: KEY } = flowKeyCodec;
const { fields: VALUE } = flowCodec;
const UDP = 17;
/** Third word of an IPv4 address in its 128-bit form. */
const MAPPED = 0xffff;

/** Tracked outgoing flows: what the egress program has recorded in ct_map. */
export class Flows {
  readonly #map: BpfMap;
  readonly #marks: PortMarks | undefined;
  readonly #clock: Clock;
  readonly #timeouts: () => FlowTimeouts;

  /** @param marks undefined when the program keeps none */
  constructor(map: BpfMap, marks: PortMarks | undefined, clock: Clock, timeouts: () => FlowTimeouts) {
    this.#map = map;
    this.#marks = marks;
    this.#clock = clock;
    this.#timeouts = timeouts;
  }

  /** Every flow, expired ones too. The map changes meanwhile: one that comes or goes may be missed. */
  *list(): Generator<FlowRecord, void, undefined> {
    const now = this.#clock.now();
    const moment = { timeouts: this.#timeouts(), now, wall: this.#clock.toUnixMs(now), hz: this.#clock.hz };
    // A handle of its own: a reader that takes its time may see the maps exchanged for others.
    using map = BpfMap.openId(this.#map.info.id);
    for (const { count, keys, values } of map.readChunks()) {
      const key = new DataView(keys.buffer, keys.byteOffset);
      const value = new DataView(values.buffer, values.byteOffset);
      for (let i = 0; i < count; i++) {
        const flow = readFlow(key, i * flowKeyCodec.size, value, i * flowCodec.size, moment);
        if (flow !== undefined) yield flow;
      }
    }
  }

  /**
   * Makes the kernel know connections that were open before it could see them: those of this host's own making first, and
   * of all of them no more than half of what the map holds. @returns how many
   */
  remember(connections: readonly OpenConnection[]): number {
    const room = Math.floor(this.#map.info.maxEntries / 2);
    const first = connections.toSorted((a, b) => Number(a.served) - Number(b.served)).slice(0, room);
    if (first.length === 0) return 0;
    const now = this.#clock.now();
    const keys = new Uint8Array(first.length * flowKeyCodec.size);
    const values = new Uint8Array(first.length * flowCodec.size);
    for (const [i, connection] of first.entries()) {
      keys.set(flowKey(connection), i * flowKeyCodec.size);
      const value = { lastSeen: now, createdAt: now, state: STATE_NUMBERS[connection.state], flags: 0 };
      values.set(flowCodec.encode(value), i * flowCodec.size);
    }
    this.put(keys, values, first.length);
    return first.length;
  }

  /** Writes flows, keys and values as in ct_map, each one behind the other. */
  put(keys: Uint8Array, values: Uint8Array, count: number): void {
    this.#marks?.leave(keys, count);
    this.#map.updateBatch(keys, values, count);
  }

  /** Leaves the mark of every flow that is in the map. */
  markAll(): void {
    for (const { count, keys } of this.#map.readChunks()) this.#marks?.leave(keys, count);
  }

  count(): number {
    let total = 0;
    for (const { count } of this.#map.readChunks()) total += count;
    return total;
  }

  /** @returns how many of them were there */
  remove(flows: Iterable<FlowRecord>): number {
    const keys = Array.from(flows, flowKey);
    const flat = new Uint8Array(keys.length * flowKeyCodec.size);
    for (const [i, key] of keys.entries()) flat.set(key, i * flowKeyCodec.size);
    return keys.length === 0 ? 0 : this.#map.deleteBatch(flat, keys.length);
  }
}

interface Moment {
  readonly timeouts: FlowTimeouts;
  /** Jiffies. */
  readonly now: number;
  /** Unix milliseconds. */
  readonly wall: number;
  readonly hz: number;
}

/** There may be hundreds of thousands: fields are read where they lie. */
function readFlow(key: DataView, k: number, value: DataView, v: number, moment: Moment): FlowRecord | undefined {
  const { timeouts, now, wall, hz } = moment;
  const state = STATE_NAMES[VALUE.state.get(value, v + VALUE.state.offset)];
  if (state === undefined) return undefined;
  const protocol = KEY.proto.get(key, k + KEY.proto.offset);
  const lastSeen = VALUE.lastSeen.get(value, v + VALUE.lastSeen.offset);
  const createdAt = VALUE.createdAt.get(value, v + VALUE.createdAt.offset);
  const left = lastSeen + timeoutOf(state, protocol, timeouts) - now;
  return {
    protocol,
    source: addressAt(key, k + KEY.src.offset),
    destination: addressAt(key, k + KEY.dst.offset),
    sourcePort: KEY.srcPort.get(key, k + KEY.srcPort.offset),
    destinationPort: KEY.dstPort.get(key, k + KEY.dstPort.offset),
    state,
    createdAt: Math.round(wall + ((createdAt - now) * 1000) / hz),
    lastSeen: Math.round(wall + ((lastSeen - now) * 1000) / hz),
    expiresIn: Math.max(0, Math.round((left * 1000) / hz)),
  };
}

function addressAt(view: DataView, at: number): Prefix {
  const words = [view.getUint32(at), view.getUint32(at + 4), view.getUint32(at + 8), view.getUint32(at + 12)] as const;
  const mapped = words[0] === 0 && words[1] === 0 && words[2] === MAPPED;
  return mapped ? { family: 4, words, length: 32 } : { family: 6, words, length: 128 };
}

/** The key of ct_map. */
export function flowKey(
  flow: Pick<FlowRecord, 'protocol' | 'source' | 'destination' | 'sourcePort' | 'destinationPort'>,
): Uint8Array<ArrayBuffer> {
  return flowKeyCodec.encode({
    src: prefixBytes(flow.source),
    dst: prefixBytes(flow.destination),
    srcPort: flow.sourcePort,
    dstPort: flow.destinationPort,
    proto: flow.protocol,
  });
}

/** As nx_flow_timeout of bpf/include/flow.h; jiffies. */
function timeoutOf(state: FlowState, protocol: number, timeouts: FlowTimeouts): number {
  switch (state) {
    case 'syn_sent':
      return timeouts.synTimeout;
    case 'established':
      return timeouts.tcpTimeout;
    case 'fin_wait':
      return timeouts.finTimeout;
    case 'closed':
      return Number.NEGATIVE_INFINITY;
    case 'unreplied':
      return protocol === UDP ? timeouts.udpUnrepliedTimeout : timeouts.icmpTimeout;
    case 'replied':
      return protocol === UDP ? timeouts.udpTimeout : timeouts.icmpTimeout;
  }
}
