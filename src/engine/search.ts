import type { MetaTable } from '../model/meta-table.ts';
import type { PrefixTable } from '../model/prefix-table.ts';
import { covers, formatPrefix, type Prefix, parsePrefix } from '../model/prefixes.ts';
import { type AddressRange, partialRanges } from './partial-address.ts';

/** Says of a row whether it matches. */
export type RowFilter = (row: number) => boolean;

/** A search text, understood once and applied to any table. */
export class Search {
  readonly #text: string;
  readonly #prefix: Prefix | null;
  readonly #ranges: readonly AddressRange[];
  readonly #reasons: Uint8Array;
  readonly #substring: boolean;

  constructor(text: string, metas: MetaTable) {
    this.#text = text.trim().toLowerCase();
    this.#prefix = tryPrefix(this.#text);
    this.#ranges = partialRanges(this.#text);
    const addressLike = /^[0-9a-f.:/]+$/.test(this.#text);
    // Text that could be the middle of an address is looked for in the text of every entry, the slowest way.
    this.#substring = addressLike && this.#prefix === null && this.#ranges.length === 0;
    this.#reasons = new Uint8Array(metas.end);
    for (const [id, meta] of metas.entries()) {
      if (meta.reason.toLowerCase().includes(this.#text)) this.#reasons[id] = 1;
    }
  }

  /** The filter for the rows of one table; null when all of them match. */
  filter(rows: PrefixTable): RowFilter | null {
    if (this.#text === '') return null;
    const reasons = this.#reasons;
    const byAddress = this.#addressFilter(rows);
    if (byAddress === null) return (row) => reasons[rows.values[row]!] === 1;
    return (row) => reasons[rows.values[row]!] === 1 || byAddress(row);
  }

  #addressFilter(rows: PrefixTable): RowFilter | null {
    if (this.#substring) {
      const text = this.#text;
      return (row) => formatPrefix(rows.at(row)).includes(text);
    }
    const filters: RowFilter[] = [];
    if (this.#prefix !== null && this.#prefix.family === rows.family) filters.push(touching(rows, this.#prefix));
    for (const range of this.#ranges) if (range.family === rows.family) filters.push(within(rows, range));
    if (filters.length < 2) return filters[0] ?? null;
    return (row) => filters.some((filter) => filter(row));
  }
}

/** Entries inside the prefix and entries that cover it. */
function touching(rows: PrefixTable, prefix: Prefix): RowFilter {
  if (rows.stride === 1) {
    const address = prefix.words[3];
    const { length } = prefix;
    return (row) => {
      const bits = Math.min(length, rows.lengths[row]!);
      return bits === 0 || (rows.words[row]! ^ address) >>> (32 - bits) === 0;
    };
  }
  return (row) => {
    const other = rows.at(row);
    return covers(prefix, other) || covers(other, prefix);
  };
}

function within(rows: PrefixTable, { low, high }: AddressRange): RowFilter {
  const { words, stride } = rows;
  if (stride === 1) {
    const from = low[3]!;
    const to = high[3]!;
    return (row) => words[row]! >= from && words[row]! <= to;
  }
  return (row) => {
    const at = row * 4;
    return compareWords(words, at, low) >= 0 && compareWords(words, at, high) <= 0;
  };
}

function compareWords(words: Uint32Array, at: number, bound: readonly number[]): number {
  for (let i = 0; i < 4; i++) {
    const difference = words[at + i]! - bound[i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

function tryPrefix(text: string): Prefix | null {
  try {
    return parsePrefix(text).prefix;
  } catch {
    return null;
  }
}
