import { type Prefix, prefix4, prefix6 } from './prefixes.ts';

const INITIAL = 16;

/**
 * Many prefixes in columns: 5 bytes an IPv4 prefix, 17 an IPv6 one, so a million cost megabytes, not hundreds of them.
 * Order of insertion is kept within a family; duplicates are the caller's business. The column arrays may be longer than
 * the counts say; read only the first `count4` and `count6` elements.
 */
export class PrefixList implements Iterable<Prefix> {
  /** IPv4 addresses, host order. */
  addresses4: Uint32Array;
  lengths4: Uint8Array;
  count4 = 0;
  /** Four words a prefix, most significant first. */
  words6: Uint32Array;
  lengths6: Uint8Array;
  count6 = 0;

  constructor(capacity4 = INITIAL, capacity6 = INITIAL) {
    this.addresses4 = new Uint32Array(capacity4);
    this.lengths4 = new Uint8Array(capacity4);
    this.words6 = new Uint32Array(capacity6 * 4);
    this.lengths6 = new Uint8Array(capacity6);
  }

  static of(...prefixes: Prefix[]): PrefixList {
    const list = new PrefixList();
    for (const prefix of prefixes) list.push(prefix);
    return list;
  }

  get size(): number {
    return this.count4 + this.count6;
  }

  push(prefix: Prefix): void {
    if (prefix.family === 4) this.push4(prefix.words[3], prefix.length);
    else this.push6(...prefix.words, prefix.length);
  }

  /** @param address host order, host bits zero */
  push4(address: number, length: number): void {
    if (this.count4 === this.lengths4.length) {
      this.addresses4 = grown(this.addresses4, Uint32Array);
      this.lengths4 = grown(this.lengths4, Uint8Array);
    }
    this.addresses4[this.count4] = address;
    this.lengths4[this.count4++] = length;
  }

  push6(a: number, b: number, c: number, d: number, length: number): void {
    if (this.count6 === this.lengths6.length) {
      this.words6 = grown(this.words6, Uint32Array);
      this.lengths6 = grown(this.lengths6, Uint8Array);
    }
    const at = this.count6 * 4;
    this.words6[at] = a;
    this.words6[at + 1] = b;
    this.words6[at + 2] = c;
    this.words6[at + 3] = d;
    this.lengths6[this.count6++] = length;
  }

  /** The IPv4 prefix at `index` (0 .. count4 - 1). */
  at4(index: number): Prefix {
    return prefix4(this.addresses4[index]!, this.lengths4[index]!);
  }

  /** The IPv6 prefix at `index` (0 .. count6 - 1). */
  at6(index: number): Prefix {
    const at = index * 4;
    const words = this.words6;
    return prefix6([words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!], this.lengths6[index]!);
  }

  *[Symbol.iterator](): IterableIterator<Prefix> {
    for (let i = 0; i < this.count4; i++) yield this.at4(i);
    for (let i = 0; i < this.count6; i++) yield this.at6(i);
  }
}

function grown<T extends Uint32Array | Uint8Array>(column: T, make: new (length: number) => T): T {
  const larger = new make(Math.max(INITIAL, column.length * 2));
  larger.set(column);
  return larger;
}
