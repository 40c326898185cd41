import { type Config, defaultConfig } from '../model/config.ts';
import { type EntryGroup, LISTS, type ListName } from '../model/entries.ts';
import { EntryTable } from '../model/entry-table.ts';
import { NetxfwError } from '../model/errors.ts';
import { type JudgedPacket, type Judgement, judge } from '../model/judge.ts';
import { MetaTable } from '../model/meta-table.ts';
import { isHost, type Prefix, parseAddress } from '../model/prefixes.ts';
import type { ReasonName } from '../model/reasons.ts';
import type { Attachment, Counter, DynamicEntry, MapFill, StatsSnapshot } from '../model/status.ts';
import type { DataPlane, ListChange, ReconcileReport } from './dataplane.ts';
import type { Capacity } from './map-sizes.ts';
import { differences } from './memory-diff.ts';
import { MemoryObserve, type PacketFacts } from './memory-observe.ts';
import { MemoryPolicy } from './memory-policy.ts';
import { capacityOf } from './policy.ts';
import type { IpPortEntry, LimitEntry, OpenPorts, PolicyChange } from './policy-plane.ts';

export type { Judgement } from '../model/judge.ts';

/** Entries that each map takes; the names are those of config.yaml. */
export type MemoryCapacity = Pick<Capacity, MapName | 'rate_limits' | 'ip_port_rules'>;

export interface MemoryOptions {
  readonly capacity?: Partial<MemoryCapacity>;
  /** Unix milliseconds; default Date.now. */
  readonly now?: () => number;
}

type MapName = 'whitelist' | 'lock_list' | 'lock_hosts' | 'dyn_lock_list';

/** Where a packet goes; a source alone is judged by what judges sources. */
export type Service = NonNullable<JudgedPacket['service']>;

