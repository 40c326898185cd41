import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DataPlane, FlowRecord } from '../dataplane/dataplane.ts';
import {
  FLOW_STATES,
  type Flow,
  type FlowCounts,
  type FlowFilter,
  type FlowPage,
  type FlowQuery,
} from '../model/conns.ts';
import { NetxfwError } from '../model/errors.ts';
import { covers, formatPrefix, type Prefix, parsePrefix } from '../model/prefixes.ts';
import { PROTOCOLS } from '../model/protocols.ts';
import type { MapFill } from '../model/status.ts';

/** Flows that are looked at between two turns of the event loop: a few milliseconds of work. */
const SLICE = 2048;
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;
const PROTOCOL_NAMES: ReadonlyMap<number, Flow['protocol']> = new Map(
  (['tcp', 'udp', 'icmp', 'icmpv6'] as const).map((name) => [PROTOCOLS[name], name]),
);

/** Tracked outgoing connections. However many there are, others get their turn while they are read. */
export class Conns {
  readonly #dataplane: Pick<DataPlane, 'flows' | 'removeFlows'>;
  readonly #fill: () => readonly MapFill[];

  /** @param fill how full the maps are, a moment ago at most */
  constructor(dataplane: Pick<DataPlane, 'flows' | 'removeFlows'>, fill: () => readonly MapFill[]) {
    this.#dataplane = dataplane;
    this.#fill = fill;
  }

  /**
   * The newest first.
   * @throws NetxfwError INVALID_ADDRESS, INVALID_INPUT
   */
  async list(query: FlowQuery = {}): Promise<FlowPage> {
    const { offset = 0, limit = DEFAULT_LIMIT, ...filter } = query;
    requireInteger('offset', offset, 0, Number.MAX_SAFE_INTEGER);
    requireInteger('limit', limit, 1, MAX_LIMIT);
    const matches = matcherOf(filter);
    const wanted = offset + limit;
    let newest: FlowRecord[] = [];
    let total = 0;
    for await (const slice of slicesOf(this.#dataplane.flows())) {
      const found = slice.filter(matches);
      total += found.length;
      newest.push(...found);
      // No more is sorted at once than a page and a slice, and no more is held.
      if (newest.length > 2 * wanted) newest = newest.sort(newestFirst).slice(0, wanted);
    }
    return { flows: newest.sort(newestFirst).slice(offset, wanted).map(toFlow), total };
  }

  async counts(): Promise<FlowCounts> {
    const states = Object.fromEntries(FLOW_STATES.map((state) => [state, 0])) as Record<Flow['state'], number>;
    let total = 0;
    for await (const slice of slicesOf(this.#dataplane.flows())) {
      for (const { state } of slice) states[state]++;
      total += slice.length;
    }
    const capacity = this.#fill().find(({ name }) => name === 'ct_map')?.capacity ?? 0;
    return { total, capacity, states };
  }

  /** @returns how many were removed */
  async flush(filter: FlowFilter = {}): Promise<number> {
    const flows = await this.#matching(filter);
    let removed = 0;
    for (let at = 0; at < flows.length; at += SLICE) {
      removed += this.#dataplane.removeFlows(flows.slice(at, at + SLICE));
      await nextTurn();
    }
    return removed;
  }

  async #matching(filter: FlowFilter): Promise<FlowRecord[]> {
    const matches = matcherOf(filter);
    const found: FlowRecord[] = [];
    for await (const slice of slicesOf(this.#dataplane.flows()))
      for (const flow of slice) if (matches(flow)) found.push(flow);
    return found;
  }
}

const newestFirst = (a: FlowRecord, b: FlowRecord): number =>
  b.createdAt - a.createdAt || a.sourcePort - b.sourcePort || a.destination.words[3] - b.destination.words[3];

async function* slicesOf(flows: Iterable<FlowRecord>): AsyncGenerator<readonly FlowRecord[]> {
  let slice: FlowRecord[] = [];
  for (const flow of flows) {
    if (slice.push(flow) < SLICE) continue;
    yield slice;
    slice = [];
    await nextTurn();
  }
  if (slice.length > 0) yield slice;
}

function matcherOf({ protocol, state, source, destination, port }: FlowFilter): (flow: FlowRecord) => boolean {
  const number = protocol === undefined ? undefined : PROTOCOLS[protocol];
  const from = prefixOf(source);
  const to = prefixOf(destination);
  return (flow) =>
    (number === undefined || flow.protocol === number) &&
    (state === undefined || flow.state === state) &&
    (port === undefined || flow.destinationPort === port || flow.sourcePort === port) &&
    (from === undefined || covers(from, flow.source)) &&
    (to === undefined || covers(to, flow.destination));
}

const prefixOf = (text: string | undefined): Prefix | undefined =>
  text === undefined ? undefined : parsePrefix(text.trim()).prefix;

/** A flow as users see it. */
function toFlow(flow: FlowRecord): Flow {
  return {
    protocol: PROTOCOL_NAMES.get(flow.protocol) ?? 'tcp',
    source: formatPrefix(flow.source),
    sourcePort: flow.sourcePort,
    destination: formatPrefix(flow.destination),
    destinationPort: flow.destinationPort,
    state: flow.state,
    createdAt: new Date(flow.createdAt).toISOString(),
    lastSeen: new Date(flow.lastSeen).toISOString(),
    expiresIn: Math.round(flow.expiresIn / 1000),
  };
}

function requireInteger(name: string, value: number, from: number, to: number): void {
  if (Number.isInteger(value) && value >= from && value <= to) return;
  throw new NetxfwError('INVALID_INPUT', `${name}: ${value}: must be a whole number from ${from} to ${to}`);
}
