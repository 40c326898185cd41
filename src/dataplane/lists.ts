/**
 * The two static source lists as the kernel program sees them: whitelist; lock_hosts4/6 and lock_list for denied sources;
 * and their bits of the source index. Entries go into a table first, then their bits are set; they leave in the opposite
 * order; an entry that changes tables is in both for a moment. So no packet is judged by a list that lacks something.
 */
import type { EntryGroup, ListName } from '../model/entries.ts';
import { NetxfwError } from '../model/errors.ts';
import { PrefixList } from '../model/prefix-list.ts';
import type { Clock } from './clock.ts';
import type { ListChange, ReconcileReport } from './dataplane.ts';
import { DenyPut } from './deny-put.ts';
import { ACTION } from './layout.ts';
import { differing } from './list-difference.ts';
import { ListEntries, listValue } from './list-entries.ts';
import type { ListTables, ListWork } from './list-work.ts';
import { INDEX_BIT } from './nibbles.ts';
import { filtered, hostsOf, merged, push6 } from './prefix-lists.ts';
import { PrefixMap } from './prefix-map.ts';
import { INDEXED, type PrefixTrie } from './prefix-trie.ts';
import type { IndexWriter } from './source-index.ts';

export interface ListHooks {
  /** Told true before lock_list is relied on, and false when nothing is in it any more. */
  lockListUsed(used: boolean): void;
  /** Draws up the index anew; called when many of its bits may be stale. */
  rebuildIndex(): void;
}

/** Removed entries whose bits may stay set before the index is drawn up anew. */
const MIN_STALE = 4096;

export class StaticLists {
  readonly #tables: ListTables;
  readonly #clock: Clock;
  readonly #hooks: ListHooks;
  #stale = 0;

  /** The mirrors of the tries must be loaded, unless their maps are new. */
  constructor(tables: ListTables, clock: Clock, hooks: ListHooks) {
    this.#tables = tables;
    this.#clock = clock;
    this.#hooks = hooks;
  }

