/** What the program itself says of a frame: its explain variant, which reads all state and writes none of it. */
import { BpfMap, MAP_TYPE, XDP_ACTION } from '../ebpf/index.ts';
import { NetxfwError } from '../model/errors.ts';
import { formatPrefix, type Prefix, prefixFromBytes } from '../model/prefixes.ts';
import { type ReasonName, reasonName, reasonVerdict } from '../model/reasons.ts';
import type { Clock } from './clock.ts';
import { flowKey, STATE_NAMES } from './flows.ts';
import { type FrameFlow, flowOfFrame } from './frame-flow.ts';
import { FOR_PLUGINS, type LoadedPrograms, loadPrograms, type ProgramOptions } from './kernel-program.ts';
import type { KernelTables } from './kernel-tables.ts';
import { DECIDER, explainCodec, flowCodec, flowKeyCodec } from './layout.ts';
import { runFrame } from './packet-runner.ts';
import type { ExplainContext, ExplainRecord } from './policy-plane.ts';

type Note = ReturnType<typeof explainCodec.decode>;

/** Flows that one explanation can touch. */
const PRIVATE_FLOWS = 64;
const PROTOCOL_NAMES: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };
const TCP = 6;
const UDP = 17;
/** Ports that are open, whatever list they come from. */
const BY_PORTS: ReadonlySet<ReasonName> = new Set(['PASS_PORT', 'PASS_FAILSAFE']);

/** The maps in which entries stand, by enum nx_decider. */
const MAPS: Readonly<Record<number, string>> = {
  [DECIDER.WHITELIST]: 'whitelist',
  [DECIDER.DYNAMIC]: 'dyn_lock_list',
  [DECIDER.NETWORK]: 'lock_list',
  [DECIDER.HOST]: 'lock_hosts',
  [DECIDER.LOCK_LIST]: 'lock_list',
  [DECIDER.LIMIT]: 'rate_limit',
  [DECIDER.FLOW]: 'ct_map',
  [DECIDER.FRAGMENT]: 'frag_map',
  [DECIDER.RULE]: 'ip_port_rules',
};

/** The explain variant for one policy; made anew when the policy changes. */
export class Explainer implements Disposable {
  readonly #tables: KernelTables;
  readonly #clock: Clock;
  readonly #options: Omit<ProgramOptions, 'maps'>;
  #judge: LoadedPrograms | undefined;
  #record: { readonly programs: LoadedPrograms; readonly flows: BpfMap } | undefined;

  /** @param options of the programs that are in force */
  constructor(tables: KernelTables, options: Omit<ProgramOptions, 'maps'>) {
    this.#tables = tables;
    this.#clock = options.clock;
    const switches = { ...options.switches, cfg_explain: true, cfg_plugins: false };
    this.#options = { ...options, switches };
  }

