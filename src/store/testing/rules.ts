import { type EntryGroup, type EntryMeta, LISTS } from '../../model/entries.ts';
import { EntryTable } from '../../model/entry-table.ts';
import { MetaTable } from '../../model/meta-table.ts';
import {
  keyOfRecord,
  NO_RECORDS,
  POLICY_KINDS,
  type PolicyKind,
  type PolicyRecord,
  type PolicyRecords,
} from '../../model/policy-records.ts';
import { PrefixList } from '../../model/prefix-list.ts';
import { formatPrefix, parsePrefix } from '../../model/prefixes.ts';
import { nameOf, writeRecords } from '../policy-json.ts';
import {
  isListEdit,
  type ListEdit,
  type PolicyEdit,
  type RuleStore,
  type StoredChange,
  type StoredState,
} from '../store.ts';

export const META: EntryMeta = { reason: '', createdAt: 1_700_000_000_000, expiresAt: null, source: 'user' };

export function list(...texts: string[]): PrefixList {
  return PrefixList.of(...texts.map((text) => parsePrefix(text).prefix));
}

export function group(texts: readonly string[], meta: Partial<EntryMeta> = {}): EntryGroup {
  return { prefixes: list(...texts), meta: { ...META, ...meta } };
}

export function put(listName: 'allow' | 'deny', texts: readonly string[], meta: Partial<EntryMeta> = {}): ListEdit {
  return { list: listName, put: [group(texts, meta)], remove: new PrefixList() };
}

export function remove(listName: 'allow' | 'deny', ...texts: string[]): ListEdit {
  return { list: listName, put: [], remove: list(...texts) };
}

export const EMPTY: StoredState = { lists: { allow: [], deny: [] }, policy: NO_RECORDS };

/** Everything as sorted lines of text. */
export function dump({ lists, policy }: StoredState): string[] {
  const entries = LISTS.flatMap((name) =>
    lists[name].flatMap(({ prefixes, meta }) =>
      [...prefixes].map((prefix) => {
        const { reason, createdAt, expiresAt, source } = meta;
        return `${name} ${formatPrefix(prefix)} ${JSON.stringify([reason, createdAt, expiresAt, source])}`;
      }),
    ),
  );
  const records = POLICY_KINDS.flatMap((kind) =>
    writeRecords(kind, policy[kind] as never).map((record) => `${nameOf(kind)} ${JSON.stringify(record)}`),
  );
  return [...entries, ...records].sort();
}

/** What a store holds once its changes are replayed. */
export function contents(store: RuleStore): StoredState {
  const { changes, ...state } = store.load();
  return replayed(state, changes.flat());
}

export function replayed({ lists, policy }: StoredState, changes: readonly StoredChange[]): StoredState {
  const metas = new MetaTable();
  const tables = { allow: new EntryTable(metas), deny: new EntryTable(metas) };
  for (const name of LISTS) tables[name].put(lists[name]);
  const records = { ...policy };
  for (const change of changes) {
    if (isListEdit(change)) {
      tables[change.list].remove(change.remove);
      tables[change.list].put(change.put);
    } else Object.assign(records, { [change.kind]: edited(records, change) });
  }
  return { lists: { allow: tables.allow.groups(), deny: tables.deny.groups() }, policy: records };
}

function edited(policy: PolicyRecords, { kind, put, remove }: PolicyEdit): PolicyRecord[PolicyKind][] {
  const keyOf = keyOfRecord[kind] as (record: PolicyRecord[PolicyKind]) => string;
  const held = new Map<string, PolicyRecord[PolicyKind]>(policy[kind].map((record) => [keyOf(record), record]));
  for (const key of remove) held.delete(key);
  for (const record of put) held.set(keyOf(record), record);
  return [...held.values()];
}