/** A data plane without a kernel: the same promises, the same capacities, and a `judge` in place of packets. */
export class MemoryDataPlane extends MemoryObserve implements DataPlane {
  #capacity: MemoryCapacity;
  readonly #policy = new MemoryPolicy();
  readonly #now: () => number;
  readonly #metas = new MetaTable();
  readonly #lists: Readonly<Record<ListName, EntryTable>> = {
    allow: new EntryTable(this.#metas),
    deny: new EntryTable(this.#metas),
  };
  readonly #fill: Record<MapName, number> = { whitelist: 0, lock_list: 0, lock_hosts: 0, dyn_lock_list: 0 };
  readonly #dynamic = new Map<string, DynamicEntry>();
  #counters: Partial<Record<ReasonName, Counter>> = {};

  constructor(options: MemoryOptions = {}) {
    super();
    this.#capacity = { ...defaultConfig().capacity, ...options.capacity };
    this.#now = options.now ?? Date.now;
  }

  get capacity(): MemoryCapacity {
    return this.#capacity;
  }

  applyLists(changes: readonly ListChange[]): void {
    const fill = this.#fillAfter(changes);
    for (const map of Object.keys(fill) as MapName[]) this.#refuseOverflow(map, fill[map]);
    Object.assign(this.#fill, fill);
    for (const { list, put, remove } of changes) {
      this.#lists[list].remove(remove);
      this.#lists[list].put(put);
    }
  }

  reconcileLists(desired: Readonly<Record<ListName, readonly EntryGroup[]>>): ReconcileReport {
    const changes = LISTS.map((list) => differences(list, this.#lists[list], desired[list]));
    this.applyLists(changes);
    const added = changes.reduce((sum, { put }) => sum + put.reduce((n, { prefixes }) => n + prefixes.size, 0), 0);
    return { added, removed: changes.reduce((sum, { remove }) => sum + remove.size, 0) };
  }

  putDynamic(entries: readonly DynamicEntry[]): void {
    this.#dropEnded();
    const fresh = new Set(entries.map(({ prefix }) => keyOf(prefix)).filter((key) => !this.#dynamic.has(key)));
    this.#refuseOverflow('dyn_lock_list', this.#dynamic.size + fresh.size);
    for (const entry of entries) this.#dynamic.set(keyOf(entry.prefix), entry);
  }

  removeDynamic(prefixes: readonly Prefix[]): number {
    this.#dropEnded();
    return prefixes.filter((prefix) => this.#dynamic.delete(keyOf(prefix))).length;
  }

  listDynamic(): DynamicEntry[] {
    this.#dropEnded();
    return [...this.#dynamic.values()];
  }

  compare(config: Config): PolicyChange {
    return this.#policy.compare(config, this.#capacity);
  }

  configure(config: Config): PolicyChange {
    const change = this.compare(config);
    // The first configuration finds capacities that a test chose.
    if (change.kind === 'full') this.#resize(capacityOf(config));
    this.#policy.config = config;
    return change;
  }

  setLimits(limits: readonly LimitEntry[]): void {
    this.#policy.setLimits(limits, this.#capacity.rate_limits);
  }

  /** Nothing is limited here, so nothing is dropped by a limit. */
  limitDrops(): ReadonlyMap<string, number> {
    return new Map([...this.#policy.limits.keys()].map((prefix) => [prefix, 0]));
  }

  setPorts(ports: OpenPorts): void {
    this.#policy.ports = ports;
  }

  setIpPortRules(rules: readonly IpPortEntry[]): void {
    this.#policy.setRules(rules, this.#capacity.ip_port_rules);
  }

  /** What the engine has set, and the configuration that is followed. */
  get policy(): Readonly<Pick<MemoryPolicy, 'config' | 'limits' | 'ports' | 'rules'>> {
    return this.#policy;
  }

  /** The verdict on a packet from `address`, in the kernel's order; counts nothing. */
  judge(address: string, service?: Service): Judgement {
    return this.judgePacket(parseAddress(address), service);
  }

  protected override judgePacket(source: Prefix, service?: Service): Judgement {
    this.#dropEnded();
    const policy = {
      ...this.#policy.judged(),
      allowed: (source: Prefix) => this.#covering('allow', source),
      dynamic: (source: Prefix) => this.#dynamic.get(keyOf(source))?.prefix ?? null,
      denied: (source: Prefix) => this.#covering('deny', source),
    };
    return judge(policy, service === undefined ? { source } : { source, service });
  }

  protected override now(): number {
    return this.#now();
  }

  /** Judges a packet, counts it and reports it, as if it had arrived. */
  receive(address: string, bytes = 64, about: PacketFacts = {}): Judgement {
    const source = parseAddress(address);
    const judgement = this.judgePacket(source);
    const old = this.#counters[judgement.reason] ?? { packets: 0, bytes: 0 };
    this.#counters[judgement.reason] = { packets: old.packets + 1, bytes: old.bytes + bytes };
    this.report(source, judgement, bytes, about);
    return judgement;
  }

  readStats(): StatsSnapshot {
    return { at: this.#now(), reasons: { ...this.#counters }, monitored: {} };
  }

  resetStats(): void {
    this.#counters = {};
  }

  attachments(): readonly Attachment[] {
    return [];
  }

  fill(): readonly MapFill[] {
    this.#dropEnded();
    const { limits, ruleEntries } = this.#policy;
    const row = (name: string, entries: number, capacity: number) => ({ name, entries, capacity, bytes: 0 });
    const lists = { ...this.#fill, dyn_lock_list: this.#dynamic.size };
    return [
      ...(Object.keys(lists) as MapName[]).map((name) => row(name, lists[name], this.#capacity[name])),
      row('rate_limit', limits.size, this.#capacity.rate_limits),
      row('ip_port_rules', ruleEntries, this.#capacity.ip_port_rules),
    ];
  }

  close(): void {}

  #covering(list: ListName, source: Prefix): Prefix | null {
    const now = this.#now();
    const alive = this.#lists[list].covering(source).find(({ meta }) => (meta.expiresAt ?? now + 1) > now);
    return alive?.prefix ?? null;
  }

  #resize(capacity: MemoryCapacity): void {
    const before = this.#capacity;
    this.#capacity = capacity;
    try {
      for (const map of Object.keys(this.#fill) as MapName[]) this.#refuseOverflow(map, this.#fill[map]);
      this.#policy.setLimits([...this.#policy.limits.values()], capacity.rate_limits);
      this.#policy.setRules(this.#policy.rules, capacity.ip_port_rules);
    } catch (error) {
      this.#capacity = before;
      throw error;
    }
  }

  #fillAfter(changes: readonly ListChange[]): Record<MapName, number> {
    const fill = { ...this.#fill };
    for (const { list, put, remove } of changes) {
      const table = this.#lists[list];
      const gone = new Set<string>();
      for (const prefix of remove) {
        const meta = table.get(prefix);
        if (meta === undefined || gone.has(keyOf(prefix))) continue;
        gone.add(keyOf(prefix));
        fill[mapOf(list, prefix, meta.expiresAt)]--;
      }
      for (const { prefixes, meta } of put) {
        for (const prefix of prefixes) {
          const old = gone.size > 0 && gone.has(keyOf(prefix)) ? undefined : table.get(prefix);
          if (old !== undefined) fill[mapOf(list, prefix, old.expiresAt)]--;
          fill[mapOf(list, prefix, meta.expiresAt)]++;
        }
      }
    }
    return fill;
  }

  #refuseOverflow(map: MapName, wanted: number): void {
    const capacity = this.#capacity[map];
    if (wanted <= capacity) return;
    const refused = wanted - capacity;
    throw new NetxfwError(
      'MAP_FULL',
      `${map} holds at most ${capacity} entries: ${refused} did not fit, none was added`,
      {
        hint: `Raise capacity.${map} in config.yaml and run \`netxfw reload\`.`,
        details: { map, capacity, refused },
      },
    );
  }

  #dropEnded(): void {
    const now = this.#now();
    for (const [key, { expiresAt }] of this.#dynamic) {
      if (expiresAt !== null && expiresAt <= now) this.#dynamic.delete(key);
    }
  }
}

/** Where the kernel keeps an entry: permanent denied hosts in flat memory, all else in tries. */
function mapOf(list: ListName, prefix: Prefix, expiresAt: number | null): MapName {
  if (list === 'allow') return 'whitelist';
  return isHost(prefix) && expiresAt === null ? 'lock_hosts' : 'lock_list';
}

function keyOf(prefix: Prefix): string {
  return `${prefix.words.join(':')}/${prefix.family}/${prefix.length}`;
}
