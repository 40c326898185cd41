import { renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { BpfError, BpfMap, unpin } from '../ebpf/index.ts';
import { NetxfwError } from '../model/errors.ts';
import { LAYOUT_VERSION, metaCodec } from './layout.ts';
import { LINKS, names, pinOf, STAGING } from './pin-paths.ts';

const META = 'meta';
const META_KEY = new Uint8Array(4);

export type Meta = ReturnType<typeof metaCodec.decode>;

/** The maps of one instance, by their names in bpf/include/maps.h; each held by a handle of this process. */
export class KernelMaps implements Disposable {
  readonly pinPath: string;
  readonly meta: Meta;
  /** Taken over from an earlier run, with what they hold. */
  readonly adopted: boolean;
  readonly #maps: Map<string, BpfMap>;

  private constructor(pinPath: string, maps: Map<string, BpfMap>, meta: Meta, adopted: boolean) {
    this.pinPath = pinPath;
    this.#maps = maps;
    this.meta = meta;
    this.adopted = adopted;
  }

  /** A set of new maps, still empty; `add` fills it. */
  static create(pinPath: string, meta: Meta): KernelMaps {
    return new KernelMaps(pinPath, new Map(), meta, false);
  }

  /**
   * Opens what is pinned.
   * @returns undefined when nothing is pinned there, or what is there was never finished
   * @throws NetxfwError LAYOUT_MISMATCH
   */
  static adopt(pinPath: string): KernelMaps | undefined {
    const meta = readMeta(pinPath);
    if (meta === undefined) return undefined;
    const maps = new KernelMaps(pinPath, new Map(), meta, true);
    try {
      for (const name of names(pinPath).filter((entry) => entry !== LINKS && entry !== STAGING)) {
        maps.#maps.set(name, BpfMap.openPinned(pinOf.map(pinPath, name)));
      }
      return maps;
    } catch (error) {
      maps[Symbol.dispose]();
      throw error;
    }
  }

  /** A set of its own over the same maps, some left out, which are to be made anew; `adopted` is false. */
  without(left: readonly string[], meta: Meta): KernelMaps {
    const maps = KernelMaps.create(this.pinPath, meta);
    try {
      for (const [name, map] of this.#maps) if (!left.includes(name)) maps.#maps.set(name, BpfMap.openId(map.info.id));
      return maps;
    } catch (error) {
      maps[Symbol.dispose]();
      throw error;
    }
  }

  get(name: string): BpfMap {
    const map = this.#maps.get(name);
    if (map === undefined) throw new NetxfwError('LAYOUT_MISMATCH', `there is no map ${name} in ${this.pinPath}`);
    return map;
  }

  find(name: string): BpfMap | undefined {
    return this.#maps.get(name);
  }

  /** Takes over a map that this set lacks, and pins it when the others are pinned. */
  add(name: string, map: BpfMap): void {
    this.#maps.set(name, map);
    if (this.adopted) map.pin(pinOf.map(this.pinPath, name));
  }

  names(): string[] {
    return [...this.#maps.keys()];
  }

  /**
   * Gives every map its name on bpffs, in place of others that have it. `meta` comes last: a pin path without it was never
   * finished.
   */
  pin(): void {
    this.get(META).update(META_KEY, metaCodec.encode(this.meta));
    const ordered = [...this.names().filter((name) => name !== META), META];
    for (const name of ordered) {
      const staged = pinOf.staged(this.pinPath, name);
      unpin(staged);
      this.get(name).pin(staged);
    }
    for (const name of ordered) renameSync(pinOf.staged(this.pinPath, name), pinOf.map(this.pinPath, name));
    rmdirSync(join(this.pinPath, STAGING));
  }

  [Symbol.dispose](): void {
    for (const map of this.#maps.values()) map[Symbol.dispose]();
  }
}

/** @throws NetxfwError LAYOUT_MISMATCH naming both versions */
function readMeta(pinPath: string): Meta | undefined {
  const map = openPinned(pinOf.map(pinPath, META));
  if (map === undefined) return undefined;
  using pinned = map;
  const unknown = pinned.info.valueSize !== metaCodec.size;
  const meta = unknown ? undefined : metaCodec.decode(pinned.lookup(META_KEY)!);
  if (meta?.layout === 0) return undefined;
  if (meta?.layout === LAYOUT_VERSION) return meta;
  throw new NetxfwError(
    'LAYOUT_MISMATCH',
    `the maps in ${pinPath} have layout ${meta?.layout ?? 'unknown'}, this version of netxfw needs ${LAYOUT_VERSION}`,
  );
}

/** @returns undefined when nothing is pinned there */
function openPinned(path: string): BpfMap | undefined {
  try {
    return BpfMap.openPinned(path);
  } catch (error) {
    if (error instanceof BpfError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}
