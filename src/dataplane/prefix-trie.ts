import type { BpfMap, MapContents } from '../ebpf/index.ts';
import { NetxfwError } from '../model/errors.ts';
import { PrefixList } from '../model/prefix-list.ts';
import { type Prefix, prefix4 } from '../model/prefixes.ts';
import { listEntryCodec, prefixCodec } from './layout.ts';
import { decodeKeys, encodeKeys, isPermanent, type ListEntries } from './list-entries.ts';
import { MAX_LENGTH } from './network-bits.ts';
import { PrefixMap } from './prefix-map.ts';

/** What a trie needs of a map. */
export type EntryMap = Pick<BpfMap, 'info' | 'lookup' | 'update' | 'updateBatch' | 'deleteBatch' | 'readAll'>;

const DELETE_TRIES = 3;

/** Value in `known` of a permanent IPv4 network up to /24, which src_index states as long as nothing else touches its blocks. */
export const INDEXED = 1;
const LOOKED_UP = 0;

/**
 * whitelist or lock_list, with a mirror of its keys: the kernel's trie neither counts nor tells whether an update
 * replaced something.
 */
export class PrefixTrie {
  readonly name: string;
  readonly map: EntryMap;
  /** Every prefix of the map with INDEXED or 0. */
  known = new PrefixMap();
  /** What `load` read, until it is asked for or changed. */
  #contents: MapContents | undefined;

  constructor(name: string, map: EntryMap) {
    this.name = name;
    this.map = map;
  }

  get size(): number {
    return this.known.size;
  }

  /** One less than the map holds: kernels before 6.13 cannot replace an entry of a map that is full to the brim. */
  get capacity(): number {
    return trieCapacity(this.map.info.maxEntries);
  }

  /** What the map holds now; the mirror is made equal to it. */
  contents(): MapContents {
    const contents = this.#contents ?? this.load();
    this.#contents = undefined;
    return contents;
  }

  /** Reads the map and makes the mirror equal to it. */
  load(): MapContents {
    const contents = this.map.readAll();
    this.known = new PrefixMap(contents.count);
    const view = new DataView(contents.values.buffer, contents.values.byteOffset);
    decodeKeys(contents.keys, contents.count, (one, i) => {
      this.#know(one, 0, isPermanent(view, i * listEntryCodec.size));
    });
    this.#contents = contents;
    return contents;
  }

  /** The longest permanent IPv4 network up to /24 that covers an address, and its reason. */
  networkOf(source: Prefix): { readonly prefix: Prefix; readonly reason: string } | undefined {
    if (source.family !== 4) return undefined;
    for (let length = MAX_LENGTH; length >= 0; length--) {
      const one = PrefixList.of(prefix4(source.words[3], length));
      if (this.known.four.get(one.addresses4, one.lengths4, 0) !== INDEXED) continue;
      const value = this.map.lookup(encodeKeys(one));
      return { prefix: one.at4(0), reason: value === undefined ? '' : listEntryCodec.decode(value).reason };
    }
    return undefined;
  }

  /** How many of the entries are not in the map; an upper bound when the entries repeat each other. */
  countNew({ prefixes }: ListEntries): number {
    let count = 0;
    this.#each(prefixes, (known) => {
      if (known < 0) count++;
    });
    return count;
  }

  /**
   * Adds or replaces entries, all or none.
   * @returns what takes it back
   */
  put(entries: ListEntries): () => void {
    if (entries.size === 0) return () => {};
    this.#contents = undefined;
    const { keys, values } = entries.encode();
    const restore = this.#restorer(keys, entries.size);
    try {
      this.map.updateBatch(keys, values, entries.size);
    } catch (error) {
      restore();
      throw error;
    }
    const { prefixes } = entries;
    for (let i = 0; i < prefixes.count4; i++) this.#know4(prefixes, i, entries.values[entries.values4[i]!]!.permanent);
    for (let i = 0; i < prefixes.count6; i++) this.#know6(prefixes, i);
    return () => {
      restore();
      this.load();
    };
  }

  /** @returns what puts these entries, which the map has, back as they are now */
  snapshot(list: PrefixList): () => void {
    const restore = this.#restorer(encodeKeys(list), list.size);
    return () => {
      restore();
      this.load();
    };
  }

  /** Removes entries that the map has. */
  remove(list: PrefixList): void {
    if (list.size === 0) return;
    this.#contents = undefined;
    const keys = encodeKeys(list);
    // A deletion fails only while a lock of the kernel is contended; what is gone already is passed over.
    for (let attempt = 1; ; attempt++) {
      try {
        this.map.deleteBatch(keys, list.size);
        break;
      } catch (error) {
        if (attempt === DELETE_TRIES) throw error;
      }
    }
    this.known.deleteAll(list);
  }

  /** Remembers what is there now for the keys that are about to be written. */
  #restorer(keys: Uint8Array, count: number): () => void {
    const before: { readonly key: Uint8Array; readonly value: Uint8Array }[] = [];
    const added = new Uint8Array(keys.length);
    let additions = 0;
    decodeKeys(keys, count, (one, i) => {
      const key = keys.subarray(i * prefixCodec.size, (i + 1) * prefixCodec.size);
      let known = -1;
      this.#each(one, (value) => {
        known = value;
      });
      if (known < 0) added.set(key, additions++ * prefixCodec.size);
      else before.push({ key, value: this.#lookup(key) });
    });
    return () => {
      if (additions > 0) this.map.deleteBatch(added.subarray(0, additions * prefixCodec.size), additions);
      for (const { key, value } of before) this.map.update(key, value);
    };
  }

  #lookup(key: Uint8Array): Uint8Array {
    const value = this.map.lookup(key);
    if (value === undefined) throw new NetxfwError('KERNEL_FAILED', `${this.name} lost an entry that no one removed`);
    return value;
  }

  #each(list: PrefixList, visit: (known: number) => void): void {
    const { four, six } = this.known;
    for (let i = 0; i < list.count4; i++) visit(four.get(list.addresses4, list.lengths4, i));
    for (let i = 0; i < list.count6; i++) visit(six.get(list.words6, list.lengths6, i));
  }

  #know(one: PrefixList, index: number, permanent: boolean): void {
    if (one.count4 > 0) this.#know4(one, index, permanent);
    else this.#know6(one, index);
  }

  #know4(list: PrefixList, index: number, permanent: boolean): void {
    const value = permanent && list.lengths4[index]! <= MAX_LENGTH ? INDEXED : LOOKED_UP;
    this.known.four.set(list.addresses4, list.lengths4, index, value);
  }

  #know6(list: PrefixList, index: number): void {
    this.known.six.set(list.words6, list.lengths6, index, LOOKED_UP);
  }
}

/** max_entries of a map that shall hold `capacity` entries. */
export const trieEntries = (capacity: number): number => capacity + 1;
const trieCapacity = (maxEntries: number): number => maxEntries - 1;
