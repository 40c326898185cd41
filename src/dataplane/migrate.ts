/** What maps of one size hold, brought to maps of another, while packets are judged by the old ones. */
import type { Clock } from './clock.ts';
import { addCounts, copyBlocks, copyBuckets, copyEntries, copyFlows } from './copy-maps.ts';
import type { KernelTables } from './kernel-tables.ts';
import { TICKS_PER_NS } from './layout.ts';
import { mapFull } from './map-full.ts';

/** Everything that only this process writes needs one copy; what the kernel program writes has to catch up. */
export class Migration {
  readonly from: KernelTables;
  readonly to: KernelTables;
  /** Maps that `to` has anew. */
  readonly resized: readonly string[];
  readonly #clock: Clock;
  readonly #hits = new Map<number, Uint8Array>();
  #pairs: (readonly [number, number])[] = [];

  constructor(from: KernelTables, to: KernelTables, resized: readonly string[], clock: Clock) {
    this.from = from;
    this.to = to;
    this.resized = resized;
    this.#clock = clock;
  }

  /** Whether flows have to be recorded in both maps until the programs have changed. */
  get movesFlows(): boolean {
    return this.#has('ct_map');
  }

  /** Copies everything. @throws NetxfwError MAP_FULL when a new map is too small for what there is */
  begin(): void {
    const { from, to } = this;
    this.#copyTries();
    this.#copyHosts();
    if (this.#has('rate_limit') || this.#has('limit_hits')) {
      const entries = from.limits.entries;
      to.limits.set(entries);
      this.#pairs = entries.map(({ prefix }) => [from.limits.idOf(prefix)!, to.limits.idOf(prefix)!] as const);
    }
    if (this.#has('own_addrs')) copyEntries(from.maps.get('own_addrs'), to.maps.get('own_addrs'));
    this.catchUp();
    to.takeOver();
  }

  /** Copies again what the kernel program has written. */
  catchUp(): void {
    const { from, to } = this;
    const map = (name: string) => [from.maps.get(name), to.maps.get(name)] as const;
    if (this.#has('ct_map')) copyFlows(from.maps.get('ct_map'), to.maps.get('ct_map'), to.flows);
    if (this.#has('dyn_lock_list')) {
      const live = copyBlocks(...map('dyn_lock_list'), this.#clock.now());
      const capacity = to.maps.get('dyn_lock_list').info.maxEntries;
      if (live > capacity) throw mapFull('dyn_lock_list', 'capacity.dyn_lock_list', capacity, live);
    }
    if (this.#has('rate_state')) this.#copyBuckets();
    if (this.#has('limit_hits')) addCounts(...map('limit_hits'), this.#pairs, this.#hits);
  }

  #has(name: string): boolean {
    return this.resized.includes(name);
  }

  #copyTries(): void {
    const { from, to } = this;
    const sizes = [
      ['whitelist', from.sources.whitelist.size, to.sources.whitelist.capacity],
      ['lock_list', from.sources.lockList.size, to.sources.lockList.capacity],
      ['ip_port_rules', from.rules.size, to.rules.capacity],
    ] as const;
    for (const [name, size, capacity] of sizes) {
      if (!this.#has(name)) continue;
      if (size > capacity) throw mapFull(name, `capacity.${name}`, capacity, size);
      copyEntries(from.maps.get(name), to.maps.get(name));
    }
    if (this.#has('ip_port_rules')) to.rules.load();
  }

  #copyHosts(): void {
    const { from, to } = this;
    for (const [name, table] of [
      ['lock_hosts4', 'hosts4'],
      ['lock_hosts6', 'hosts6'],
    ] as const) {
      if (!this.#has(name)) continue;
      const source = from.sources[table];
      const refused = to.sources[table].insert(source.hosts(), source.count).length;
      const { slots } = to.sources[table];
      if (refused > 0) throw mapFull(name, 'capacity.lock_hosts', slots, slots + refused);
    }
  }

  #copyBuckets(): void {
    using from = this.from.maps.get('rate_state').mmap();
    using to = this.to.maps.get('rate_state').mmap();
    const now = process.hrtime.bigint() * BigInt(TICKS_PER_NS);
    const { hashSeed } = this.to.maps.meta;
    copyBuckets(new BigUint64Array(from.buffer), new BigUint64Array(to.buffer), hashSeed, now);
  }
}
