import type { EntryMeta } from '../model/entries.ts';
import { PrefixList } from '../model/prefix-list.ts';
import type { Clock } from './clock.ts';
import { wordsOf } from './codec.ts';
import { loaded } from './hash.ts';
import { listEntryCodec, prefixCodec } from './layout.ts';

/** A struct nx_list_entry without its prefix length; many prefixes share one. */
export interface ListValue {
  readonly bytes: Uint8Array;
  readonly permanent: boolean;
}

export function listValue(action: number, meta: EntryMeta, clock: Clock): ListValue {
  const permanent = meta.expiresAt === null;
  const bytes = listEntryCodec.encode({
    action,
    prefixlen: 0,
    reason: meta.reason,
    createdAt: clock.toJiffies(meta.createdAt),
    expiresAt: meta.expiresAt === null ? 0 : clock.toJiffies(meta.expiresAt),
  });
  return { bytes, permanent };
}

const { reason: REASON, expiresAt: EXPIRES } = listEntryCodec.fields;

/**
 * Whether the entry at byte `at` says the same. The time of creation does not count, and the time of expiry may differ
 * by `tolerance` jiffies, since both are converted from a wall clock that is corrected now and then.
 */
export function sameValue(bytes: Uint8Array, view: DataView, at: number, value: ListValue, tolerance: number): boolean {
  if (bytes[at] !== value.bytes[0]) return false;
  for (let i = REASON.offset; i < REASON.offset + REASON.size; i++) if (bytes[at + i] !== value.bytes[i]) return false;
  const expires = EXPIRES.get(view, at + EXPIRES.offset);
  if (value.permanent || expires === 0) return value.permanent === (expires === 0);
  const own = new DataView(value.bytes.buffer, value.bytes.byteOffset);
  return Math.abs(expires - EXPIRES.get(own, EXPIRES.offset)) <= tolerance;
}

/** Whether the entry at byte `at` never expires. */
export const isPermanent = (view: DataView, at: number): boolean => EXPIRES.get(view, at + EXPIRES.offset) === 0;

/** Prefixes with a value each. */
export class ListEntries {
  readonly prefixes = new PrefixList();
  readonly values: ListValue[];
  /** Index into `values` of each IPv4 and IPv6 prefix. */
  readonly values4: number[] = [];
  readonly values6: number[] = [];

  constructor(values: ListValue[] = []) {
    this.values = values;
  }

  get size(): number {
    return this.prefixes.size;
  }

  /** @returns the number by which `push4` and `push6` know the value */
  addValue(value: ListValue): number {
    return this.values.push(value) - 1;
  }

  push4(address: number, length: number, value: number): void {
    this.prefixes.push4(address, length);
    this.values4.push(value);
  }

  push6(words: Uint32Array, at: number, length: number, value: number): void {
    this.prefixes.push6(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!, length);
    this.values6.push(value);
  }

  pushAll(list: PrefixList, value: number): void {
    for (let i = 0; i < list.count4; i++) this.push4(list.addresses4[i]!, list.lengths4[i]!, value);
    for (let i = 0; i < list.count6; i++) this.push6(list.words6, i * 4, list.lengths6[i]!, value);
  }

  /** The entries in flat arrays as the kernel takes them, sorted by key, which makes a trie grow faster. */
  encode(): { readonly keys: Uint8Array; readonly values: Uint8Array } {
    const keys = new Uint8Array(this.size * prefixCodec.size);
    const values = new Uint8Array(this.size * listEntryCodec.size);
    let row = 0;
    const add = (encodeKey: (at: number) => number, value: ListValue) => {
      const length = encodeKey(row * prefixCodec.size);
      values.set(value.bytes, row * listEntryCodec.size);
      values[row * listEntryCodec.size + 1] = length;
      row++;
    };
    const { prefixes } = this;
    const words = new Uint32Array(keys.buffer);
    for (const i of sorted4(prefixes)) {
      add((at) => writeKey4(words, at >> 2, prefixes, i), this.values[this.values4[i]!]!);
    }
    for (const i of sorted6(prefixes)) {
      add((at) => writeKey6(words, at >> 2, prefixes, i), this.values[this.values6[i]!]!);
    }
    return { keys, values };
  }
}

/** The keys of a list, in its own order: IPv4, then IPv6. */
export function encodeKeys(list: PrefixList): Uint8Array {
  const words = new Uint32Array((list.size * prefixCodec.size) / 4);
  const step = prefixCodec.size / 4;
  for (let i = 0; i < list.count4; i++) writeKey4(words, i * step, list, i);
  for (let i = 0; i < list.count6; i++) writeKey6(words, (list.count4 + i) * step, list, i);
  return new Uint8Array(words.buffer);
}

/** Reads `count` keys of struct nx_prefix; both columns keep the order. */
export function decodeKeys(keys: Uint8Array, count: number, visit: (prefix: PrefixList, index: number) => void): void {
  const words = wordsOf(keys);
  const one = new PrefixList(1, 1);
  for (let i = 0; i < count; i++) {
    const at = i * 5;
    const length = words[at]!;
    const [a, b, c, d] = [words[at + 1]!, words[at + 2]!, words[at + 3]!, words[at + 4]!];
    one.count4 = 0;
    one.count6 = 0;
    if (length >= 96 && a === 0 && b === 0 && c === MAPPED) one.push4(loaded(d) >>> 0, length - 96);
    else one.push6(loaded(a) >>> 0, loaded(b) >>> 0, loaded(c) >>> 0, loaded(d) >>> 0, length);
    visit(one, i);
  }
}

/** The third word of ::ffff:a.b.c.d as it lies in memory. */
const MAPPED = loaded(0xffff) >>> 0;

function writeKey4(words: Uint32Array, at: number, list: PrefixList, index: number): number {
  const length = list.lengths4[index]! + 96;
  words[at] = length;
  words[at + 3] = MAPPED;
  words[at + 4] = loaded(list.addresses4[index]!);
  return length;
}

function writeKey6(words: Uint32Array, at: number, list: PrefixList, index: number): number {
  const length = list.lengths6[index]!;
  words[at] = length;
  for (let i = 0; i < 4; i++) words[at + 1 + i] = loaded(list.words6[index * 4 + i]!);
  return length;
}

/** Room for the index of an entry below the address in a double. */
const INDEX_SPAN = 2 ** 21;

function sorted4(list: PrefixList): Iterable<number> {
  if (list.count4 > INDEX_SPAN) return Array.from({ length: list.count4 }, (_, i) => i);
  const order = new Float64Array(list.count4);
  for (let i = 0; i < order.length; i++) order[i] = list.addresses4[i]! * INDEX_SPAN + i;
  return order.sort().map((key) => key % INDEX_SPAN);
}

function sorted6({ words6, count6 }: PrefixList): Iterable<number> {
  const order = new Uint32Array(count6);
  for (let i = 0; i < count6; i++) order[i] = i;
  return order.sort((a, b) => {
    for (let i = 0; i < 4; i++) {
      const difference = words6[a * 4 + i]! - words6[b * 4 + i]!;
      if (difference !== 0) return difference;
    }
    return a - b;
  });
}
