import { type EntryGroup, LISTS, type ListName } from '../model/entries.ts';
import { type EntryTable, listOf, pushRow } from '../model/entry-table.ts';
import { PrefixList } from '../model/prefix-list.ts';
import { PrefixTable } from '../model/prefix-table.ts';
import { formatPrefix, type Prefix } from '../model/prefixes.ts';
import type { ListEdit } from '../store/store.ts';
import { type ListSummary, MAX_EVENT_PREFIXES } from './events.ts';
import type { RulesTable } from './table.ts';

const ABSENT = 0;

/** What one array of rows looked like before the transaction touched it. */
class Part {
  readonly list: ListName;
  readonly entries: EntryTable;
  readonly rows: PrefixTable;
  /** Rows from here on are new and need no memory of their past; Infinity once a removal has moved rows. */
  base: number;
  /** Touched prefix -> ABSENT, or 1 + the number of its meta before. */
  readonly before: PrefixTable;

  constructor(list: ListName, entries: EntryTable, rows: PrefixTable) {
    this.list = list;
    this.entries = entries;
    this.rows = rows;
    this.base = rows.size;
    this.before = new PrefixTable(rows.family);
  }

  /** @returns whether this is the prefix's first change */
  remember(a: number, b: number, c: number, d: number, length: number, state: number): boolean {
    const known = this.before.size;
    this.before.findOrAdd(a, b, c, d, length, state);
    return this.before.size > known;
  }
}

/** Changes of the table that are not committed yet: they can be described, inverted and rolled back. */
export class Transaction {
  readonly #table: RulesTable;
  readonly #parts: Part[] = [];

  constructor(table: RulesTable) {
    this.#table = table;
    for (const { list, rows } of table.parts()) this.#parts.push(new Part(list, table[list], rows));
  }

