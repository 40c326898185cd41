import { PrefixList } from '../model/prefix-list.ts';
import type { Clock } from './clock.ts';
import type { ReconcileReport } from './dataplane.ts';
import type { DenyPut } from './deny-put.ts';
import { listEntryCodec } from './layout.ts';
import { decodeKeys, ListEntries, sameValue } from './list-entries.ts';
import type { ListTables, ListWork } from './list-work.ts';
import { append, filtered } from './prefix-lists.ts';
import { PrefixMap } from './prefix-map.ts';
import type { PrefixTrie } from './prefix-trie.ts';

/** How far apart two expiry times may be and still count as the same. */
const TOLERANCE_MS = 2000;

interface Wanted {
  readonly allow: ListEntries;
  readonly deny: DenyPut;
}

interface TrieDifference {
  readonly put: ListEntries;
  readonly remove: PrefixList;
  /** All wanted prefixes. */
  readonly wanted: PrefixMap;
}

/** Compares what is wanted with what the maps hold; the mirrors of the tries are read anew. */
export function differing(
  wanted: Wanted,
  tables: ListTables,
  clock: Clock,
): { readonly work: ListWork; readonly report: ReconcileReport } {
  const tolerance = clock.ticks(TOLERANCE_MS);
  const allow = trieDifference(tables.whitelist, wanted.allow, tolerance);
  const networks = trieDifference(tables.lockList, wanted.deny.entries, tolerance);
  const { deny, extra } = hostDifference(tables, wanted.deny, networks.put);

  // A host that only changes tables is not removed: lock_list loses it once it is in lock_hosts, and the reverse.
  const trieRemove = without(networks.remove, deny.hosts);
  const added = allow.put.size + networks.put.size + deny.hosts.size;
  const removed = allow.remove.size + trieRemove.size + filtered(extra, networks.wanted, false).size;
  return {
    work: { allow: allow.put, deny, allowRemove: allow.remove, trieRemove, hostsRemove: extra },
    report: { added, removed },
  };
}

function hostDifference(
  { hosts }: ListTables,
  wanted: DenyPut,
  entries: ListEntries,
): { readonly deny: DenyPut; readonly extra: PrefixList } {
  // New maps at a start: a million look-ups would find nothing.
  if (hosts.count === 0) return { deny: wanted.withEntries(entries), extra: new PrefixList() };
  const { missing, extra } = hosts.difference(wanted.hosts);
  return { deny: wanted.select(missing, entries), extra };
}

function trieDifference(trie: PrefixTrie, entries: ListEntries, tolerance: number): TrieDifference {
  const { prefixes, values, values4, values6 } = entries;
  const wanted = new PrefixMap(prefixes.count4, prefixes.count6);
  // Where a prefix is wanted twice, the later one counts.
  for (let i = 0; i < prefixes.count4; i++) wanted.four.set(prefixes.addresses4, prefixes.lengths4, i, i);
  for (let i = 0; i < prefixes.count6; i++) wanted.six.set(prefixes.words6, prefixes.lengths6, i, i);
  const put4 = new Uint8Array(prefixes.count4).fill(1);
  const put6 = new Uint8Array(prefixes.count6).fill(1);
  const remove = new PrefixList();

  const contents = trie.contents();
  const view = new DataView(contents.values.buffer, contents.values.byteOffset);
  decodeKeys(contents.keys, contents.count, (one, i) => {
    const four = one.count4 > 0;
    const index = four ? wanted.four.get(one.addresses4, one.lengths4, 0) : wanted.six.get(one.words6, one.lengths6, 0);
    if (index < 0) {
      append(remove, one);
      return;
    }
    const value = values[four ? values4[index]! : values6[index]!]!;
    if (!sameValue(contents.values, view, i * listEntryCodec.size, value, tolerance)) return;
    if (four) put4[index] = 0;
    else put6[index] = 0;
  });

  const put = new ListEntries(values);
  for (let i = 0; i < prefixes.count4; i++) {
    if (put4[i] === 0 || wanted.four.get(prefixes.addresses4, prefixes.lengths4, i) !== i) continue;
    put.push4(prefixes.addresses4[i]!, prefixes.lengths4[i]!, values4[i]!);
  }
  for (let i = 0; i < prefixes.count6; i++) {
    if (put6[i] === 0 || wanted.six.get(prefixes.words6, prefixes.lengths6, i) !== i) continue;
    put.push6(prefixes.words6, i * 4, prefixes.lengths6[i]!, values6[i]!);
  }
  return { put, remove, wanted };
}

function without(list: PrefixList, other: PrefixList): PrefixList {
  if (list.size === 0 || other.size === 0) return list;
  const map = new PrefixMap(other.count4, other.count6);
  map.setAll(other, 1);
  return filtered(list, map, false);
}
