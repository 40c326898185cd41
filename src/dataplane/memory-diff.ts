import type { EntryGroup, ListName } from '../model/entries.ts';
import { EntryTable } from '../model/entry-table.ts';
import { MetaTable } from '../model/meta-table.ts';
import { PrefixList } from '../model/prefix-list.ts';
import type { ListChange } from './dataplane.ts';

/** The change that makes a list hold exactly the desired entries and touches no other. */
export function differences(list: ListName, actual: EntryTable, desired: readonly EntryGroup[]): ListChange {
  const wanted = new EntryTable(new MetaTable());
  wanted.put(desired);
  const remove = new PrefixList();
  for (const { prefixes } of actual.groups()) {
    for (const prefix of prefixes) if (wanted.find(prefix) < 0) remove.push(prefix);
  }
  const put: EntryGroup[] = [];
  for (const { prefixes, meta } of wanted.groups()) {
    const missing = new PrefixList();
    for (const prefix of prefixes) {
      const old = actual.get(prefix);
      if (old?.reason !== meta.reason || old.expiresAt !== meta.expiresAt) missing.push(prefix);
    }
    if (missing.size > 0) put.push({ prefixes: missing, meta });
  }
  return { list, put, remove };
}
