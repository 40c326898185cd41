import { type EntryGroup, type EntryMeta, LISTS } from '../../model/entries.ts';
import { EntryTable } from '../../model/entry-table.ts';
import { MetaTable } from '../../model/meta-table.ts';
import { PrefixList } from '../../model/prefix-list.ts';
import { formatPrefix, parsePrefix } from '../../model/prefixes.ts';
import type { Lists, RuleStore, StoredChange } from '../store.ts';

export const META: EntryMeta = { reason: '', createdAt: 1_700_000_000_000, expiresAt: null, source: 'user' };

export function list(...texts: string[]): PrefixList {
  return PrefixList.of(...texts.map((text) => parsePrefix(text).prefix));
}

export function group(texts: readonly string[], meta: Partial<EntryMeta> = {}): EntryGroup {
  return { prefixes: list(...texts), meta: { ...META, ...meta } };
}

export function put(listName: 'allow' | 'deny', texts: readonly string[], meta: Partial<EntryMeta> = {}): StoredChange {
  return { list: listName, put: [group(texts, meta)], remove: new PrefixList() };
}

export function remove(listName: 'allow' | 'deny', ...texts: string[]): StoredChange {
  return { list: listName, put: [], remove: list(...texts) };
}

/** Both lists as sorted lines of text. */
export function dump(lists: Lists): string[] {
  return LISTS.flatMap((name) =>
    lists[name].flatMap(({ prefixes, meta }) =>
      [...prefixes].map((prefix) => {
        const { reason, createdAt, expiresAt, source } = meta;
        return `${name} ${formatPrefix(prefix)} ${JSON.stringify([reason, createdAt, expiresAt, source])}`;
      }),
    ),
  ).sort();
}

/** What a store holds once its changes are replayed. */
export function contents(store: RuleStore): Lists {
  const { lists, changes } = store.load();
  return replayed(lists, changes.flat());
}

export function replayed(lists: Lists, changes: readonly StoredChange[]): Lists {
  const metas = new MetaTable();
  const tables = { allow: new EntryTable(metas), deny: new EntryTable(metas) };
  for (const name of LISTS) tables[name].put(lists[name]);
  for (const change of changes) {
    tables[change.list].remove(change.remove);
    tables[change.list].put(change.put);
  }
  return { allow: tables.allow.groups(), deny: tables.deny.groups() };
}
