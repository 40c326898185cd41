/**
 * lock_hosts4 and lock_hosts6: permanent denied hosts in flat memory that the kernel program reads while this process
 * writes it. A two-choice bucketed table (bpf/include/hash.h gives the hashes): 64-byte buckets, sixteen IPv4 or four
 * IPv6 slots each, all zero = free slot, so 0.0.0.0 and :: cannot be stored. Slots hold words as the kernel loads them
 * from a packet; the methods take host order.
 *
 * A host goes to its first bucket, where the kernel looks first, as long as that has room. When both are full, other hosts
 * move to their own second bucket: the copy is written first, then `settle` waits until no packet is judged with what it
 * read before, then the old slot is freed. So no denied host is ever missed. A process that dies in between leaves a second
 * copy, which `remove` and `others` free.
 */
import { bucketOf, secondHash } from './hash.ts';

/** 32-bit words in a bucket. */
export const BUCKET_WORDS = 16;
const BUCKET_SHIFT = 4;
/** Buckets that the search for a free slot looks at before the table counts as full. */
const SEARCH_BUCKETS = 512;
/** Rounds of moves before the rest is refused; each brings every waiting host one move nearer. */
const MAX_ROUNDS = 64;
/** Fruitless searches of one round before the table counts as full. */
const MAX_FAILURES = 64;
/** Hosts whose buckets are fetched together, so that their cache misses overlap. */
const CHUNK = 64;

export abstract class HostsTable {
  /** Words of a host in `columns` arguments and in a slot. */
  readonly width: number;
  readonly buckets: number;
  protected readonly words: Int32Array;
  protected readonly seed: number;
  readonly #settle: () => void;
  #count = 0;
  /** Used slots of each bucket. */
  readonly #loads: Uint8Array;
  /**
   * Nothing has left it since it was empty: the used slots of a bucket are its first ones, and only a host whose first bucket
   * is full is in its second.
   */
  #orderly: boolean;
  /** Buckets of the hosts of a chunk, as word offsets. */
  protected readonly ones = new Int32Array(CHUNK);
  protected readonly twos = new Int32Array(CHUNK);
  /** Keeps the compiler from dropping the reads of `fetch`. */
  protected fetched = 0;

  /**
   * @param words the map's memory; whole buckets
   * @param settle returns when no packet is being judged that began before the call
   */
  protected constructor(width: number, words: Uint32Array, seed: number, settle: () => void) {
    this.width = width;
    this.words = new Int32Array(words.buffer, words.byteOffset, words.length);
    this.buckets = words.length / BUCKET_WORDS;
    this.seed = seed | 0;
    this.#settle = settle;
    this.#loads = new Uint8Array(this.buckets);
    for (let at = 0; at < this.words.length; at += width) if (this.used(at)) this.#took(at);
    this.#orderly = this.#count === 0;
  }

  /** Hosts in the table. A second copy that a dead process left counts until it is found. */
  get count(): number {
    return this.#count;
  }

  /** Slots, used and free. */
  get slots(): number {
    return this.words.length / this.width;
  }

  /** Makes the host at `index` of `columns` the key of the methods below. */
  protected abstract stage(columns: Uint32Array, index: number): void;
  protected abstract stageSlot(at: number): void;
  protected abstract hash(): number;
  /**
   * Fills `ones` and `twos` for `count` hosts and touches the first buckets, or `both`.
   * @returns a value that depends on all of them
   */
  protected abstract fetch(columns: Uint32Array, from: number, count: number, both: boolean): number;
  /** @returns word offset of the key in a bucket, from word `from` to before `to`, or -1 */
  protected abstract scan(from: number, to: number): number;
  protected abstract write(at: number): void;
  protected abstract clear(at: number): void;
  protected abstract used(at: number): boolean;
  protected abstract read(at: number, columns: Uint32Array, index: number): void;
  /** Whether the key is all zero, which marks a free slot. */
  protected abstract get zero(): boolean;

  /**
   * Inserts hosts that are not there yet.
   * @param columns `width` words a host, host order
   * @param added called with the index of each host that was not there before
   * @returns indexes of hosts that found no room
   */
  insert(columns: Uint32Array, count: number, added?: (index: number) => void): number[] {
    const waiting: number[] = [];
    for (let from = 0; from < count; from += CHUNK) {
      const length = Math.min(CHUNK, count - from);
      this.fetched ^= this.fetch(columns, from, length, !this.#orderly);
      for (let i = 0; i < length; i++) {
        this.stage(columns, from + i);
        const placed = this.zero ? null : this.#place(this.ones[i]!, this.twos[i]!);
        if (placed === null) waiting.push(from + i);
        else if (placed) added?.(from + i);
      }
    }
    return this.#makeRoom(columns, waiting, added);
  }

  /** Word offset of a host or -1: stable as long as no host is inserted. */
  find(columns: Uint32Array, index: number): number {
    this.stage(columns, index);
    return this.zero ? -1 : this.#search();
  }

  #search(): number {
    const first = this.hash();
    const at = this.#scan(this.bucketAt(first));
    return at >= 0 ? at : this.#scan(this.bucketAt(secondHash(first)));
  }

