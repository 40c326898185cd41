import type { PrefixList } from '../model/prefix-list.ts';
import type { DenyPut } from './deny-put.ts';
import type { HostTables } from './host-tables.ts';
import type { ListEntries } from './list-entries.ts';
import type { PrefixTrie } from './prefix-trie.ts';
import type { SourceIndex } from './source-index.ts';

/** The maps of the static lists. */
export interface ListTables {
  readonly whitelist: PrefixTrie;
  readonly lockList: PrefixTrie;
  readonly hosts: HostTables;
  readonly index: SourceIndex;
}

/** What to put where, and what to take from where; nothing that is put is taken from the same map. */
export interface ListWork {
  readonly allow: ListEntries;
  readonly deny: DenyPut;
  readonly allowRemove: PrefixList;
  /** From lock_list; only what it has. */
  readonly trieRemove: PrefixList;
  /** From lock_hosts4/6. */
  readonly hostsRemove: PrefixList;
}
