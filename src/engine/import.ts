import { claimOf, claimsOf, withClaim } from '../model/claims.ts';
import { type Claim, type EntryGroup, type EntryMeta, LISTS, type ListName } from '../model/entries.ts';
import { NetxfwError } from '../model/errors.ts';
import type { PrefixTable } from '../model/prefix-table.ts';
import { formatPrefix } from '../model/prefixes.ts';
import type { ImportProgress, ImportResult } from '../model/rules.ts';
import { parseRuleJson } from '../store/rule-json.ts';
import { type ParsedText, parseRuleText } from '../store/rule-text.ts';
import { isFromConfig } from './config-entries.ts';
import type { EngineCore } from './core.ts';
import { checkList, checkReason, expiryOf } from './input.ts';
import { CONFIG_SOURCE } from './table.ts';
import type { Transaction } from './transaction.ts';

export interface ImportOptions {
  readonly list: ListName;
  readonly format?: 'text' | 'json';
  readonly reason?: string;
  readonly ttl?: number;
  readonly skipInvalid?: boolean;
  readonly preview?: boolean;
  readonly name?: string;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export const IMPORT_SOURCE = 'import';

/** What the files say, in one form. */
interface Parsed {
  readonly groups: readonly EntryGroup[];
  readonly invalid: Pick<ParsedText, 'invalid' | 'invalidLines'>;
  readonly notices: string[];
}

/** Adds everything in `data` or nothing; a preview only says what it would do. */
export function importRules(core: EngineCore, data: Uint8Array, options: ImportOptions): ImportResult {
  const list = checkList(options.list);
  const name = options.name ?? 'the data';
  if (options.reason !== undefined) checkReason(options.reason);
  const now = core.now();
  const expiresAt = expiryOf(options.ttl, now);
  refusePacked(data, name);
  const json = options.format === 'json' || (options.format === undefined && looksLikeJson(data));
  const { groups, invalid, notices } = json
    ? readJson(data, list, name, options, now, expiresAt)
    : readText(data, name, options, now, expiresAt);
  const read = groups.reduce((sum, { prefixes }) => sum + prefixes.size, 0);
  const tell = teller(options, read);
  tell('read', 0);
  const tolerant = options.skipInvalid === true || options.preview === true;
  if (invalid.invalid > 0 && !tolerant) throw invalidLines(name, read, invalid);

  const tx = core.begin();
  const merge = new Merge(core, tx, list, options);
  try {
    for (const group of groups) merge.add(group);
  } catch (error) {
    tx.rollback();
    throw error;
  }
  const lists = options.preview === true ? null : core.commit({ tx, onPhase: tell }).lists;
  if (lists === null) tx.rollback();
  else tell('store', read);
  notices.push(...overlaps(core, list, groups));
  const { added, replaced, unchanged, duplicates } = merge;
  const result: ImportResult = { list, read, added, replaced, unchanged, duplicates, ...invalid, notices };
  if (lists !== null) core.events.rulesChanged(lists, core.change.origin);
  return result;
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

function readText(
  data: Uint8Array,
  name: string,
  options: ImportOptions,
  now: number,
  expiresAt: number | null,
): Parsed {
  const { prefixes, invalid, invalidLines, masked, firstMasked } = parseRuleText(data);
  const notices: string[] = [];
  if (masked > 0)
    notices.push(`${masked} ${masked === 1 ? 'line has' : 'lines have'} host bits, taken as: ${firstMasked}`);
  if (prefixes.size === 0 && invalid === 0) notices.push(`${name} holds no addresses`);
  const meta = { reason: options.reason ?? '', createdAt: now - (now % 1000), expiresAt, source: IMPORT_SOURCE };
  return { groups: [{ prefixes, meta }], invalid: { invalid, invalidLines }, notices };
}

function readJson(
  data: Uint8Array,
  list: ListName,
  name: string,
  options: ImportOptions,
  now: number,
  expiresAt: number | null,
): Parsed {
  const document = parseRuleJson(data, name);
  const notices: string[] = [];
  for (const other of LISTS) {
    const left = document[other].reduce((sum, { prefixes }) => sum + prefixes.size, 0);
    if (other !== list && left > 0) notices.push(`${left} entries of the ${other} list in ${name} are left out`);
  }
  let ended = 0;
  const groups = document[list].flatMap(({ prefixes, meta }): EntryGroup[] => {
    const expires = options.ttl === undefined ? meta.expiresAt : expiresAt;
    if (expires !== null && expires <= now) {
      ended += prefixes.size;
      return [];
    }
    const source = meta.source === CONFIG_SOURCE ? IMPORT_SOURCE : meta.source;
    const reason = options.reason ?? checkReason(meta.reason);
    return [{ prefixes, meta: { reason, createdAt: meta.createdAt, expiresAt: expires, source } }];
  });
  if (ended > 0) notices.push(`${ended} entries in ${name} have expired and are left out`);
  return { groups, invalid: { invalid: 0, invalidLines: [] }, notices };
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
  const are = count === 1 ? '1 of the entries is' : `${count} of the entries are`;
  return list === 'deny'
    ? [`${are} whitelisted, so that this deny has no effect, such as ${example}`]
    : [`${are} denied too: the whitelist has priority, such as ${example}`];
}

function pair(entry: string, by: string): string {
  return entry === by ? entry : `${entry} (by ${by})`;
}

export function invalidLines(name: string, read: number, invalid: Parsed['invalid']): NetxfwError {
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

/** Compressed data would read as thousands of invalid lines. */
export function refusePacked(data: Uint8Array, name: string): void {
  const gzip = data[0] === 0x1f && data[1] === 0x8b;
  const zstd = data[0] === 0x28 && data[1] === 0xb5 && data[2] === 0x2f && data[3] === 0xfd;
  const zip = data[0] === 0x50 && data[1] === 0x4b && data[2] === 0x03 && data[3] === 0x04;
  if (!gzip && !zstd && !zip) return;
  throw new NetxfwError('INVALID_INPUT', `${name} is compressed`, { hint: 'Unpack it first.' });
}

function looksLikeJson(data: Uint8Array): boolean {
  let i = data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? 3 : 0;
  while (data[i] === 0x20 || data[i] === 0x09 || data[i] === 0x0a || data[i] === 0x0d) i++;
  return data[i] === 0x7b;
}