  explain(frame: Uint8Array, { ifindex, direction }: ExplainContext): ExplainRecord {
    if (direction === 'out') return { ...NOTHING, records: this.#recorded(frame) };
    this.#judge ??= loadPrograms({
      ...this.#options,
      maps: this.#tables.maps,
      leaveOut: [...FOR_PLUGINS, 'netxfw_egress'],
    });
    const action = runFrame(this.#judge.xdp, frame, ifindex);
    const note = explainCodec.decode(this.#tables.maps.get('explain_result').lookup(new Uint8Array(4))!);
    const reason = reasonName(note.reason);
    if (reason === undefined || (action !== XDP_ACTION.PASS && action !== XDP_ACTION.DROP)) {
      throw new NetxfwError('KERNEL_FAILED', `the program returned ${action} with reason ${note.reason}`);
    }
    return { ...NOTHING, verdict: reasonVerdict(reason), reason, ...this.#entry(note, reason, frame) };
  }

  [Symbol.dispose](): void {
    this.#judge?.[Symbol.dispose]();
    this.#record?.programs[Symbol.dispose]();
    this.#record?.flows[Symbol.dispose]();
    this.#judge = undefined;
    this.#record = undefined;
  }

  #entry(note: Note, reason: ReasonName, frame: Uint8Array): Partial<ExplainRecord> {
    if (note.decider === DECIDER.STAGE) return BY_PORTS.has(reason) ? { map: 'allowed_ports' } : {};
    const source = prefixFromBytes(note.src);
    const named = {
      map: MAPS[note.decider] ?? null,
      text: note.text,
      expiresAt: note.expiresAt === 0 ? null : this.#clock.toUnixMs(note.expiresAt),
    };
    switch (note.decider) {
      case DECIDER.NETWORK:
        return { ...named, ...this.#network(source) };
      case DECIDER.RULE: {
        const flow = flowOfFrame(frame);
        const prefix = prefixFromBytes(note.src, note.prefixlen);
        if (flow === undefined) return { ...named, prefix };
        const protocol = flow.protocol === TCP ? 'tcp' : 'udp';
        const rule = this.#tables.rules.find(source, prefix.length, flow.destinationPort, protocol) ?? null;
        return { ...named, prefix, rule };
      }
      case DECIDER.FLOW:
      case DECIDER.FRAGMENT:
        return named;
      default:
        return { ...named, prefix: prefixFromBytes(note.src, note.prefixlen) };
    }
  }

  /** A permanent network is known to the program by the source index only. */
  #network(source: Prefix): Partial<ExplainRecord> {
    const entry = this.#tables.sources.lockList.networkOf(source);
    return entry === undefined ? {} : { prefix: entry.prefix, text: entry.reason };
  }

  /** Runs the egress program on a map of flows of its own, which holds what the real one knows of this flow. */
  #recorded(frame: Uint8Array): string | null {
    const flow = flowOfFrame(frame);
    if (flow === undefined) return null;
    this.#record ??= this.#loadEgress();
    const { programs, flows } = this.#record;
    const key = flowKey(flow);
    const before = this.#tables.maps.get('ct_map').lookup(key);
    for (const old of [...flows.keys()]) flows.delete(old);
    if (before !== undefined) flows.update(key, before);
    programs.egress!.testRun({ data: frame });
    const after = flows.lookup(key);
    if (after === undefined) return null;
    const state = STATE_NAMES[flowCodec.decode(after).state] ?? 'unknown';
    const old = before === undefined ? undefined : flowCodec.decode(before);
    const now = flowCodec.decode(after);
    const what =
      old === undefined || old.createdAt !== now.createdAt
        ? 'new flow'
        : old.state !== now.state
          ? `known flow, was ${STATE_NAMES[old.state]}`
          : 'known flow';
    return `${inWords(flow)}: ${what}, ${state}`;
  }

  #loadEgress(): { readonly programs: LoadedPrograms; readonly flows: BpfMap } {
    const flows = BpfMap.create({
      name: 'ct_explain',
      type: MAP_TYPE.LRU_HASH,
      keySize: flowKeyCodec.size,
      valueSize: flowCodec.size,
      maxEntries: PRIVATE_FLOWS,
    });
    using maps = this.#tables.maps.without(['ct_map', 'port_marks'], this.#tables.maps.meta);
    maps.add('ct_map', flows);
    const programs = loadPrograms({ ...this.#options, maps, leaveOut: FOR_PLUGINS });
    return { programs, flows: BpfMap.openId(flows.info.id) };
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

function inWords({ protocol, source, destination, sourcePort, destinationPort }: FrameFlow): string {
  const name = PROTOCOL_NAMES[protocol] ?? `protocol ${protocol}`;
  const end = (address: Prefix, port: number) => {
    const text = formatPrefix(address);
    if (protocol !== TCP && protocol !== UDP) return text;
    return address.family === 6 ? `[${text}]:${port}` : `${text}:${port}`;
  };
  const id = protocol === TCP || protocol === UDP ? '' : `, id ${sourcePort}`;
  return `${name} ${end(source, sourcePort)} -> ${end(destination, destinationPort)}${id}`;
}
