import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { NetxfwError } from '../model/errors.ts';
import type { JudgedPacket, Judgement } from '../model/judge.ts';
import type { HealthCheck, LatencyFigures, PluginSlot } from '../model/operations.ts';
import { type Prefix, samePrefix } from '../model/prefixes.ts';
import type { ReasonName } from '../model/reasons.ts';
import type { DynamicEntry } from '../model/status.ts';
import type { ObservePlane } from './dataplane.ts';
import { type FrameFlow, flowOfFrame } from './frame-flow.ts';
import { Latency } from './latency.ts';
import type { ExplainContext, ExplainRecord, FlowRecord, VerdictRecord } from './policy-plane.ts';

const SLOTS = { first: 2, last: 15 } as const;
const UNTAGGED: Pick<VerdictRecord, 'ifindex' | 'vlan' | 'tcpFlags' | 'icmpType'> = {
  ifindex: 0,
  vlan: 0,
  tcpFlags: 0,
  icmpType: 0,
};
const NO_DATA = new Uint8Array(0);
const ETHERTYPE = { 4: 0x0800, 6: 0x86dd } as const;
const TRACKED = new Set([1, 6, 17, 58]);
const TCP = 6;
const UDP = 17;

/** Where the entry of a verdict stands. */
const MAPS: Partial<Record<ReasonName, string>> = {
  PASS_WHITELIST: 'whitelist',
  DROP_DYNAMIC: 'dyn_lock_list',
  DROP_DENIED_HOST: 'lock_hosts',
  DROP_DENIED_NETWORK: 'lock_list',
  PASS_RULE: 'ip_port_rules',
  DROP_RULE: 'ip_port_rules',
  PASS_PORT: 'allowed_ports',
  PASS_FAILSAFE: 'allowed_ports',
};

/** What a packet says besides its source. */
export type PacketFacts = Partial<Omit<VerdictRecord, 'at' | 'verdict' | 'reason' | 'source' | 'family'>>;

/** The part of the memory data plane that is looked at: its packets are judged by the subclass. */
export abstract class MemoryObserve implements ObservePlane {
  readonly #flows = new Map<string, FlowRecord>();
  readonly #listeners = new Set<(event: VerdictRecord) => void>();
  readonly #plugins = new Map<number, PluginSlot>();
  readonly #latency = new Latency();
  readonly #problems = new Map<string, HealthCheck>();
  #capture = false;
  #programs = 100;

  protected abstract judgePacket(source: Prefix, service?: JudgedPacket['service']): Judgement;
  protected abstract now(): number;
  abstract listDynamic(): DynamicEntry[];

  /** Puts a flow in as the egress program would. */
  track(flow: FlowRecord): void {
    this.#flows.set(keyOf(flow), flow);
  }

  *flows(): Generator<FlowRecord, void, undefined> {
    yield* this.#flows.values();
  }

  removeFlows(flows: Iterable<FlowRecord>): number {
    return this.#latency.time(
      'flows.remove',
      () => [...flows].filter((flow) => this.#flows.delete(keyOf(flow))).length,
    );
  }

