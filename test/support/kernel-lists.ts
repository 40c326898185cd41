import type { Clock } from '../../src/dataplane/clock.ts';
import { HostTables } from '../../src/dataplane/host-tables.ts';
import { HostsTable4 } from '../../src/dataplane/hosts-table4.ts';
import { HostsTable6 } from '../../src/dataplane/hosts-table6.ts';
import { StaticLists } from '../../src/dataplane/lists.ts';
import { INDEX_BIT } from '../../src/dataplane/nibbles.ts';
import { PrefixTrie } from '../../src/dataplane/prefix-trie.ts';
import { SourceIndex } from '../../src/dataplane/source-index.ts';
import type { EntryGroup } from '../../src/model/entries.ts';
import { PrefixList } from '../../src/model/prefix-list.ts';
import { type Prefix, parsePrefix } from '../../src/model/prefixes.ts';
import type { KernelFilter } from './kernel-filter.ts';
import { SEED } from './kernel-filter.ts';
import type { EntryInput, Setup } from './packet-case.ts';

/** What the source index makes known of every source at once. */
export interface Always {
  index4: number;
  index6: number;
}

/** The static lists of a setup, written by the data plane's own code into empty maps. */
export class KernelLists {
  readonly always: Always = { index4: 0, index6: 0 };
  usesLockList = false;
  readonly #index: SourceIndex;

  constructor(filter: KernelFilter, setup: Setup) {
    const words = (name: string) => {
      const { words: all } = filter.memory(name);
      all.fill(0);
      return all;
    };
    const memory = { words4: words('src_index4'), touched4: words('src_touched4'), words6: words('src_index6') };
    this.#index = new SourceIndex(memory, SEED, (index4, index6) => {
      this.always.index4 = index4;
      this.always.index6 = index6;
    });
    for (const name of ['whitelist', 'lock_list']) clear(filter, name);
    const hosts = new HostTables(
      new HostsTable4(words('lock_hosts4'), SEED),
      new HostsTable6(words('lock_hosts6'), SEED),
    );
    const whitelist = new PrefixTrie('whitelist', filter.map('whitelist'));
    const lockList = new PrefixTrie('lock_list', filter.map('lock_list'));
    const lists = new StaticLists({ whitelist, lockList, hosts, index: this.#index }, filter.clock, {
      lockListUsed: (used) => {
        this.usesLockList = used;
      },
      rebuildIndex: () => {},
    });
    const put = (inputs: readonly EntryInput[] = []) => inputs.map((input) => group(input, filter.clock));
    lists.apply([
      { list: 'allow', put: put(setup.allow), remove: new PrefixList() },
      { list: 'deny', put: put(setup.deny), remove: new PrefixList() },
    ]);
  }

  /** Something other than the static lists may match these sources. */
  touch(owner: string, prefixes: readonly Prefix[]): void {
    this.#index.touch(owner, INDEX_BIT.OTHER, PrefixList.of(...prefixes));
  }
}

export function clear(filter: KernelFilter, name: string): void {
  const map = filter.map(name);
  const { keys, count } = map.readAll();
  if (count > 0) map.deleteBatch(keys, count);
}

export function prefixOf(text: string): Prefix {
  return parsePrefix(text).prefix;
}

/** When an entry ends, in jiffies; 0 = never. */
export function expiryOf(input: EntryInput, clock: Clock): number {
  return typeof input === 'string' ? 0 : clock.now() + input[1] * clock.hz;
}

function group(input: EntryInput, clock: Clock): EntryGroup {
  const [prefix, seconds] = typeof input === 'string' ? [input, null] : input;
  const expiresAt = seconds === null ? null : Math.round(clock.toUnixMs(clock.now() + seconds * clock.hz));
  return {
    prefixes: PrefixList.of(prefixOf(prefix)),
    meta: { reason: 'test', createdAt: clock.toUnixMs(clock.now()), expiresAt, source: 'user' },
  };
}
