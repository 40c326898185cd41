import { awaitRunningPrograms, type MapMemory } from '../ebpf/index.ts';
import type { Clock } from './clock.ts';
import { DynamicList } from './dynamic.ts';
import { HostTables } from './host-tables.ts';
import { HostsTable4 } from './hosts-table4.ts';
import { HostsTable6 } from './hosts-table6.ts';
import type { KernelMaps } from './kernel-maps.ts';
import { StaticLists } from './lists.ts';
import { PrefixTrie } from './prefix-trie.ts';
import { type IndexWriter, SourceIndex } from './source-index.ts';
import type { Tunables } from './tunables.ts';

/** Whoever has entries that the source index must know of. */
export interface IndexContributor {
  /** Says all of them to an index that is being drawn up. */
  contribute(index: IndexWriter): void;
}

/** Everything that judges a packet by its source, over the maps of one instance. */
export class SourceTables implements Disposable {
  readonly lists: StaticLists;
  readonly dynamic: DynamicList;
  readonly index: SourceIndex;
  readonly whitelist: PrefixTrie;
  readonly lockList: PrefixTrie;
  readonly hosts4: HostsTable4;
  readonly hosts6: HostsTable6;
  readonly #memory: MapMemory[] = [];
  readonly #contributors: IndexContributor[];
  readonly #tunables: Tunables;

  constructor(maps: KernelMaps, tunables: Tunables, clock: Clock) {
    const words = (name: string): Uint32Array => {
      const memory = maps.get(name).mmap();
      this.#memory.push(memory);
      return memory.words;
    };
    const { hashSeed } = maps.meta;
    const memory = { words4: words('src_index4'), touched4: words('src_touched4'), words6: words('src_index6') };
    this.index = new SourceIndex(memory, hashSeed, (index4Always, index6Always) => {
      tunables.set({ index4Always, index6Always });
    });
    this.whitelist = new PrefixTrie('whitelist', maps.get('whitelist'));
    this.lockList = new PrefixTrie('lock_list', maps.get('lock_list'));
    this.hosts4 = new HostsTable4(words('lock_hosts4'), hashSeed, awaitRunningPrograms);
    this.hosts6 = new HostsTable6(words('lock_hosts6'), hashSeed, awaitRunningPrograms);
    this.dynamic = new DynamicList(maps.get('dyn_lock_list'), clock, {
      index: this.index,
      used: () => tunables.set({ hasDynamic: 1 }),
    });
    const { whitelist, lockList, index } = this;
    const hosts = new HostTables(this.hosts4, this.hosts6);
    this.lists = new StaticLists({ whitelist, lockList, hosts, index }, clock, {
      lockListUsed: (used) => tunables.set({ hasLockList: Number(used) }),
      rebuildIndex: () => this.rebuildIndex(),
    });
    this.#contributors = [this.lists, this.dynamic];
    this.#tunables = tunables;
  }

  /**
   * Begins to work on maps of an earlier run, which may have died between two writes: the maps are believed, the index and
   * the flags made to fit. Every contributor must be known by now.
   */
  takeOver(): void {
    this.whitelist.load();
    this.lockList.load();
    this.rebuildIndex();
    this.#tunables.set({ hasLockList: Number(this.lockList.size > 0) });
  }

  /** Makes one more part of the data plane known to `rebuildIndex`. */
  addContributor(contributor: IndexContributor): void {
    this.#contributors.push(contributor);
  }

  /**
   * Draws up the source index anew and clears what is stale. What is missing comes first, so nothing that is listed is
   * passed over meanwhile. Sources that the kernel blocks in these milliseconds get their bit again at the end.
   */
  rebuildIndex(): void {
    const draft = this.index.draft();
    for (const contributor of this.#contributors) contributor.contribute(draft);
    this.index.raise(draft);
    this.index.lower(draft);
    this.dynamic.contribute(this.index);
  }

  [Symbol.dispose](): void {
    for (const memory of this.#memory) memory[Symbol.dispose]();
  }
}