  openEvents(listener: (event: VerdictRecord) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  setEventCapture(on: boolean): void {
    this.#capture = on;
  }

  /** Tells of a packet that was judged; `about` is what the packet itself says. */
  protected report(source: Prefix, judged: Judgement, length: number, about: PacketFacts = {}): void {
    const { verdict, reason } = judged;
    const { data = NO_DATA, ...facts } = about;
    const event: VerdictRecord = {
      ...UNTAGGED,
      at: this.now(),
      verdict,
      reason,
      monitored: false,
      ethertype: ETHERTYPE[source.family],
      family: source.family,
      source,
      destination: source,
      protocol: TCP,
      sourcePort: 0,
      destinationPort: 0,
      length,
      ...facts,
      data: this.#capture ? data : NO_DATA,
    };
    for (const listener of this.#listeners) listener(event);
  }

  explain(frame: Uint8Array, { direction }: ExplainContext): ExplainRecord {
    return this.#latency.time('explain', () => {
      const flow = flowOfFrame(frame);
      if (flow === undefined) return { ...NOTHING, reason: 'PASS_NON_IP' };
      if (direction === 'out') return { ...NOTHING, records: this.#recorded(flow) };
      const judged = this.judgePacket(flow.source, serviceOf(flow));
      const { reason: text = '', expiresAt = null } = this.#dynamicOf(judged) ?? {};
      return { ...NOTHING, ...judged, map: MAPS[judged.reason] ?? null, text, expiresAt };
    });
  }

  loadPlugin(slot: number, file: string): PluginSlot {
    return this.#latency.time('plugins.load', () => {
      requireSlot(slot);
      const taken = this.#plugins.get(slot);
      if (taken !== undefined) {
        throw new NetxfwError('INVALID_INPUT', `slot ${slot} holds the plugin ${taken.name}`, {
          hint: 'Remove it first, or take another slot from 2 to 15.',
        });
      }
      if (!existsSync(resolve(file))) throw new NetxfwError('FILE_NOT_FOUND', `there is no file ${file}`);
      const name = basename(file).split('.')[0]!.slice(0, 15);
      const programId = this.#programs++;
      const plugin = { slot, name, file, tag: programId.toString(16).padStart(16, '0'), programId };
      this.#plugins.set(slot, plugin);
      return plugin;
    });
  }

  removePlugin(slot: number): void {
    requireSlot(slot);
    if (!this.#plugins.delete(slot)) throw new NetxfwError('NOT_FOUND', `there is no plugin in slot ${slot}`);
  }

  plugins(): readonly PluginSlot[] {
    return [...this.#plugins.values()].sort((a, b) => a.slot - b.slot);
  }

  refreshAddresses(): { added: number; removed: number; refused: number } {
    return { added: 0, removed: 0, refused: 0 };
  }

  health(): readonly HealthCheck[] {
    return [...this.#problems.values(), { name: 'maps', ok: true, message: 'the maps are in memory', hint: null }];
  }

  followRoute(): null {
    return null;
  }

  heal(): readonly string[] {
    const healed = [...this.#problems.keys()];
    this.#problems.clear();
    return healed;
  }

  /** Takes the filter off an interface, as another tool would. */
  detach(name: string): void {
    const message = `no filter is on ${name}`;
    this.#problems.set(name, { name: `filter on ${name}`, ok: false, message, hint: 'netxfw system load' });
  }

  latency(): readonly LatencyFigures[] {
    return this.#latency.figures();
  }

  resetLatency(): void {
    this.#latency.reset();
  }

  #dynamicOf({ reason, prefix }: Judgement): DynamicEntry | undefined {
    if (reason !== 'DROP_DYNAMIC' || prefix === null) return undefined;
    return this.listDynamic().find((entry) => samePrefix(entry.prefix, prefix));
  }

  #recorded(flow: FrameFlow): string | null {
    if (!TRACKED.has(flow.protocol)) return null;
    return this.#flows.has(keyOf(flow)) ? 'known flow' : 'new flow';
  }
}

const NOTHING: ExplainRecord = {
  verdict: 'pass',
  reason: 'NONE',
  map: null,
  prefix: null,
  rule: null,
  text: '',
  expiresAt: null,
  records: null,
};

type FlowEnds = Pick<FlowRecord, 'protocol' | 'source' | 'destination' | 'sourcePort' | 'destinationPort'>;

function keyOf({ protocol, source, destination, sourcePort, destinationPort }: FlowEnds): string {
  return [protocol, ...source.words, ...destination.words, sourcePort, destinationPort].join(':');
}

function serviceOf({ protocol, destinationPort: port }: FrameFlow): JudgedPacket['service'] {
  if (protocol === TCP) return { protocol: 'tcp', port };
  return protocol === UDP ? { protocol: 'udp', port } : undefined;
}

function requireSlot(slot: number): void {
  if (Number.isInteger(slot) && slot >= SLOTS.first && slot <= SLOTS.last) return;
  throw new NetxfwError('INVALID_INPUT', `${slot} is not a slot for plugins`, { hint: 'Take a slot from 2 to 15.' });
}
