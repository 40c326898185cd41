import { claimOf, claimsOf, withClaim } from '../model/claims.ts';
import { type Claim, type EntryGroup, type EntryMeta, LISTS, type ListName } from '../model/entries.ts';
import { NetxfwError } from '../model/errors.ts';
import { say } from '../model/messages.ts';
import {
  keyOfRecord,
  POLICY_KINDS,
  type PolicyKind,
  type PolicyRecord,
  type PolicyRecords,
} from '../model/policy-records.ts';
import type { PrefixTable } from '../model/prefix-table.ts';
import { formatPrefix } from '../model/prefixes.ts';
import type { ImportProgress, ImportResult, RuleFormat } from '../model/rules.ts';
import type { PolicyEdit } from '../store/store.ts';
import { isFromConfig } from './config-entries.ts';
import type { EngineCore } from './core.ts';
import { type InvalidLines, readImport } from './import-read.ts';
import { checkList, checkReason } from './input.ts';
import { tellEdits } from './policy-edit.ts';
import { edited, type PolicyState } from './policy-state.ts';
import type { Transaction } from './transaction.ts';

export interface ImportOptions {
  /** Left out: everything in the data. */
  readonly list?: ListName;
  readonly format?: RuleFormat;
  readonly reason?: string;
  readonly ttl?: number;
  readonly skipInvalid?: boolean;
  readonly preview?: boolean;
  readonly name?: string;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** Adds everything in `data` or nothing; a preview only says what it would do. */
export function importRules(core: EngineCore, data: Uint8Array, options: ImportOptions): ImportResult {
  const list = options.list === undefined ? null : checkList(options.list);
  const name = options.name ?? 'the data';
  if (options.reason !== undefined) checkReason(options.reason);
  const { lists, policy, invalid, notices } = readImport(data, options, core.now());
  const read = LISTS.reduce((sum, one) => sum + sizeOf(lists[one]), 0);
  const tell = teller(options, read);
  tell('read', 0);
  const tolerant = options.skipInvalid === true || options.preview === true;
  if (invalid.invalid > 0 && !tolerant) throw invalidLines(name, read, invalid);

  const tx = core.begin();
  const merges = LISTS.map((one) => ({ one, merge: new Merge(core, tx, one, options) }));
  try {
    for (const { one, merge } of merges) for (const group of lists[one]) merge.add(group);
  } catch (error) {
    tx.rollback();
    throw error;
  }
  const edits = POLICY_KINDS.map((kind) => newRecords(core.policy, kind, policy));
  const done =
    options.preview === true ? null : core.commit({ tx, policy: edits.reduce(edited, core.policy), onPhase: tell });
  if (done === null) tx.rollback();
  else tell('store', read);
  notices.push(...LISTS.flatMap((one) => overlaps(core, one, lists[one])));
  const sum = (field: 'added' | 'replaced' | 'unchanged' | 'duplicates') =>
    merges.reduce((total, { merge }) => total + merge[field], 0);
  const counts = { added: sum('added'), replaced: sum('replaced'), unchanged: sum('unchanged') };
  const result = { list, read, ...counts, duplicates: sum('duplicates'), ...invalid, notices };
  if (done !== null) {
    core.events.rulesChanged(done.lists, core.change.origin);
    tellEdits(core, done.edits);
  }
  if (list !== null) return result;
  const [limits = 0, ports = 0, ipPortRules = 0] = edits.map(({ put }) => put.length);
  return { ...result, policy: { limits, ports, ipPortRules } };
}

function sizeOf(groups: readonly EntryGroup[]): number {
  return groups.reduce((sum, { prefixes }) => sum + prefixes.size, 0);
}

/** Those that are not there already, or differ in more than the time of making. */
function newRecords<Kind extends PolicyKind>(state: PolicyState, kind: Kind, records: PolicyRecords): PolicyEdit {
  const known: ReadonlyMap<string, object> = state[kind].user;
  const keyOf = keyOfRecord[kind] as (record: PolicyRecord[Kind]) => string;
  const bare = (record: object | undefined) => record && JSON.stringify({ ...record, createdAt: 0 });
  const put = records[kind].filter((record) => bare(known.get(keyOf(record))) !== bare(record));
  return { kind, put, remove: [] } as unknown as PolicyEdit;
}

/** Progress for the caller; what it throws must not break the import. */
function teller(options: ImportOptions, total: number) {
  return (phase: ImportProgress['phase'], done: number) => {
    try {
      options.onProgress?.({ done: Math.min(done, total), total, phase });
    } catch {
      // The listener's own affair.
    }
  };
}

/** Lays parsed entries over the table and counts what each of them did. */
class Merge {
  added = 0;
  replaced = 0;
  unchanged = 0;
  duplicates = 0;
  readonly #core: EngineCore;
  readonly #tx: Transaction;
  readonly #list: ListName;
  readonly #options: ImportOptions;
  /** Old rows that the data has named already. */
  readonly #seen = new Map<PrefixTable, Uint8Array>();