  /** @returns whether the host was there */
  remove(columns: Uint32Array, index: number): boolean {
    let found = false;
    for (let at = this.find(columns, index); at >= 0; at = this.find(columns, index)) {
      this.clear(at);
      this.#freed(at);
      found = true;
    }
    return found;
  }

  /** All hosts, `width` words each, host order. */
  hosts(): Uint32Array {
    const columns = new Uint32Array(this.#count * this.width);
    let index = 0;
    for (let at = 0; at < this.words.length; at += this.width) if (this.used(at)) this.read(at, columns, index++);
    return columns;
  }

  /**
   * All hosts whose slot is not marked in `keep` (slot number = word offset / width), host order. Frees second copies of
   * marked ones on the way.
   */
  others(keep: Uint8Array): Uint32Array {
    const offsets: number[] = [];
    for (let at = 0; at < this.words.length; at += this.width) {
      if (keep[at / this.width] === 1 || !this.used(at)) continue;
      this.stageSlot(at);
      if (keep[this.#search() / this.width] === 1) {
        this.clear(at);
        this.#freed(at);
      } else {
        offsets.push(at);
      }
    }
    const columns = new Uint32Array(offsets.length * this.width);
    for (const [i, at] of offsets.entries()) this.read(at, columns, i);
    return columns;
  }

  /** @returns true: inserted, false: was there, null: both buckets are full */
  #place(one: number, two: number): boolean | null {
    if (this.#scan(one) >= 0) return false;
    const room = this.#loads[one >> BUCKET_SHIFT]! < BUCKET_WORDS / this.width;
    if (!(room && this.#orderly) && this.#scan(two) >= 0) return false;
    const at = this.#freeSlot(room ? one : two);
    if (at < 0) return null;
    this.write(at);
    this.#took(at);
    return true;
  }

  #scan(from: number): number {
    const length = this.#orderly ? this.#loads[from >> BUCKET_SHIFT]! * this.width : BUCKET_WORDS;
    return this.scan(from, from + length);
  }

  #freeSlot(from: number): number {
    const end = from + BUCKET_WORDS;
    const load = this.#loads[from >> BUCKET_SHIFT]!;
    for (let at = from + load * this.width; at < end; at += this.width) if (!this.used(at)) return at;
    for (let at = from; at < end; at += this.width) if (!this.used(at)) return at;
    return -1;
  }

  #took(at: number): void {
    this.#loads[at >> BUCKET_SHIFT]!++;
    this.#count++;
  }

  #freed(at: number): void {
    this.#loads[at >> BUCKET_SHIFT]!--;
    this.#count--;
    this.#orderly = this.#count === 0;
  }

  #makeRoom(columns: Uint32Array, indexes: number[], added?: (index: number) => void): number[] {
    let waiting = indexes;
    for (let round = 0; waiting.length > 0 && round < MAX_ROUNDS; round++) {
      const draining = new Set<number>();
      const still: number[] = [];
      let failures = 0;
      for (const index of waiting) {
        this.stage(columns, index);
        if (this.zero) {
          still.push(index);
          continue;
        }
        const first = this.hash();
        const placed = this.#place(this.bucketAt(first), this.bucketAt(secondHash(first)));
        if (placed) added?.(index);
        if (placed !== null) continue;
        still.push(index);
        if (failures < MAX_FAILURES && !this.#moveNearest(draining)) failures++;
      }
      waiting = still;
      if (draining.size === 0) break;
      this.#settle();
      for (const at of draining) {
        this.clear(at);
        this.#freed(at);
      }
    }
    return waiting;
  }

  /**
   * Breadth-first search from the key's two full buckets for the nearest host that can move to a free slot; copies that
   * one host and marks its old slot as draining. The next round finds the path one step shorter.
   */
  #moveNearest(draining: Set<number>): boolean {
    const first = this.hash();
    const queue = [this.bucketAt(first), this.bucketAt(secondHash(first))];
    const seen = new Set(queue);
    for (let head = 0; head < queue.length && head < SEARCH_BUCKETS; head++) {
      const from = queue[head]!;
      for (let at = from; at < from + BUCKET_WORDS; at += this.width) {
        if (draining.has(at)) continue;
        this.stageSlot(at);
        const to = this.#otherBucket(from);
        if (this.#scan(to) >= 0) continue;
        const free = this.#freeSlot(to);
        if (free >= 0) {
          this.write(free);
          this.#took(free);
          draining.add(at);
          return true;
        }
        if (seen.has(to)) continue;
        seen.add(to);
        queue.push(to);
      }
    }
    return false;
  }

  #otherBucket(bucket: number): number {
    const first = this.hash();
    const one = this.bucketAt(first);
    return one === bucket ? this.bucketAt(secondHash(first)) : one;
  }

  protected bucketAt(hash: number): number {
    return bucketOf(hash, this.buckets) * BUCKET_WORDS;
  }
}