  /** @throws NetxfwError MAP_FULL, KERNEL_FAILED; the lists are then as they were */
  apply(changes: readonly ListChange[]): void {
    const { whitelist, lockList } = this.#tables;
    const entries = this.#entriesOf(changes.map(({ list, put }) => [list, put]));
    const denied = removals(changes, 'deny');
    this.#commit({
      ...entries,
      allowRemove: filtered(removals(changes, 'allow'), whitelist.known, true),
      trieRemove: filtered(denied, lockList.known, true),
      hostsRemove: hostsOf(denied),
    });
  }

  /** Reads what the maps hold and applies the difference; errors as `apply`. */
  reconcile(desired: Readonly<Record<ListName, readonly EntryGroup[]>>): ReconcileReport {
    const wanted = this.#entriesOf([
      ['allow', desired.allow],
      ['deny', desired.deny],
    ]);
    const { work, report } = differing(wanted, this.#tables, this.#clock);
    this.#commit(work);
    return report;
  }

  /** Says all entries to an index that is being drawn up. */
  contribute(index: IndexWriter): void {
    const { whitelist, lockList, hosts } = this.#tables;
    const allow = new PrefixList();
    whitelist.known.four.forEach((words, lengths, i) => {
      allow.push4(words[i]!, lengths[i]!);
    });
    whitelist.known.six.forEach((words, lengths, i) => {
      push6(allow, words, lengths, i);
    });
    index.touch('allow', INDEX_BIT.ALLOW, allow);

    const networks = new PrefixList();
    const others = new PrefixList();
    lockList.known.four.forEach((words, lengths, i, value) => {
      (value === INDEXED ? networks : others).push4(words[i]!, lengths[i]!);
    });
    lockList.known.six.forEach((words, lengths, i) => {
      push6(others, words, lengths, i);
    });
    index.cover(networks);
    index.touch('deny', INDEX_BIT.OTHER, others);
    index.touch('deny', INDEX_BIT.HOST, hosts.all());
    this.#stale = 0;
  }

  #entriesOf(puts: readonly (readonly [ListName, readonly EntryGroup[]])[]): Pick<ListWork, 'allow' | 'deny'> {
    const allow = new ListEntries();
    const deny = new DenyPut();
    for (const [list, groups] of puts) {
      for (const group of groups) {
        const value = listValue(list === 'allow' ? ACTION.ALLOW : ACTION.DENY, group.meta, this.#clock);
        if (list === 'allow') allow.pushAll(group.prefixes, allow.addValue(value));
        else deny.add(group, value);
      }
    }
    return { allow, deny };
  }

  #commit(work: ListWork): void {
    const { whitelist, lockList, hosts } = this.#tables;
    const undo: (() => void)[] = [];
    try {
      this.#putAll(work, undo);
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw error;
    }
    this.#setBits(work);

    const trieRemove = merged(work.trieRemove, this.#movedToHosts(work.deny.hosts));
    const hostsRemove = merged(work.hostsRemove, hosts.present(work.deny.entries.prefixes));
    this.#removeFrom(whitelist, work.allowRemove);
    this.#removeFrom(lockList, trieRemove);
    hosts.remove(hostsRemove);
    this.#hooks.lockListUsed(lockList.size > 0);
    this.#stale += work.allowRemove.size + trieRemove.size + hostsRemove.size;
    const entries = whitelist.size + lockList.size + hosts.count;
    if (this.#stale > Math.max(MIN_STALE, entries / 4)) this.#hooks.rebuildIndex();
  }

  #putAll(work: ListWork, undo: (() => void)[]): void {
    const { whitelist, lockList } = this.#tables;
    const refused = this.#placeHosts(work, undo);
    for (const [trie, entries, remove] of [
      [whitelist, work.allow, work.allowRemove],
      [lockList, work.deny.entries, work.trieRemove],
    ] as const) {
      if (!this.#mustMakeRoom(trie, entries, remove, refused)) continue;
      const restore = trie.snapshot(remove);
      undo.push(() => {
        restore();
        this.#hooks.rebuildIndex();
      });
      this.#removeFrom(trie, remove);
    }
    undo.push(() => this.#hooks.lockListUsed(lockList.size > 0));
    if (work.deny.entries.size > 0) this.#hooks.lockListUsed(true);
    undo.push(whitelist.put(work.allow));
    undo.push(lockList.put(work.deny.entries));
  }

  /** @returns how many hosts lock_hosts has no room for; they are among the other entries now */
  #placeHosts({ deny, hostsRemove }: ListWork, undo: (() => void)[]): number {
    const { hosts } = this.#tables;
    let placed = hosts.insert(deny.hosts);
    undo.push(placed.undo);
    const count = () => placed.refused.four.length + placed.refused.six.length;
    if (count() > 0 && hostsRemove.size > 0) {
      const gone = hosts.remove(hostsRemove);
      undo.push(() => hosts.insert(gone));
      placed = hosts.insert(deny.hosts);
      undo.push(placed.undo);
    }
    deny.fallBack(placed.refused);
    return count();
  }

  /** @returns whether entries have to leave before others can come. @throws NetxfwError MAP_FULL */
  #mustMakeRoom(trie: PrefixTrie, entries: ListEntries, remove: PrefixList, refusedHosts: number): boolean {
    const size = trie.size + trie.countNew(entries);
    if (size <= trie.capacity) return false;
    const refused = size - remove.size - trie.capacity;
    if (refused <= 0) return true;
    const { hosts, lockList } = this.#tables;
    throw trie === lockList && refusedHosts > 0
      ? mapFull('lock_hosts', hosts.slots, refused, `, nor into lock_list`)
      : mapFull(trie.name, trie.capacity, refused, '');
  }

  #setBits({ allow, deny }: ListWork): void {
    const { index, lockList } = this.#tables;
    index.touch('allow', INDEX_BIT.ALLOW, allow.prefixes);
    index.touch('deny', INDEX_BIT.HOST, deny.hosts);
    const { prefixes } = deny.entries;
    const networks = new PrefixList();
    const others = new PrefixList();
    for (let i = 0; i < prefixes.count4; i++) {
      const indexed = lockList.known.four.get(prefixes.addresses4, prefixes.lengths4, i) === INDEXED;
      (indexed ? networks : others).push4(prefixes.addresses4[i]!, prefixes.lengths4[i]!);
    }
    for (let i = 0; i < prefixes.count6; i++) push6(others, prefixes.words6, prefixes.lengths6, i);
    index.touch('deny', INDEX_BIT.OTHER, others);
    index.cover(networks);
    // What these prefixes were before the change, if they were there.
    index.uncover(others);
    index.release('deny', INDEX_BIT.OTHER, networks);
  }

  /** Hosts that have come to lock_hosts and that lock_list still has. */
  #movedToHosts(hosts: PrefixList): PrefixList {
    const { known } = this.#tables.lockList;
    return known.size === 0 ? new PrefixList() : this.#tables.hosts.present(filtered(hosts, known, true));
  }

  #removeFrom(trie: PrefixTrie, list: PrefixList): void {
    const { index, lockList } = this.#tables;
    const here = filtered(list, trie.known, true);
    if (trie === lockList) {
      index.uncover(here);
      index.release('deny', INDEX_BIT.OTHER, here);
    } else {
      index.release('allow', INDEX_BIT.ALLOW, here);
    }
    trie.remove(here);
  }
}

/** What the changes remove from a list and do not put into it. */
function removals(changes: readonly ListChange[], list: ListName): PrefixList {
  const own = changes.filter((change) => change.list === list);
  const removed = own.reduce((all, { remove }) => merged(all, remove), new PrefixList());
  if (removed.size === 0) return removed;
  const put = new PrefixMap();
  for (const { put: groups } of own) for (const { prefixes } of groups) put.setAll(prefixes, 1);
  return put.size === 0 ? removed : filtered(removed, put, false);
}

function mapFull(map: string, capacity: number, refused: number, also: string): NetxfwError {
  const entries = refused === 1 ? 'entry does' : 'entries do';
  return new NetxfwError('MAP_FULL', `${map} is full: ${refused} ${entries} not fit into its ${capacity}${also}`, {
    hint: `Raise capacity.${map} in config.yaml and run \`netxfw reload\`.`,
    details: { map, capacity, refused },
  });
}
