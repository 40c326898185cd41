import { BpfError, check } from './errors.ts';
import { Handle } from './handle.ts';
import { libbpf } from './library.ts';
import { deleteBatch, type MapContents, readAll, readChunks, updateBatch } from './map-batch.ts';
import { isPerCpu, type MapInfo, possibleCpus, readMapInfo, readMapMemory } from './map-info.ts';
import { MapMemory } from './map-memory.ts';
import { allocate, HOST_LE } from './memory.ts';
import { openPin, pin } from './pins.ts';

const ENOENT = 2;

export interface MapSpec {
  readonly name?: string;
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags?: number;
}

/**
 * A map, held by a descriptor of its own. Keys and values are raw bytes in the layout of the C struct; a key or value
 * of a wrong length is refused, because the kernel would read past its end.
 */
export class BpfMap extends Handle {
  readonly info: MapInfo;
  /** Bytes that a look-up returns: of a per-CPU map, all CPUs' values, each padded to 8 bytes. */
  readonly lookupSize: number;

  private constructor(fd: number) {
    super(fd);
    this.info = readMapInfo(fd);
    const { type, valueSize } = this.info;
    this.lookupSize = isPerCpu(type) ? Math.ceil(valueSize / 8) * 8 * possibleCpus() : valueSize;
  }

  /** Takes over a descriptor; it is closed when it turns out not to be a map. */
  static fromFd(fd: number): BpfMap {
    return Handle.adopt(fd, 'map', () => new BpfMap(fd));
  }

  /** @throws BpfError NOT_FOUND, NOT_ROOT */
  static openPinned(path: string): BpfMap {
    return BpfMap.fromFd(openPin(path));
  }

  /** Opens a map by its id. Kernel 4.13; needs CAP_SYS_ADMIN. */
  static openId(id: number): BpfMap {
    return BpfMap.fromFd(check('bpf_map_get_fd_by_id', libbpf().bpf_map_get_fd_by_id(id), { subject: `${id}` }));
  }

  static create(spec: MapSpec): BpfMap {
    const opts = allocate(56);
    opts.view.setBigUint64(0, 56n, HOST_LE);
    opts.view.setUint32(28, spec.flags ?? 0, HOST_LE);
    const { type, keySize, valueSize, maxEntries } = spec;
    const fd = libbpf().bpf_map_create(type, spec.name ?? null, keySize, valueSize, maxEntries, opts.bytes);
    return BpfMap.fromFd(check('bpf_map_create', fd, { subject: spec.name }));
  }

  get name(): string {
    return this.info.name;
  }

  /** @returns the value, or undefined when the key is not there; of a per-CPU map, all CPUs' values one after another */
  lookup(key: Uint8Array): Uint8Array | undefined {
    const value = new Uint8Array(this.lookupSize);
    return this.lookupInto(key, value) ? value : undefined;
  }

  /** As lookup, into memory of the caller, which holds lookupSize bytes. */
  lookupInto(key: Uint8Array, value: Uint8Array): boolean {
    this.#expect('key', key, this.info.keySize);
    this.#expect('value', value, this.lookupSize);
    const result = libbpf().bpf_map_lookup_elem(this.fd, key, value);
    if (result === -ENOENT) return false;
    check('lookup', result, { subject: this.name });
    return true;
  }

  /** @returns one value per possible CPU, or undefined when the key is not there */
  lookupPerCpu(key: Uint8Array): Uint8Array[] | undefined {
    const all = this.lookup(key);
    if (all === undefined) return undefined;
    const stride = this.lookupSize / possibleCpus();
    return Array.from({ length: possibleCpus() }, (_, cpu) =>
      all.subarray(cpu * stride, cpu * stride + this.info.valueSize),
    );
  }

  /**
   * Sets a value. Of a per-CPU map, `value` holds lookupSize bytes.
   * @param flags UPDATE.ANY, NOEXIST or EXIST
   * @throws BpfError MAP_FULL, EXISTS, NOT_FOUND
   */
  update(key: Uint8Array, value: Uint8Array, flags = 0): void {
    this.#expect('key', key, this.info.keySize);
    this.#expect('value', value, this.lookupSize);
    const result = libbpf().bpf_map_update_elem(this.fd, key, value, flags);
    if (result < 0) check('update', result, { subject: this.name });
  }

  /** @returns whether the key was there */
  delete(key: Uint8Array): boolean {
    this.#expect('key', key, this.info.keySize);
    const result = libbpf().bpf_map_delete_elem(this.fd, key);
    if (result === -ENOENT) return false;
    check('delete', result, { subject: this.name });
    return true;
  }

  /** @returns the key after `key` in the map's own order, the first one for undefined, undefined at the end */
  nextKey(key?: Uint8Array): Uint8Array | undefined {
    if (key !== undefined) this.#expect('key', key, this.info.keySize);
    const next = new Uint8Array(this.info.keySize);
    const result = libbpf().bpf_map_get_next_key(this.fd, key ?? null, next);
    if (result === -ENOENT) return undefined;
    check('next key', result, { subject: this.name });
    return next;
  }

  /** Walks all keys; an entry that another writer removes meanwhile may restart the walk from the beginning. */
  *keys(): Generator<Uint8Array> {
    for (let key = this.nextKey(); key !== undefined; key = this.nextKey(key)) yield key;
  }

  /** Reads the map in pieces of bounded size; the arrays of a piece are reused for the next. */
  readChunks(): Generator<MapContents, void, undefined> {
    return readChunks(this);
  }

  /** Reads the whole map, in batches where the kernel has them (5.6), else key by key. */
  readAll(): MapContents {
    return readAll(this);
  }

  /**
   * Sets `count` entries from flat arrays of keys and values, in batches where the kernel has them (5.6).
   * @throws BpfError MAP_FULL and others; entries before the failing one stay written
   */
  updateBatch(keys: Uint8Array, values: Uint8Array, count: number, flags = 0): void {
    this.#expect('keys', keys, this.info.keySize * count);
    this.#expect('values', values, this.lookupSize * count);
    updateBatch(this, keys, values, count, flags);
  }

  /** Deletes `count` keys of a flat array. @returns how many were there */
  deleteBatch(keys: Uint8Array, count: number): number {
    this.#expect('keys', keys, this.info.keySize * count);
    return deleteBatch(this, keys, count);
  }

  /** Maps the values of an array that was created with MMAPABLE into this process. Kernel 5.5. */
  mmap(): MapMemory {
    return MapMemory.ofArray(this.fd, this.info);
  }

  /** Kernel memory in bytes. */
  memory(): number {
    return readMapMemory(this.fd);
  }

  /** @throws BpfError EXISTS, NO_BPFFS */
  pin(path: string): void {
    pin(this.fd, path);
  }

  #expect(what: string, bytes: Uint8Array, length: number): void {
    if (bytes.length === length) return;
    const reason = `${what} has ${bytes.length} bytes, not ${length}`;
    throw new BpfError('map', 0, { subject: this.name, code: 'INVALID_INPUT', reason });
  }
}
