import { BpfError, check, ENOTSUPP } from './errors.ts';
import { libbpf } from './library.ts';
import type { BpfMap } from './map.ts';

const ENOENT = 2;
const EINVAL = 22;
const EOPNOTSUPP = 95;

/** Entries of one system call: enough that its cost vanishes, few enough that the event loop is not held for long. */
const CHUNK = 65_536;
const READ_CHUNK = 16_384;

/** Flat arrays: entry i is at i * keySize and i * valueSize. */
export interface MapContents {
  readonly count: number;
  readonly keys: Uint8Array;
  readonly values: Uint8Array;
}

/** Kernels before 5.6 know no batches (EINVAL), later ones not for every type of map (ENOTSUPP). */
const lacksBatch = (result: number): boolean => result === -ENOTSUPP || result === -EOPNOTSUPP || result === -EINVAL;

export function updateBatch(map: BpfMap, keys: Uint8Array, values: Uint8Array, total: number, flags: number): void {
  const { keySize } = map.info;
  const valueSize = map.lookupSize;
  const opts = new BigUint64Array([24n, BigInt(flags), 0n]);
  for (let done = 0; done < total; ) {
    const wanted = Math.min(CHUNK, total - done);
    const count = new Uint32Array([wanted]);
    const result = libbpf().bpf_map_update_batch(
      map.fd,
      keys.subarray(done * keySize, (done + wanted) * keySize),
      values.subarray(done * valueSize, (done + wanted) * valueSize),
      count,
      opts,
    );
    if (result === 0) {
      done += wanted;
    } else if (lacksBatch(result)) {
      for (let i = done; i < total; i++) {
        map.update(entry(keys, i, keySize), entry(values, i, valueSize), flags);
      }
      return;
    } else {
      throw new BpfError('update', -result, {
        subject: map.name,
        messages: [`${done + Math.min(count[0]!, wanted)} of ${total} entries were written`],
      });
    }
  }
}

export function deleteBatch(map: BpfMap, keys: Uint8Array, total: number): number {
  const { keySize } = map.info;
  let deleted = 0;
  for (let done = 0; done < total; ) {
    const wanted = Math.min(CHUNK, total - done);
    const count = new Uint32Array([wanted]);
    const chunk = keys.subarray(done * keySize, (done + wanted) * keySize);
    const result = libbpf().bpf_map_delete_batch(map.fd, chunk, count, null);
    if (result === 0) {
      done += wanted;
      deleted += wanted;
    } else if (result === -ENOENT) {
      // The kernel stops at the first key that is not there; it has told how many it deleted before it.
      deleted += count[0]!;
      done += count[0]! + 1;
    } else if (lacksBatch(result)) {
      for (let i = done; i < total; i++) if (map.delete(entry(keys, i, keySize))) deleted++;
      return deleted;
    } else {
      check('delete', result, { subject: map.name });
    }
  }
  return deleted;
}

/** Reads the map piece by piece; a piece is overwritten by the next. */
export function* readChunks(map: BpfMap): Generator<MapContents, void, undefined> {
  const { keySize, maxEntries } = map.info;
  const valueSize = map.lookupSize;
  // A map that is not larger than a piece also has no hash bucket that is, which the kernel would refuse.
  const capacity = Math.min(READ_CHUNK, maxEntries);
  const keys = new Uint8Array(capacity * keySize);
  const values = new Uint8Array(capacity * valueSize);
  // The cursor is a bucket number for hashes and a key for the others.
  const cursors = [new Uint8Array(Math.max(keySize, 8)), new Uint8Array(Math.max(keySize, 8))] as const;
  for (let call = 0; ; call++) {
    const from = call === 0 ? null : cursors[(call + 1) % 2]!;
    const read = new Uint32Array([capacity]);
    const result = libbpf().bpf_map_lookup_batch(map.fd, from, cursors[call % 2]!, keys, values, read, null);
    if (call === 0 && lacksBatch(result)) {
      yield* readSingly(map, keys, values, capacity);
      return;
    }
    if (result !== -ENOENT) check('read', result, { subject: map.name });
    const count = read[0]!;
    if (count > 0) {
      yield { count, keys: keys.subarray(0, count * keySize), values: values.subarray(0, count * valueSize) };
    }
    if (result === -ENOENT) return;
  }
}

export function readAll(map: BpfMap): MapContents {
  const keys: Uint8Array[] = [];
  const values: Uint8Array[] = [];
  let count = 0;
  for (const chunk of readChunks(map)) {
    keys.push(chunk.keys.slice());
    values.push(chunk.values.slice());
    count += chunk.count;
  }
  return { count, keys: join(keys), values: join(values) };
}

function* readSingly(map: BpfMap, keys: Uint8Array, values: Uint8Array, capacity: number): Generator<MapContents> {
  const { keySize } = map.info;
  const valueSize = map.lookupSize;
  const piece = (count: number): MapContents => ({
    count,
    keys: keys.subarray(0, count * keySize),
    values: values.subarray(0, count * valueSize),
  });
  let count = 0;
  for (const key of map.keys()) {
    // An entry may have gone between the two calls, and an array of descriptors has keys without a value.
    if (!map.lookupInto(key, entry(values, count, valueSize))) continue;
    keys.set(key, count * keySize);
    if (++count < capacity) continue;
    yield piece(count);
    count = 0;
  }
  if (count > 0) yield piece(count);
}

const entry = (flat: Uint8Array, index: number, size: number): Uint8Array =>
  flat.subarray(index * size, (index + 1) * size);

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
