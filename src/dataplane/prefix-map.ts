import type { PrefixList } from '../model/prefix-list.ts';

/** One family of a PrefixList: prefix i is `width` words at i * width, most significant first, and a length. */
export interface Columns {
  readonly width: 1 | 4;
  readonly words: Uint32Array;
  readonly lengths: Uint8Array;
  readonly count: number;
}

export const columns4 = (list: PrefixList): Columns => ({
  width: 1,
  words: list.addresses4,
  lengths: list.lengths4,
  count: list.count4,
});

export const columns6 = (list: PrefixList): Columns => ({
  width: 4,
  words: list.words6,
  lengths: list.lengths6,
  count: list.count6,
});

const EMPTY = 255;
const DELETED = 254;
const MIN_ROWS = 64;

/**
 * Prefixes of one family with a number each, in open addressing over flat arrays: 9 bytes a row for IPv4, 21 for IPv6, so
 * that half a million networks do not cost what as many JavaScript objects do.
 */
export class PrefixTable {
  readonly #width: 1 | 4;
  #words: Uint32Array;
  #lengths: Uint8Array;
  #values: Uint32Array;
  #size = 0;
  /** Rows that are not EMPTY. */
  #taken = 0;

  constructor(width: 1 | 4, expected = 0) {
    this.#width = width;
    const rows = Math.max(MIN_ROWS, 2 ** Math.ceil(Math.log2(expected * 1.6 + 1)));
    this.#words = new Uint32Array(rows * width);
    this.#lengths = new Uint8Array(rows).fill(EMPTY);
    this.#values = new Uint32Array(rows);
  }

  get size(): number {
    return this.#size;
  }

  /** @returns the number of the prefix at `index` of the columns, or -1 */
  get(words: Uint32Array, lengths: Uint8Array, index: number): number {
    const row = this.#find(words, index * this.#width, lengths[index]!);
    return row < 0 ? -1 : this.#values[row]!;
  }

  /** @returns the number it had before, or -1 */
  set(words: Uint32Array, lengths: Uint8Array, index: number, value: number): number {
    const at = index * this.#width;
    const row = this.#find(words, at, lengths[index]!);
    if (row >= 0) {
      const before = this.#values[row]!;
      this.#values[row] = value;
      return before;
    }
    this.#reserve();
    this.#insert(words, at, lengths[index]!, value);
    return -1;
  }

  /** @returns the number it had, or -1 */
  delete(words: Uint32Array, lengths: Uint8Array, index: number): number {
    const row = this.#find(words, index * this.#width, lengths[index]!);
    if (row < 0) return -1;
    this.#lengths[row] = DELETED;
    this.#size--;
    return this.#values[row]!;
  }

  /** Calls `visit` for every prefix; the columns it is given are the table's own and only good during the call. */
  forEach(visit: (words: Uint32Array, lengths: Uint8Array, index: number, value: number) => void): void {
    for (let row = 0; row < this.#lengths.length; row++) {
      if (this.#lengths[row]! < DELETED) visit(this.#words, this.#lengths, row, this.#values[row]!);
    }
  }

  #insert(words: Uint32Array, at: number, length: number, value: number): void {
    const mask = this.#lengths.length - 1;
    let row = this.#hash(words, at, length) & mask;
    while (this.#lengths[row] !== EMPTY) row = (row + 1) & mask;
    for (let i = 0; i < this.#width; i++) this.#words[row * this.#width + i] = words[at + i]!;
    this.#lengths[row] = length;
    this.#values[row] = value;
    this.#size++;
    this.#taken++;
  }

  #find(words: Uint32Array, at: number, length: number): number {
    const mask = this.#lengths.length - 1;
    for (let row = this.#hash(words, at, length) & mask; this.#lengths[row] !== EMPTY; row = (row + 1) & mask) {
      if (this.#lengths[row] === length && this.#same(words, at, row * this.#width)) return row;
    }
    return -1;
  }

  #same(words: Uint32Array, at: number, own: number): boolean {
    for (let i = 0; i < this.#width; i++) if (this.#words[own + i] !== words[at + i]) return false;
    return true;
  }

  #hash(words: Uint32Array, at: number, length: number): number {
    let hash = length;
    for (let i = 0; i < this.#width; i++) {
      hash = Math.imul(hash ^ words[at + i]!, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return Math.imul(hash, 0x85ebca6b) >>> 7;
  }

  #reserve(): void {
    const rows = this.#lengths.length;
    if ((this.#taken + 1) * 10 < rows * 7) return;
    const [words, lengths, values] = [this.#words, this.#lengths, this.#values];
    const next = this.#size * 2 >= rows * 0.7 ? rows * 2 : rows;
    this.#words = new Uint32Array(next * this.#width);
    this.#lengths = new Uint8Array(next).fill(EMPTY);
    this.#values = new Uint32Array(next);
    this.#size = 0;
    this.#taken = 0;
    for (let row = 0; row < rows; row++) {
      if (lengths[row]! < DELETED) this.#insert(words, row * this.#width, lengths[row]!, values[row]!);
    }
  }
}

/** Prefixes of both families with a number each. */
export class PrefixMap {
  readonly four: PrefixTable;
  readonly six: PrefixTable;

  constructor(expected4 = 0, expected6 = 0) {
    this.four = new PrefixTable(1, expected4);
    this.six = new PrefixTable(4, expected6);
  }

  get size(): number {
    return this.four.size + this.six.size;
  }

  /** Gives every prefix of the list the same number. */
  setAll(list: PrefixList, value: number): void {
    for (let i = 0; i < list.count4; i++) this.four.set(list.addresses4, list.lengths4, i, value);
    for (let i = 0; i < list.count6; i++) this.six.set(list.words6, list.lengths6, i, value);
  }

  deleteAll(list: PrefixList): void {
    for (let i = 0; i < list.count4; i++) this.four.delete(list.addresses4, list.lengths4, i);
    for (let i = 0; i < list.count6; i++) this.six.delete(list.words6, list.lengths6, i);
  }
}
