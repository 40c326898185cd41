import { type EntryGroup, LISTS, type ListName } from '../model/entries.ts';
import { EntryTable } from '../model/entry-table.ts';
import { NetxfwError } from '../model/errors.ts';
import { MetaTable } from '../model/meta-table.ts';
import { isHost, type Prefix, parseAddress, prefix6 } from '../model/prefixes.ts';
import { type ReasonName, reasonVerdict } from '../model/reasons.ts';
import type { Attachment, Counter, DynamicEntry, MapFill, StatsSnapshot } from '../model/status.ts';
import type { DataPlane, ListChange, ReconcileReport } from './dataplane.ts';
import { differences } from './memory-diff.ts';

/** Entries that each map takes; the names are those of config.yaml. */
export interface MemoryCapacity {
  readonly whitelist: number;
  readonly lock_list: number;
  readonly lock_hosts: number;
  readonly dyn_lock_list: number;
}

export interface MemoryOptions {
  readonly capacity?: Partial<MemoryCapacity>;
  /** Unix milliseconds; default Date.now. */
  readonly now?: () => number;
}

const CAPACITY: MemoryCapacity = {
  whitelist: 65_536,
  lock_list: 524_288,
  lock_hosts: 2_000_000,
  dyn_lock_list: 262_144,
};

type MapName = keyof MemoryCapacity;

/** The verdict on a source and what decided it. */
export interface Judgement {
  readonly verdict: 'pass' | 'drop';
  readonly reason: ReasonName;
  readonly prefix: Prefix | null;
}

/** A data plane without a kernel: the same promises, the same capacities, and a `judge` in place of packets. */
export class MemoryDataPlane implements DataPlane {
  readonly capacity: MemoryCapacity;
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
    this.capacity = { ...CAPACITY, ...options.capacity };
    this.#now = options.now ?? Date.now;
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

  /** The verdict on a packet from `address`, in the kernel's order; counts nothing. */
  judge(address: string): Judgement {
    const source = parseAddress(address);
    const allowed = this.#covering('allow', source);
    if (allowed !== null) return judged('PASS_WHITELIST', allowed);
    this.#dropEnded();
    for (const prefix of [source, ...(source.family === 6 ? [prefix6(source.words, 64)] : [])]) {
      if (this.#dynamic.has(keyOf(prefix))) return judged('DROP_DYNAMIC', prefix);
    }
    const denied = this.#covering('deny', source);
    if (denied !== null) return judged(isHost(denied) ? 'DROP_DENIED_HOST' : 'DROP_DENIED_NETWORK', denied);
    return judged('PASS_DEFAULT', null);
  }

  /** Judges a packet and counts it, as if it had arrived. */
  receive(address: string, bytes = 64): Judgement {
    const judgement = this.judge(address);
    const old = this.#counters[judgement.reason] ?? { packets: 0, bytes: 0 };
    this.#counters[judgement.reason] = { packets: old.packets + 1, bytes: old.bytes + bytes };
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
    const entries = { ...this.#fill, dyn_lock_list: this.#dynamic.size };
    return (Object.keys(entries) as MapName[]).map((name) => ({
      name,
      entries: entries[name],
      capacity: this.capacity[name],
      bytes: 0,
    }));
  }

  close(): void {}

  #covering(list: ListName, source: Prefix): Prefix | null {
    const now = this.#now();
    const alive = this.#lists[list].covering(source).find(({ meta }) => (meta.expiresAt ?? now + 1) > now);
    return alive?.prefix ?? null;
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
    const capacity = this.capacity[map];
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

function judged(reason: ReasonName, prefix: Prefix | null): Judgement {
  return { verdict: reasonVerdict(reason), reason, prefix };
}

/** Where the kernel keeps an entry: permanent denied hosts in flat memory, all else in tries. */
function mapOf(list: ListName, prefix: Prefix, expiresAt: number | null): MapName {
  if (list === 'allow') return 'whitelist';
  return isHost(prefix) && expiresAt === null ? 'lock_hosts' : 'lock_list';
}

function keyOf(prefix: Prefix): string {
  return `${prefix.words.join(':')}/${prefix.family}/${prefix.length}`;
}
