import type { EntryMeta } from './entries.ts';

/** Metadata of entries, each kept once and counted by the entries that use it; a number stands for it in columns. */
export class MetaTable {
  readonly #metas: (EntryMeta | null)[] = [];
  readonly #uses: number[] = [];
  readonly #free: number[] = [];
  readonly #ids = new Map<string, number>();
  /** Grows whenever a number gets another meaning. */
  version = 0;

  /** The number of a meta; equal metas share one. It stays valid while something uses it. */
  intern(meta: EntryMeta): number {
    const key = keyOf(meta);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#free.pop() ?? this.#metas.length;
    this.#metas[id] = meta;
    this.#uses[id] = 0;
    this.#ids.set(key, id);
    this.version++;
    return id;
  }

  get(id: number): EntryMeta {
    return this.#metas[id]!;
  }

  retain(id: number, count = 1): void {
    this.#uses[id]! += count;
  }

  release(id: number, count = 1): void {
    const left = this.#uses[id]! - count;
    this.#uses[id] = left;
    if (left > 0) return;
    this.#ids.delete(keyOf(this.#metas[id]!));
    this.#metas[id] = null;
    this.#free.push(id);
  }

  /** Numbers run from 0 to this, exclusive; some may be free. */
  get end(): number {
    return this.#metas.length;
  }

  /** Every meta in use, with its number. */
  *entries(): IterableIterator<[number, EntryMeta]> {
    for (const [id, meta] of this.#metas.entries()) {
      if (meta !== null && this.#uses[id]! > 0) yield [id, meta];
    }
  }
}

function keyOf(meta: EntryMeta): string {
  const also = meta.also === undefined ? '' : JSON.stringify(meta.also);
  return `${meta.createdAt}\0${meta.expiresAt}\0${meta.source}\0${meta.reason}\0${also}`;
}