  constructor(core: EngineCore, tx: Transaction, list: ListName, options: ImportOptions) {
    this.#core = core;
    this.#tx = tx;
    this.#list = list;
    this.#options = options;
    const { v4, v6 } = core.table[list];
    for (const rows of [v4, v6]) this.#seen.set(rows, new Uint8Array(rows.size));
  }

  add({ prefixes, meta }: EntryGroup): void {
    if (prefixes.size === 0) return;
    const { metas } = this.#core.table;
    const id = metas.intern(meta);
    // Held during the work, and forgotten when nothing of it is new.
    metas.retain(id);
    const { v4, v6 } = this.#core.table[this.#list];
    const { addresses4, lengths4, words6, lengths6 } = prefixes;
    v4.reserve(Math.max(0, prefixes.count4 - v4.size));
    for (let i = 0; i < prefixes.count4; i++) {
      this.#count(v4, this.#tx.addWords(this.#list, 4, 0, 0, 0, addresses4[i]!, lengths4[i]!, id), meta);
    }
    for (let i = 0, w = 0; i < prefixes.count6; i++, w += 4) {
      const row = this.#tx.addWords(
        this.#list,
        6,
        words6[w]!,
        words6[w + 1]!,
        words6[w + 2]!,
        words6[w + 3]!,
        lengths6[i]!,
        id,
      );
      this.#count(v6, row, meta);
    }
    metas.release(id);
  }

  /** @param row of the entry that was there, -1 when it was added */
  #count(rows: PrefixTable, row: number, meta: EntryMeta): void {
    if (row < 0) {
      this.added++;
      return;
    }
    const seen = this.#seen.get(rows)!;
    if (row >= seen.length || seen[row] === 1) {
      this.duplicates++;
      return;
    }
    seen[row] = 1;
    const old = this.#core.table.metas.get(rows.values[row]!);
    const wanted = isFromConfig(old) ? old : this.#laidOver(old, meta);
    if (wanted === old) {
      this.unchanged++;
      return;
    }
    this.replaced++;
    this.#tx.put(this.#list, rows.at(row), this.#core.table.metas.intern(wanted));
  }

  #laidOver(old: EntryMeta, meta: EntryMeta): EntryMeta {
    let entry = old;
    for (const claim of claimsOf(meta)) {
      const own = claimOf(entry, claim.source);
      const wanted = own === undefined ? claim : this.#merged(own, claim);
      if (wanted !== own) entry = withClaim(entry, wanted, this.#core.now());
    }
    return entry;
  }

  /** An import may rename a reason and lengthen a life; it never shortens one. */
  #merged(old: Claim, meta: Claim): Claim {
    const ended = old.expiresAt !== null && old.expiresAt <= this.#core.now();
    const longer = meta.expiresAt === null ? old.expiresAt !== null : (old.expiresAt ?? Infinity) < meta.expiresAt;
    const named = this.#options.reason !== undefined && this.#options.reason !== old.reason;
    if (ended) return meta;
    if (!longer && !named) return old;
    return { ...meta, reason: named ? meta.reason : old.reason, expiresAt: longer ? meta.expiresAt : old.expiresAt };
  }
}

/** What the other list does to these entries. */
export function overlaps(core: EngineCore, list: ListName, groups: readonly EntryGroup[]): string[] {
  const other = core.table[list === 'deny' ? 'allow' : 'deny'];
  let count = 0;
  let example = '';
  for (const { prefixes } of groups) {
    const { addresses4, lengths4, count4, words6, lengths6, count6 } = prefixes;
    if (other.v4.size > 0) {
      for (let i = 0; i < count4; i++) {
        const row = other.v4.covering(0, 0, 0, addresses4[i]!, lengths4[i]!);
        if (row >= 0 && count++ === 0) example = pair(formatPrefix(prefixes.at4(i)), formatPrefix(other.v4.at(row)));
      }
    }
    if (other.v6.size === 0) continue;
    for (let i = 0, w = 0; i < count6; i++, w += 4) {
      const row = other.v6.covering(words6[w]!, words6[w + 1]!, words6[w + 2]!, words6[w + 3]!, lengths6[i]!);
      if (row >= 0 && count++ === 0) example = pair(formatPrefix(prefixes.at6(i)), formatPrefix(other.v6.at(row)));
    }
  }
  if (count === 0) return [];
  if (count === 1) return [say(list === 'deny' ? 'notice.importUselessOne' : 'notice.importDeniedOne', { example })];
  return [say(list === 'deny' ? 'notice.importUseless' : 'notice.importDenied', { count, example })];
}

function pair(entry: string, by: string): string {
  return entry === by ? entry : `${entry} (by ${by})`;
}

export function invalidLines(name: string, read: number, invalid: InvalidLines): NetxfwError {
  const first = invalid.invalidLines[0]!;
  const count = invalid.invalid;
  const lines = count === 1 ? '1 line is invalid' : `${count} lines are invalid`;
  return new NetxfwError(
    'INVALID_FILE_LINES',
    `${name}:${first.line}: ${first.message}; ${lines}, nothing was imported`,
    {
      details: { read, ...invalid },
    },
  );
}
