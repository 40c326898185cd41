import type { BpfMap } from '../ebpf/index.ts';

/** What writing in batches needs of a map. */
export type WritableMap = Pick<BpfMap, 'info' | 'update' | 'updateBatch' | 'deleteBatch' | 'readAll'>;

export interface Row {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** What the map holds for the key now; undefined: nothing. A trie cannot be asked for it. */
  readonly before?: Uint8Array | undefined;
}

/** Adds or replaces entries in their order, all or none. @returns what takes it back */
export function putRows(map: WritableMap, rows: readonly Row[]): () => void {
  if (rows.length === 0) return () => {};
  const restore = () => {
    removeKeys(
      map,
      rows.filter(({ before }) => before === undefined).map(({ key }) => key),
    );
    for (const { key, before } of rows) if (before !== undefined) map.update(key, before);
  };
  try {
    map.updateBatch(joined(rows.map(({ key }) => key)), joined(rows.map(({ value }) => value)), rows.length);
  } catch (error) {
    restore();
    throw error;
  }
  return restore;
}

/** Removes entries in their order; what is not there is passed over. */
export function removeKeys(map: Pick<WritableMap, 'deleteBatch'>, keys: readonly Uint8Array[]): void {
  if (keys.length > 0) map.deleteBatch(joined(keys), keys.length);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Entry `index` of a flat array. */
export function pieceOf(flat: Uint8Array, index: number, size: number): Uint8Array {
  return flat.subarray(index * size, (index + 1) * size);
}
