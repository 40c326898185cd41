import { BpfMap } from '../ebpf/index.ts';
import type { Config } from '../model/config.ts';
import type { EntryGroup, ListName } from '../model/entries.ts';
import type { HealthCheck, LatencyFigures, PluginSlot } from '../model/operations.ts';
import type { Prefix } from '../model/prefixes.ts';
import type { Attachment, DynamicEntry, MapFill, StatsSnapshot } from '../model/status.ts';
import type { ActiveFilter } from './active-filter.ts';
import type { AttachOptions } from './attach.ts';
import { type Clock, readClock } from './clock.ts';
import type { DataPlane, ListChange, ReconcileReport } from './dataplane.ts';
import { guarded, guardedEach } from './failures.ts';
import { fillOf } from './fill.ts';
import type { Flows } from './flows.ts';
import { mapChecks, placeChecks } from './health.ts';
import { type KernelOptions, loadFilter, openFilter } from './kernel-load.ts';
import type { KernelMaps } from './kernel-maps.ts';
import type { Switches } from './kernel-program.ts';
import { Latency } from './latency.ts';
import type { AddressChanges } from './own-addresses.ts';
import { type Judgement, PacketRunner } from './packet-runner.ts';
import { follow, policyChange } from './policy-follow.ts';
import type {
  ExplainContext,
  ExplainRecord,
  FlowRecord,
  IpPortEntry,
  LimitEntry,
  OpenPorts,
  PolicyChange,
  VerdictRecord,
} from './policy-plane.ts';
import type { SourceTables } from './source-tables.ts';
import { readStats, resetStats } from './stats.ts';
import type { Tunables } from './tunables.ts';
import { readVerdicts } from './verdicts.ts';

/**
 * The packet filter in the kernel. Its maps and links are pinned and outlive the process; one process at a time may write
 * them. Every method throws only NetxfwError. Linux 5.12.
 */
export class KernelDataPlane implements DataPlane {
  /** The maps are those of an earlier run, or hold what those held. */
  readonly adopted: boolean;
  /** What had to be done to the machine, for the user to know. */
  readonly notices: readonly string[];
  readonly clock: Clock;
  readonly #filter: ActiveFilter;
  readonly #latency = new Latency();
  readonly #interfacesOf: (config: Config) => readonly string[];
  #runner: PacketRunner | undefined;
  /** In force; undefined when this process loaded none. */
  #config: Config | undefined;

  private constructor(filter: ActiveFilter, clock: Clock, options: Partial<KernelOptions>, start: Start) {
    this.#filter = filter;
    this.clock = clock;
    this.#config = options.config;
    this.adopted = start.adopted;
    this.notices = start.notices;
    const attached = () => filter.attachments.list().map((one) => one.interface);
    const { defaultInterfaces = attached } = options;
    this.#interfacesOf = ({ base }) => (base.interfaces.length > 0 ? base.interfaces : defaultInterfaces());
  }

  /**
   * Makes the maps, or takes over those that are pinned, and loads the program on them. Nothing is attached yet, and a
   * program that is attached already works on until `attach`. A load that fails leaves everything as it was. When pinned
   * maps have another size, new ones are made that hold the same.
   * @throws NetxfwError NOT_ROOT, NO_BPFFS, KERNEL_UNSUPPORTED, LIBRARY_MISSING, OBJECT_MISSING, VERIFIER_REJECTED,
   * LAYOUT_MISMATCH when pinned maps are of another version, MAP_FULL when what they hold does not fit
   */
  static load(options: KernelOptions): KernelDataPlane {
    return guarded(() => {
      const { filter, clock, ...start } = loadFilter(options);
      return new KernelDataPlane(filter, clock, options, start);
    });
  }

  /**
   * Takes over pinned maps without loading a program: for reading them, and for writing lists that a loaded program uses.
   * @returns undefined when nothing is pinned there
   * @throws NetxfwError NOT_ROOT, LAYOUT_MISMATCH
   */
  static open(pinPath: string, options: Pick<KernelOptions, 'defaultInterfaces'> = {}): KernelDataPlane | undefined {
    return guarded(() => {
      const clock = readClock();
      const filter = openFilter(pinPath, clock);
      return filter && new KernelDataPlane(filter, clock, options, { adopted: true, notices: [] });
    });
  }

  get maps(): KernelMaps {
    return this.#filter.tables.maps;
  }

  get tunables(): Tunables {
    return this.#filter.tables.tunables;
  }

  get flowTable(): Flows {
    return this.#filter.tables.flows;
  }

  get sources(): SourceTables {
    return this.#filter.tables.sources;
  }

  /**
   * Puts the program on exactly these interfaces: atomic updates where one is attached, new links elsewhere, and off where
   * it is no longer wanted. All or nothing. Fill the lists of new maps before.
   * @throws NetxfwError INTERFACE_UNKNOWN, ATTACH_FAILED, NOT_LOADED when `open` made this data plane
   */
  attach(options: AttachOptions): readonly Attachment[] {
    return guarded(() => {
      this.#filter.attach(options);
      return this.#filter.attachments.list();
    });
  }

