import { type Family, familyBits, maskWord, type Prefix, prefix4, prefix6 } from './prefixes.ts';

const FIRST_ROWS = 16;

/**
 * A set of prefixes of one family with one number each, in columns behind an open-addressed index: about 18 bytes an IPv4
 * prefix and 30 an IPv6 one, no object per entry. Rows are dense (0 .. size - 1); removal moves the last row into the gap,
 * so row numbers hold only until the next removal. IPv4 prefixes are passed as words (0, 0, 0, address).
 */
export class PrefixTable {
  readonly family: Family;
  /** Words a row takes in `words`: 1 for IPv4, 4 for IPv6. */
  readonly stride: 1 | 4;
  size = 0;
  words: Uint32Array;
  lengths: Uint8Array;
  values: Uint32Array;
  /** How many rows have each prefix length. */
  readonly byLength: Uint32Array;
  /** Grows with every change, so that caches know when they are stale. */
  version = 0;
  #slots: Uint32Array;
  #mask: number;

  constructor(family: Family, rows = FIRST_ROWS) {
    this.family = family;
    this.stride = family === 4 ? 1 : 4;
    const capacity = powerOfTwo(rows);
    this.words = new Uint32Array(capacity * this.stride);
    this.lengths = new Uint8Array(capacity);
    this.values = new Uint32Array(capacity);
    this.byLength = new Uint32Array(familyBits(family) + 1);
    this.#slots = new Uint32Array(capacity * 2);
    this.#mask = capacity * 2 - 1;
  }

  /** The row of a prefix whose host bits are zero, or -1. */
  find(a: number, b: number, c: number, d: number, length: number): number {
    let slot = this.#hash(a, b, c, d, length);
    for (;;) {
      const row = this.#slots[slot]! - 1;
      if (row < 0 || this.#holds(row, a, b, c, d, length)) return row;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** The row of the prefix; it is new, with `value`, exactly when `size` has grown. */
  findOrAdd(a: number, b: number, c: number, d: number, length: number, value: number): number {
    if (this.size === this.lengths.length) this.#resize(this.size * 2);
    let slot = this.#hash(a, b, c, d, length);
    for (;;) {
      const found = this.#slots[slot]! - 1;
      if (found < 0) break;
      if (this.#holds(found, a, b, c, d, length)) return found;
      slot = (slot + 1) & this.#mask;
    }
    const row = this.size++;
    this.#slots[slot] = row + 1;
    if (this.stride === 1) this.words[row] = d;
    else {
      this.words[row * 4] = a;
      this.words[row * 4 + 1] = b;
      this.words[row * 4 + 2] = c;
      this.words[row * 4 + 3] = d;
    }
    this.lengths[row] = length;
    this.values[row] = value;
    this.byLength[length]!++;
    this.version++;
    return row;
  }

  setValue(row: number, value: number): void {
    this.values[row] = value;
    this.version++;
  }

  removeRow(row: number): void {
    this.byLength[this.lengths[row]!]!--;
    this.#freeSlot(this.#slotOf(row));
    const last = --this.size;
    if (row !== last) {
      this.#slots[this.#slotOf(last)] = row + 1;
      this.words.copyWithin(row * this.stride, last * this.stride, (last + 1) * this.stride);
      this.lengths[row] = this.lengths[last]!;
      this.values[row] = this.values[last]!;
    }
    this.version++;
  }

  /** Makes room for `more` further rows at once. */
  reserve(more: number): void {
    const capacity = powerOfTwo(this.size + more);
    if (capacity > this.lengths.length) this.#resize(capacity);
  }

  at(row: number): Prefix {
    const length = this.lengths[row]!;
    if (this.stride === 1) return prefix4(this.words[row]!, length);
    const at = row * 4;
    const words = this.words;
    return prefix6([words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!], length);
  }

  /** The longest prefix of at most `longest` bits that covers the address, as a row, or -1. */
  covering(a: number, b: number, c: number, d: number, longest: number): number {
    for (let length = longest; length >= 0; length--) {
      if (this.byLength[length] === 0) continue;
      const row =
        this.stride === 1
          ? this.find(0, 0, 0, maskWord(d, length), length)
          : this.find(
              maskWord(a, length),
              maskWord(b, length - 32),
              maskWord(c, length - 64),
              maskWord(d, length - 96),
              length,
            );
      if (row >= 0) return row;
    }
    return -1;
  }

  #holds(row: number, a: number, b: number, c: number, d: number, length: number): boolean {
    if (this.lengths[row] !== length) return false;
    const words = this.words;
    if (this.stride === 1) return words[row] === d;
    const at = row * 4;
    return words[at + 3] === d && words[at + 2] === c && words[at + 1] === b && words[at] === a;
  }

  #hash(a: number, b: number, c: number, d: number, length: number): number {
    let h = Math.imul(d ^ Math.imul(length, 0x9e3779b1), 0x85ebca6b);
    if (this.stride === 4) {
      h = Math.imul(h ^ (h >>> 15) ^ c, 0xc2b2ae35);
      h = Math.imul(h ^ (h >>> 13) ^ b, 0x27d4eb2f);
      h = Math.imul(h ^ (h >>> 15) ^ a, 0x165667b1);
    }
    h ^= h >>> 15;
    h = Math.imul(h, 0xc2b2ae35);
    return (h ^ (h >>> 16)) & this.#mask;
  }

  #home(row: number): number {
    const words = this.words;
    const length = this.lengths[row]!;
    if (this.stride === 1) return this.#hash(0, 0, 0, words[row]!, length);
    const at = row * 4;
    return this.#hash(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!, length);
  }

  #slotOf(row: number): number {
    let slot = this.#home(row);
    while (this.#slots[slot] !== row + 1) slot = (slot + 1) & this.#mask;
    return slot;
  }

  /** Backward shift: later rows of the probe chain move up, so look-ups need no tombstones. */
  #freeSlot(gap: number): void {
    let slot = gap;
    for (;;) {
      slot = (slot + 1) & this.#mask;
      const row = this.#slots[slot]! - 1;
      if (row < 0) break;
      const distance = (slot - this.#home(row)) & this.#mask;
      if (distance < ((slot - gap) & this.#mask)) continue;
      this.#slots[gap] = row + 1;
      gap = slot;
    }
    this.#slots[gap] = 0;
  }

  #resize(capacity: number): void {
    this.words = copied(this.words, new Uint32Array(capacity * this.stride));
    this.values = copied(this.values, new Uint32Array(capacity));
    this.lengths = copied(this.lengths, new Uint8Array(capacity));
    this.#slots = new Uint32Array(capacity * 2);
    this.#mask = capacity * 2 - 1;
    for (let row = 0; row < this.size; row++) {
      let slot = this.#home(row);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = row + 1;
    }
  }
}

function copied<T extends Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function powerOfTwo(rows: number): number {
  let capacity = FIRST_ROWS;
  while (capacity < rows) capacity *= 2;
  return capacity;
}