  #part(list: ListName, family: 4 | 6): Part {
    return this.#parts[LISTS.indexOf(list) * 2 + (family === 4 ? 0 : 1)]!;
  }

  put(list: ListName, prefix: Prefix, metaId: number): void {
    const [a, b, c, d] = prefix.words;
    this.putWords(list, prefix.family, a, b, c, d, prefix.length, metaId);
  }

  putWords(
    list: ListName,
    family: 4 | 6,
    a: number,
    b: number,
    c: number,
    d: number,
    length: number,
    metaId: number,
  ): void {
    const part = this.#part(list, family);
    const row = part.rows.find(a, b, c, d, length);
    if (row < 0) {
      if (part.base === Number.POSITIVE_INFINITY) part.remember(a, b, c, d, length, ABSENT);
    } else if (row < part.base) {
      const old = part.rows.values[row]!;
      if (part.remember(a, b, c, d, length, old + 1)) this.#table.metas.retain(old);
    }
    part.entries.setWords(part.rows, a, b, c, d, length, metaId);
  }

  /**
   * Adds a prefix unless it is there.
   * @returns the row of the one that is there, -1 when it was added
   */
  addWords(
    list: ListName,
    family: 4 | 6,
    a: number,
    b: number,
    c: number,
    d: number,
    length: number,
    metaId: number,
  ): number {
    const part = this.#part(list, family);
    const { rows } = part;
    const before = rows.size;
    const row = rows.findOrAdd(a, b, c, d, length, metaId);
    if (rows.size === before) return row;
    this.#table.metas.retain(metaId);
    if (part.base === Number.POSITIVE_INFINITY) part.remember(a, b, c, d, length, ABSENT);
    return -1;
  }

  /** @returns whether the prefix was there */
  remove(list: ListName, prefix: Prefix): boolean {
    const part = this.#part(list, prefix.family);
    const row = part.entries.find(prefix);
    if (row >= 0) this.removeRow(list, prefix.family, row);
    return row >= 0;
  }

  /** Removes by row; rows behind it move, as in PrefixTable. */
  removeRow(list: ListName, family: 4 | 6, row: number): void {
    const part = this.#part(list, family);
    const { rows } = part;
    for (let added = part.base; added < rows.size; added++) this.#rememberRow(part, added, ABSENT);
    part.base = Number.POSITIVE_INFINITY;
    const old = rows.values[row]!;
    if (this.#rememberRow(part, row, old + 1)) this.#table.metas.retain(old);
    part.entries.removeRow(rows, row);
  }

  #rememberRow(part: Part, row: number, state: number): boolean {
    const prefix = part.rows.at(row);
    const [a, b, c, d] = prefix.words;
    return part.remember(a, b, c, d, prefix.length, state);
  }

  /** The net difference to the state before. */
  changes(): ListEdit[] {
    return this.#describe((part, put, remove) => {
      for (let row = part.base; row < part.rows.size; row++)
        pushRow(listOf(put, part.rows.values[row]!), part.rows, row);
      this.#eachTouched(part, (touched, old, now) => {
        if (now === old) return;
        if (now < 0) pushRow(remove, part.before, touched);
        else pushRow(listOf(put, now), part.before, touched);
      });
    });
  }

  /** What leads back to the state before. */
  inverse(): ListEdit[] {
    return this.#describe((part, put, remove) => {
      for (let row = part.base; row < part.rows.size; row++) pushRow(remove, part.rows, row);
      this.#eachTouched(part, (touched, old, now) => {
        if (now === old) return;
        if (old < 0) pushRow(remove, part.before, touched);
        else pushRow(listOf(put, old), part.before, touched);
      });
    });
  }

  summaries(): ListSummary[] {
    const summaries: ListSummary[] = [];
    for (const list of LISTS) {
      const count = { added: 0, replaced: 0, removed: 0 };
      const prefixes: string[] = [];
      for (const part of this.#parts.filter((candidate) => candidate.list === list)) {
        const added = Math.max(0, part.rows.size - part.base);
        count.added += added;
        for (let i = 0; i < added && prefixes.length < MAX_EVENT_PREFIXES; i++) {
          prefixes.push(formatPrefix(part.rows.at(part.base + i)));
        }
        this.#eachTouched(part, (touched, old, now) => {
          if (now === old) return;
          count[old < 0 ? 'added' : now < 0 ? 'removed' : 'replaced']++;
          if (prefixes.length < MAX_EVENT_PREFIXES) prefixes.push(formatPrefix(part.before.at(touched)));
        });
      }
      if (count.added + count.replaced + count.removed > 0) summaries.push({ list, ...count, prefixes });
    }
    return summaries;
  }

  /** Restores the table. */
  rollback(): void {
    for (const part of this.#parts) {
      const { rows, entries } = part;
      while (rows.size > part.base) entries.removeRow(rows, rows.size - 1);
      for (let i = 0; i < part.before.size; i++) {
        const prefix = part.before.at(i);
        const state = part.before.values[i]!;
        if (state === ABSENT) entries.delete(prefix);
        else entries.set(prefix, state - 1);
      }
    }
    this.finish();
  }

  /** Forgets the past; call once after a commit. */
  finish(): void {
    for (const part of this.#parts) {
      for (let i = 0; i < part.before.size; i++) {
        const state = part.before.values[i]!;
        if (state !== ABSENT) this.#table.metas.release(state - 1);
      }
    }
    this.#parts.length = 0;
  }

  #describe(
    describe: (part: Part, put: Map<number, PrefixList>, remove: PrefixList) => void,
  ): { list: ListName; put: EntryGroup[]; remove: PrefixList }[] {
    return LISTS.map((list) => {
      const put = new Map<number, PrefixList>();
      const remove = new PrefixList();
      for (const part of this.#parts) if (part.list === list) describe(part, put, remove);
      const groups = [...put].map(([id, prefixes]) => ({ prefixes, meta: this.#table.metas.get(id) }));
      return { list, put: groups, remove };
    }).filter((change) => change.put.length > 0 || change.remove.size > 0);
  }

  /** Calls back with the row in `before` and the meta numbers before and now, -1 for absent. */
  #eachTouched(part: Part, visit: (touched: number, old: number, now: number) => void): void {
    const { before, rows } = part;
    for (let i = 0; i < before.size; i++) {
      const [a, b, c, d] = before.at(i).words;
      const row = rows.find(a, b, c, d, before.lengths[i]!);
      visit(i, before.values[i]! - 1, row < 0 ? -1 : rows.values[row]!);
    }
  }
}
