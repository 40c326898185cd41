import { type EntryGroup, type EntryMeta, LISTS, type ListName } from '../model/entries.ts';
import { EntryTable } from '../model/entry-table.ts';
import { MetaTable } from '../model/meta-table.ts';
import { PrefixList } from '../model/prefix-list.ts';
import { type Prefix, parsePrefix } from '../model/prefixes.ts';
import { CONFIG_SOURCE, type RulesTable } from './table.ts';
import type { Transaction } from './transaction.ts';

const LIST: ListName = 'allow';

/** How messages name the place where these entries are changed. */
export const CONFIG_KEY = 'whitelist in config.yaml';

export function isFromConfig(meta: EntryMeta | undefined): boolean {
  return meta?.source === CONFIG_SOURCE;
}

/**
 * The whitelist of config.yaml laid over the stored rules. A stored entry for the same prefix stays on disk, hidden beneath,
 * and comes back when config.yaml no longer names the prefix.
 */
export class ConfigEntries {
  readonly #table: RulesTable;
  readonly #hidden = new EntryTable(new MetaTable());

  constructor(table: RulesTable) {
    this.#table = table;
  }

  /** Makes the table hold exactly these entries from config.yaml. */
  apply(tx: Transaction, whitelist: readonly string[], now: number): void {
    const wanted = new Map<string, Prefix>();
    for (const text of whitelist) {
      const { prefix } = parsePrefix(text);
      wanted.set(keyOf(prefix), prefix);
    }
    for (const prefix of this.#present()) {
      if (wanted.delete(keyOf(prefix))) continue;
      const below = this.#hidden.get(prefix);
      if (below === undefined) tx.remove(LIST, prefix);
      else tx.put(LIST, prefix, this.#table.metas.intern(below));
    }
    if (wanted.size === 0) return;
    const meta: EntryMeta = { reason: '', createdAt: now - (now % 1000), expiresAt: null, source: CONFIG_SOURCE };
    const id = this.#table.metas.intern(meta);
    for (const prefix of wanted.values()) tx.put(LIST, prefix, id);
  }

  /** Keeps what the prefixes of config.yaml hide; call before `apply`, and `settle` once that is committed. */
  hide(whitelist: readonly string[]): void {
    for (const text of whitelist) {
      const { prefix } = parsePrefix(text);
      const meta = this.#table[LIST].get(prefix);
      if (meta !== undefined && !isFromConfig(meta)) this.#hidden.put([group(prefix, meta)]);
    }
  }

  /** Forgets hidden entries that are visible again. */
  settle(): void {
    for (const { prefixes } of this.#hidden.groups()) {
      for (const prefix of prefixes) {
        if (!isFromConfig(this.#table[LIST].get(prefix))) this.#hidden.delete(prefix);
      }
    }
  }

  /** Forgets what is hidden. @returns it, for `restoreHidden` should the change fail */
  takeHidden(): readonly EntryGroup[] {
    const groups = this.#hidden.groups();
    for (const { prefixes } of groups) this.#hidden.remove(prefixes);
    return groups;
  }

  restoreHidden(groups: readonly EntryGroup[]): void {
    this.#hidden.put(groups);
  }

  /** Both lists as they belong on disk. */
  storedLists(): Record<ListName, EntryGroup[]> {
    const lists = this.#table.groups();
    for (const list of LISTS) lists[list] = lists[list].filter(({ meta }) => !isFromConfig(meta));
    lists[LIST].push(...this.#hidden.groups());
    return lists;
  }

  #present(): Prefix[] {
    return this.#table[LIST]
      .groups()
      .filter(({ meta }) => isFromConfig(meta))
      .flatMap(({ prefixes }) => [...prefixes]);
  }
}

function keyOf(prefix: Prefix): string {
  return `${prefix.words.join(':')}/${prefix.family}/${prefix.length}`;
}

function group(prefix: Prefix, meta: EntryMeta): EntryGroup {
  return { prefixes: PrefixList.of(prefix), meta };
}
