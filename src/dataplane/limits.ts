/**
 * Rate limits by source, in the map rate_limit, and what each of them has dropped, in limit_hits. The longest prefix
 * decides; so new limits come longest first and old ones go shortest first, and each packet meets the limit that it had
 * before or the one that it has afterwards.
 */
import { type BpfMap, possibleCpus } from '../ebpf/index.ts';
import { formatPrefix, mappedLength, type Prefix, prefixBytes, prefixFromBytes } from '../model/prefixes.ts';
import { pieceOf, putRows, type Row, removeKeys, type WritableMap } from './batch-write.ts';
import { familiesAlways, markSources } from './index-marks.ts';
import { counterCodec, prefixCodec, rateCodec } from './layout.ts';
import { mapFull } from './map-full.ts';
import type { LimitEntry } from './policy-plane.ts';
import { tokenBucket } from './rates.ts';
import type { IndexWriter } from './source-index.ts';
import type { Tunables } from './tunables.ts';

const OWNER = 'limits';

/** A limit and its number in limit_hits. */
interface Held extends LimitEntry {
  readonly id: number;
}

export interface LimitMaps {
  readonly limits: WritableMap;
  readonly hits: Pick<BpfMap, 'info' | 'lookupSize' | 'lookup' | 'updateBatch'>;
}

export class Limits {
  readonly #maps: LimitMaps;
  readonly #index: IndexWriter;
  readonly #tunables: Tunables;
  /** What the map holds, by canonical prefix. */
  #held: ReadonlyMap<string, Held>;

  constructor(maps: LimitMaps, index: IndexWriter, tunables: Tunables) {
    this.#maps = maps;
    this.#index = index;
    this.#tunables = tunables;
    this.#held = readLimits(maps.limits);
  }

  get size(): number {
    return this.#held.size;
  }

  get capacity(): number {
    return this.#maps.hits.info.maxEntries;
  }

  get entries(): LimitEntry[] {
    return [...this.#held.values()].map(({ prefix, rate, burst }) => ({ prefix, rate, burst }));
  }

  /** Makes the map hold exactly these; of several with the same prefix the last counts. @throws NetxfwError MAP_FULL */
  set(limits: readonly LimitEntry[]): void {
    const wanted = new Map(limits.map((limit) => [formatPrefix(limit.prefix), limit]));
    if (wanted.size > this.capacity) throw mapFull('rate_limit', 'capacity.rate_limits', this.capacity, wanted.size);
    const removed = [...this.#held.values()].filter(({ prefix }) => !wanted.has(formatPrefix(prefix)));
    const ids = this.#freeIds(removed);
    const next = new Map<string, Held>();
    const put: Held[] = [];
    const fresh: number[] = [];
    for (const [key, { prefix, rate, burst }] of wanted) {
      const old = this.#held.get(key);
      const same = old?.rate === rate && old.burst === burst;
      const held = same ? old : { prefix, rate, burst, id: old?.id ?? ids.next().value! };
      next.set(key, held);
      if (!same) put.push(held);
      if (old === undefined) fresh.push(held.id);
    }
    if (put.length > 0 || removed.length > 0) this.#write(put, removed, fresh, next);
  }

  /** Packets dropped by each limit since it was made, by canonical prefix. */
  drops(): Map<string, number> {
    const { hits } = this.#maps;
    const drops = new Map<string, number>();
    for (const [key, { id }] of this.#held) {
      const value = hits.lookup(idKey(id));
      const view = new DataView(value!.buffer);
      let packets = 0;
      for (let cpu = 0; cpu < possibleCpus(); cpu++) {
        packets += counterCodec.fields.packets.get(view, cpu * counterCodec.size);
      }
      drops.set(key, packets);
    }
    return drops;
  }

  /** The number of a limit in limit_hits, undefined when there is none. */
  idOf(prefix: Prefix): number | undefined {
    return this.#held.get(formatPrefix(prefix))?.id;
  }

  /** The limit that has this number, undefined for none. */
  prefixOf(id: number): Prefix | undefined {
    for (const held of this.#held.values()) if (held.id === id) return held.prefix;
    return undefined;
  }

  contribute(index: IndexWriter): void {
    markSources(OWNER, index, prefixesOf(this.#held));
  }

  /** Makes the flags of the kernel program fit what the map holds. */
  refreshFlags(): void {
    const limitsAlways = familiesAlways(prefixesOf(this.#held));
    this.#tunables.set({ hasLimits: Number(this.#held.size > 0), limitsAlways });
  }

  #write(put: Held[], removed: Held[], fresh: readonly number[], next: ReadonlyMap<string, Held>): void {
    const { limits } = this.#maps;
    const longestFirst = (a: Held, b: Held) => b.prefix.length - a.prefix.length;
    this.#clearHits(fresh);
    markSources(
      OWNER,
      this.#index,
      put.map(({ prefix }) => prefix),
    );
    const always = familiesAlways([...prefixesOf(this.#held), ...prefixesOf(next)]);
    this.#tunables.set({ hasLimits: 1, limitsAlways: always });
    try {
      const undo = putRows(limits, put.sort(longestFirst).map(this.#row));
      try {
        removeKeys(limits, removed.sort(longestFirst).reverse().map(keyOf));
      } catch (error) {
        undo();
        putRows(limits, removed.map(this.#row));
        throw error;
      }
    } catch (error) {
      this.refreshFlags();
      throw error;
    }
    this.#held = next;
    this.refreshFlags();
  }

  readonly #row = (held: Held): Row => {
    const before = this.#held.get(formatPrefix(held.prefix));
    return { key: keyOf(held), value: encoded(held), before: before === undefined ? undefined : encoded(before) };
  };

  /** Numbers that no limit has; then those of limits that are about to go. */
  *#freeIds(removed: readonly Held[]): Generator<number, undefined> {
    const taken = new Set([...this.#held.values()].map(({ id }) => id));
    for (let id = 0; id < this.capacity; id++) if (!taken.has(id)) yield id;
    for (const { id } of removed) yield id;
    return undefined;
  }

  #clearHits(ids: readonly number[]): void {
    const { hits } = this.#maps;
    if (ids.length === 0) return;
    const keys = new Uint8Array(Uint32Array.from(ids).buffer);
    hits.updateBatch(keys, new Uint8Array(ids.length * hits.lookupSize), ids.length);
  }
}

function* prefixesOf(held: ReadonlyMap<string, Held>): Generator<Prefix> {
  for (const { prefix } of held.values()) yield prefix;
}

const idKey = (id: number): Uint8Array => new Uint8Array(Uint32Array.of(id).buffer);

function keyOf({ prefix }: Pick<Held, 'prefix'>): Uint8Array {
  return prefixCodec.encode({ prefixlen: mappedLength(prefix), addr: prefixBytes(prefix) });
}

function encoded({ prefix, rate, burst, id }: Held): Uint8Array {
  return rateCodec.encode({ rate, burst, ...tokenBucket(rate, burst), id, prefixlen: mappedLength(prefix) });
}

function readLimits(map: WritableMap): Map<string, Held> {
  const { count, keys, values } = map.readAll();
  const held = new Map<string, Held>();
  for (let i = 0; i < count; i++) {
    const key = prefixCodec.decode(pieceOf(keys, i, prefixCodec.size));
    const { rate, burst, id } = rateCodec.decode(pieceOf(values, i, rateCodec.size));
    const prefix = prefixFromBytes(key.addr, key.prefixlen);
    held.set(formatPrefix(prefix), { prefix, rate, burst, id });
  }
  return held;
}
