import type { BpfMap } from '../ebpf/index.ts';
import { PrefixList } from '../model/prefix-list.ts';
import { isHost, type Prefix, prefix6, prefixBytes, prefixFromBytes } from '../model/prefixes.ts';
import { REASONS, reasonName } from '../model/reasons.ts';
import type { DynamicEntry } from '../model/status.ts';
import type { Clock } from './clock.ts';
import { dynEntryCodec } from './layout.ts';
import { INDEX_BIT } from './nibbles.ts';
import type { IndexWriter } from './source-index.ts';

const KEY_SIZE = 16;

export interface DynamicHooks {
  readonly index: IndexWriter;
  /** Told before dyn_lock_list is relied on. */
  used(): void;
}

/**
 * The dynamic blacklist, which the kernel program extends by itself. A key is a host, or the first address of an IPv6
 * /64; so the first address of a /64 cannot be blocked alone, which no host has for a source (RFC 4291 2.6.1).
 */
export class DynamicList {
  readonly #map: BpfMap;
  readonly #clock: Clock;
  readonly #hooks: DynamicHooks;

  constructor(map: BpfMap, clock: Clock, hooks: DynamicHooks) {
    this.#map = map;
    this.#clock = clock;
    this.#hooks = hooks;
  }

  put(entries: readonly DynamicEntry[]): void {
    if (entries.length === 0) return;
    const keys = encodeKeys(entries.map((entry) => entry.prefix));
    const values = new Uint8Array(entries.length * dynEntryCodec.size);
    const view = new DataView(values.buffer);
    for (const [i, entry] of entries.entries()) {
      dynEntryCodec.write(view, i * dynEntryCodec.size, {
        blockedAt: this.#clock.toJiffies(entry.blockedAt),
        expiresAt: entry.expiresAt === null ? 0 : this.#clock.toJiffies(entry.expiresAt),
        cause: entry.cause === null ? 0 : REASONS[entry.cause],
        hits: entry.hits,
        reason: entry.reason,
      });
    }
    this.#hooks.used();
    this.#map.updateBatch(keys, values, entries.length);
    this.#touch(
      this.#hooks.index,
      entries.map((entry) => entry.prefix),
    );
  }

  /** @returns how many were there */
  remove(prefixes: readonly Prefix[]): number {
    return prefixes.length === 0 ? 0 : this.#map.deleteBatch(encodeKeys(prefixes), prefixes.length);
  }

  /** Entries that have not expired. */
  list(): DynamicEntry[] {
    const { count, keys, values } = this.#map.readAll();
    const view = new DataView(values.buffer, values.byteOffset);
    const now = this.#clock.now();
    const entries: DynamicEntry[] = [];
    for (let i = 0; i < count; i++) {
      const value = dynEntryCodec.read(view, i * dynEntryCodec.size);
      if (value.expiresAt !== 0 && value.expiresAt <= now) continue;
      entries.push({
        prefix: decodeKey(keys.subarray(i * KEY_SIZE, (i + 1) * KEY_SIZE)),
        reason: value.reason,
        blockedAt: this.#clock.toUnixMs(value.blockedAt),
        expiresAt: value.expiresAt === 0 ? null : this.#clock.toUnixMs(value.expiresAt),
        cause: value.cause === 0 ? null : (reasonName(value.cause) ?? null),
        hits: value.hits,
      });
    }
    return entries;
  }

  /** Entries in the map, expired ones too. */
  count(): number {
    return this.#map.readAll().count;
  }

  /** Says all entries to an index that is being drawn up. */
  contribute(index: IndexWriter): void {
    const prefixes = this.list().map((entry) => entry.prefix);
    if (prefixes.length > 0) this.#hooks.used();
    this.#touch(index, prefixes);
  }

  #touch(index: IndexWriter, prefixes: readonly Prefix[]): void {
    index.touch('dynamic', INDEX_BIT.OTHER, listOf(prefixes));
  }
}

function encodeKeys(prefixes: readonly Prefix[]): Uint8Array {
  const keys = new Uint8Array(prefixes.length * KEY_SIZE);
  for (const [i, prefix] of prefixes.entries()) keys.set(prefixBytes(prefix), i * KEY_SIZE);
  return keys;
}

function decodeKey(key: Uint8Array): Prefix {
  const prefix = prefixFromBytes(key);
  const [a, b, c, d] = prefix.words;
  return prefix.family === 6 && isHost(prefix) && c === 0 && d === 0 ? prefix6([a, b, 0, 0], 64) : prefix;
}

function listOf(prefixes: readonly Prefix[]): PrefixList {
  const list = new PrefixList();
  for (const prefix of prefixes) list.push(prefix);
  return list;
}
