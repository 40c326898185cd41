import type { EntryGroup, EntryMeta } from './entries.ts';
import type { MetaTable } from './meta-table.ts';
import { PrefixList } from './prefix-list.ts';
import { PrefixTable } from './prefix-table.ts';
import type { Prefix } from './prefixes.ts';

export interface Entry {
  readonly prefix: Prefix;
  readonly meta: EntryMeta;
}

/** One list: its IPv4 and IPv6 prefixes, the value of a row being the number of its meta. */
export class EntryTable {
  readonly metas: MetaTable;
  readonly v4: PrefixTable;
  readonly v6: PrefixTable;

  constructor(metas: MetaTable) {
    this.metas = metas;
    this.v4 = new PrefixTable(4);
    this.v6 = new PrefixTable(6);
  }

  get size(): number {
    return this.v4.size + this.v6.size;
  }

  rows(prefix: Prefix): PrefixTable {
    return prefix.family === 4 ? this.v4 : this.v6;
  }

  find(prefix: Prefix): number {
    const [a, b, c, d] = prefix.words;
    return this.rows(prefix).find(a, b, c, d, prefix.length);
  }

  get(prefix: Prefix): EntryMeta | undefined {
    const row = this.find(prefix);
    return row < 0 ? undefined : this.metas.get(this.rows(prefix).values[row]!);
  }

  /** @returns whether the prefix is new */
  set(prefix: Prefix, metaId: number): boolean {
    const [a, b, c, d] = prefix.words;
    return this.setWords(this.rows(prefix), a, b, c, d, prefix.length, metaId);
  }

  /** `set` without an object; `rows` is v4 or v6 of this table. */
  setWords(rows: PrefixTable, a: number, b: number, c: number, d: number, length: number, metaId: number): boolean {
    const before = rows.size;
    const row = rows.findOrAdd(a, b, c, d, length, metaId);
    this.metas.retain(metaId);
    if (rows.size > before) return true;
    const old = rows.values[row]!;
    rows.setValue(row, metaId);
    this.metas.release(old);
    return false;
  }

  removeRow(rows: PrefixTable, row: number): void {
    const metaId = rows.values[row]!;
    rows.removeRow(row);
    this.metas.release(metaId);
  }

  /** @returns whether the prefix was there */
  delete(prefix: Prefix): boolean {
    const row = this.find(prefix);
    if (row >= 0) this.removeRow(this.rows(prefix), row);
    return row >= 0;
  }

  put(groups: readonly EntryGroup[]): void {
    for (const { prefixes, meta } of groups) {
      if (prefixes.size === 0) continue;
      const id = this.metas.intern(meta);
      this.v4.reserve(prefixes.count4);
      this.v6.reserve(prefixes.count6);
      for (let i = 0; i < prefixes.count4; i++) {
        this.setWords(this.v4, 0, 0, 0, prefixes.addresses4[i]!, prefixes.lengths4[i]!, id);
      }
      const w = prefixes.words6;
      for (let i = 0, at = 0; i < prefixes.count6; i++, at += 4) {
        this.setWords(this.v6, w[at]!, w[at + 1]!, w[at + 2]!, w[at + 3]!, prefixes.lengths6[i]!, id);
      }
    }
  }

  remove(prefixes: PrefixList): void {
    for (const prefix of prefixes) this.delete(prefix);
  }

  /** The entries that cover all of `prefix`, its own one too, longest first. */
  covering(prefix: Prefix): Entry[] {
    const rows = this.rows(prefix);
    const [a, b, c, d] = prefix.words;
    const found: Entry[] = [];
    for (let longest = prefix.length; longest >= 0; ) {
      const row = rows.covering(a, b, c, d, longest);
      if (row < 0) break;
      found.push({ prefix: rows.at(row), meta: this.metas.get(rows.values[row]!) });
      longest = rows.lengths[row]! - 1;
    }
    return found;
  }

  /** The whole list by meta, in a copy that later changes do not touch. */
  groups(): EntryGroup[] {
    const [uses4, uses6] = [this.v4, this.v6].map((rows) => this.#uses(rows)) as [Uint32Array, Uint32Array];
    const lists = new Map<number, PrefixList>();
    for (const rows of [this.v4, this.v6]) {
      for (let row = 0; row < rows.size; row++) {
        const id = rows.values[row]!;
        if (!lists.has(id)) lists.set(id, new PrefixList(uses4[id], uses6[id]));
        pushRow(lists.get(id)!, rows, row);
      }
    }
    return [...lists].map(([id, prefixes]) => ({ prefixes, meta: this.metas.get(id) }));
  }

  /** Rows of each meta. */
  #uses(rows: PrefixTable): Uint32Array {
    const uses = new Uint32Array(this.metas.end);
    for (let row = 0; row < rows.size; row++) uses[rows.values[row]!]!++;
    return uses;
  }
}

/** The list of a key, made when it is missing. */
export function listOf<K>(lists: Map<K, PrefixList>, key: K): PrefixList {
  let list = lists.get(key);
  if (list === undefined) {
    list = new PrefixList();
    lists.set(key, list);
  }
  return list;
}

/** Appends a row of a table to a list. */
export function pushRow(list: PrefixList, rows: PrefixTable, row: number): void {
  const words = rows.words;
  const length = rows.lengths[row]!;
  if (rows.stride === 1) list.push4(words[row]!, length);
  else list.push6(words[row * 4]!, words[row * 4 + 1]!, words[row * 4 + 2]!, words[row * 4 + 3]!, length);
}