  /**
   * Loads the program anew with other switches, on the same maps. `attach` puts it in force.
   * @throws NetxfwError VERIFIER_REJECTED; the loaded program stays then
   */
  reload(switches: Switches): void {
    guarded(() => this.#filter.load(switches));
    this.#runner = undefined;
  }

  /**
   * Judges a frame with the loaded program, attached or not (BPF_PROG_TEST_RUN); it counts and changes state as any other.
   * @param ifindex the interface it came in on; default: the loopback interface
   */
  run(frame: Uint8Array, options: { readonly ifindex?: number } = {}): Judgement {
    return guarded(() => {
      this.#runner ??= new PacketRunner(this.#filter.programs.xdp, this.maps.get('stats'));
      return this.#runner.run(frame, options.ifindex);
    });
  }

  applyLists(changes: readonly ListChange[]): void {
    this.#do('lists.apply', () => this.sources.lists.apply(changes));
  }

  reconcileLists(desired: Readonly<Record<ListName, readonly EntryGroup[]>>): ReconcileReport {
    return this.#do('lists.reconcile', () => this.sources.lists.reconcile(desired));
  }

  putDynamic(entries: readonly DynamicEntry[]): void {
    this.#do('dynamic.put', () => this.sources.dynamic.put(entries));
  }

  removeDynamic(prefixes: readonly Prefix[]): number {
    return this.#do('dynamic.remove', () => this.sources.dynamic.remove(prefixes));
  }

  listDynamic(): DynamicEntry[] {
    return this.#do('dynamic.list', () => this.sources.dynamic.list());
  }

  readStats(): StatsSnapshot {
    return this.#do('stats.read', () => readStats(this.maps.get('stats')));
  }

  resetStats(): void {
    this.#do('stats.reset', () => resetStats(this.maps.get('stats')));
  }

  attachments(): readonly Attachment[] {
    return guarded(() => this.#filter.attachments.list());
  }

  fill(): readonly MapFill[] {
    return this.#do('fill.read', () => fillOf(this.#filter.tables));
  }

  compare(config: Config): PolicyChange {
    return guarded(() => policyChange(this.#filter, config, this.#interfacesOf));
  }

  configure(config: Config): PolicyChange {
    this.#runner = undefined;
    return this.#do('policy.configure', () => {
      const change = follow(this.#filter, config, this.#interfacesOf, this.clock);
      this.#config = config;
      return change;
    });
  }

  setLimits(limits: readonly LimitEntry[]): void {
    this.#do('limits.set', () => this.#filter.tables.limits.set(limits));
  }

  limitDrops(): ReadonlyMap<string, number> {
    return this.#do('limits.drops', () => this.#filter.tables.limits.drops());
  }

  setPorts(ports: OpenPorts): void {
    this.#do('ports.set', () => this.#filter.tables.ports.set(ports));
  }

  setIpPortRules(rules: readonly IpPortEntry[]): void {
    this.#do('rules.set', () => this.#filter.tables.rules.set(rules));
  }

  flows(): Iterable<FlowRecord> {
    return guardedEach(() => this.#filter.tables.flows.list());
  }

  removeFlows(flows: Iterable<FlowRecord>): number {
    return this.#do('flows.remove', () => this.#filter.tables.flows.remove(flows));
  }

  openEvents(listener: (event: VerdictRecord) => void): Disposable {
    // A handle of its own: the maps may be exchanged for others, the ring never is.
    return guarded(() => readVerdicts(BpfMap.openId(this.maps.get('events').info.id), listener));
  }

  setEventCapture(on: boolean): void {
    this.tunables.set({ eventsCapture: Number(on) });
  }

  explain(frame: Uint8Array, context: ExplainContext): ExplainRecord {
    return this.#do('explain', () => this.#filter.explainer.explain(frame, context));
  }

  loadPlugin(slot: number, file: string): PluginSlot {
    this.#runner = undefined;
    return this.#do('plugins.load', () => this.#filter.loadPlugin(slot, file));
  }

  removePlugin(slot: number): void {
    this.#runner = undefined;
    this.#do('plugins.remove', () => this.#filter.removePlugin(slot));
  }

  plugins(): readonly PluginSlot[] {
    return guarded(() => this.#filter.plugins());
  }

  refreshAddresses(): AddressChanges {
    return this.#do('addresses.refresh', () => this.#filter.tables.ownAddresses.refresh());
  }

  health(): readonly HealthCheck[] {
    const places = guarded(() => this.#filter.inspect());
    const none = places.length === 0 ? [NOWHERE] : [];
    return [...mapChecks(this.maps), ...none, ...places.flatMap(placeChecks)];
  }

  followRoute(): string | null {
    if (this.#config === undefined || this.#config.base.interfaces.length > 0) return null;
    const [name] = guarded(() => this.#interfacesOf(this.#config!));
    return name !== undefined && guarded(() => this.#filter.wantAlso(name)) ? name : null;
  }

  heal(): readonly string[] {
    return this.#do('health.heal', () => this.#filter.heal());
  }

  latency(): readonly LatencyFigures[] {
    return this.#latency.figures();
  }

  resetLatency(): void {
    this.#latency.reset();
  }

  close(): void {
    this.#filter[Symbol.dispose]();
  }

  #do<Result>(operation: string, run: () => Result): Result {
    return guarded(() => this.#latency.time(operation, run));
  }
}

const NOWHERE: HealthCheck = {
  name: 'filter',
  ok: false,
  message: 'the filter is on no interface: all packets pass',
  hint: 'Name interfaces in base.interfaces, then run `netxfw system load`.',
};

interface Start {
  readonly adopted: boolean;
  readonly notices: readonly string[];
}
