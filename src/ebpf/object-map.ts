import { BpfError, check } from './errors.ts';
import { duplicate } from './handle.ts';
import { copyOf, libbpf } from './library.ts';
import { BpfMap } from './map.ts';
import type { MapPtr } from './pointers.ts';

/** A map as an object declares it: adjusted before the load, opened after it. Lives as long as its object. */
export class ObjectMap {
  /** As declared; of an internal map, the object's name and the section: `netxfw.rodata`. */
  readonly name: string;
  /** Made by libbpf for a section of global variables. */
  readonly internal: boolean;
  readonly #pointer: MapPtr;
  readonly #use: () => void;

  /** @internal */
  constructor(pointer: MapPtr, use: () => void) {
    this.#pointer = pointer;
    this.#use = use;
    this.name = libbpf().bpf_map__name(pointer);
    this.internal = libbpf().bpf_map__is_internal(pointer);
  }

  get type(): number {
    return libbpf().bpf_map__type(this.#live());
  }

  get keySize(): number {
    return libbpf().bpf_map__key_size(this.#live());
  }

  get valueSize(): number {
    return libbpf().bpf_map__value_size(this.#live());
  }

  get flags(): number {
    return libbpf().bpf_map__map_flags(this.#live());
  }

  get maxEntries(): number {
    return libbpf().bpf_map__max_entries(this.#live());
  }

  set maxEntries(entries: number) {
    this.#check('set max_entries', libbpf().bpf_map__set_max_entries(this.#live(), entries));
  }

  set flags(flags: number) {
    this.#check('set map_flags', libbpf().bpf_map__set_map_flags(this.#live(), flags));
  }

  /** False: the load does not create the map; programs that use it must not be loaded either. */
  set autocreate(create: boolean) {
    this.#check('set autocreate', libbpf().bpf_map__set_autocreate(this.#live(), create));
  }

  get autocreate(): boolean {
    return libbpf().bpf_map__autocreate(this.#live());
  }

  /** The load reuses what is pinned there if it fits, and else pins the new map there; undefined: not pinned. */
  set pinPath(path: string | undefined) {
    this.#check('set pin path', libbpf().bpf_map__set_pin_path(this.#live(), path ?? null));
  }

  get pinPath(): string | undefined {
    return libbpf().bpf_map__pin_path(this.#live()) ?? undefined;
  }

  /**
   * Has the load use this map instead of creating one. The object keeps a descriptor of its own; the number of entries
   * may differ and is then the existing map's.
   * @throws BpfError LAYOUT_MISMATCH when type, key, value or flags differ
   */
  reuse(map: BpfMap): void {
    const pointer = this.#live();
    const mine = { type: this.type, keySize: this.keySize, valueSize: this.valueSize, flags: this.flags };
    for (const field of ['type', 'keySize', 'valueSize', 'flags'] as const) {
      if (mine[field] === map.info[field]) continue;
      throw new BpfError('reuse', 0, {
        subject: `map ${this.name}`,
        code: 'LAYOUT_MISMATCH',
        reason: `the existing map has ${field} ${map.info[field]}, the program needs ${mine[field]}`,
      });
    }
    this.#check('reuse', libbpf().bpf_map__reuse_fd(pointer, map.fd));
  }

  /** @returns a copy of the section's bytes as they will be loaded; only of internal maps */
  readInitial(): Uint8Array {
    const size = new BigUint64Array(1);
    const address = libbpf().bpf_map__initial_value(this.#live(), size);
    if (address === null) this.#check('initial value', -22);
    return copyOf(address!, Number(size[0]));
  }

  /** Replaces the bytes of a section of global variables before the load; all of them. */
  writeInitial(bytes: Uint8Array): void {
    this.#check('set initial value', libbpf().bpf_map__set_initial_value(this.#live(), bytes, bytes.length));
  }

  /** After the load: a handle of its own, which may outlive the object. */
  open(): BpfMap {
    const fd = libbpf().bpf_map__fd(this.#live());
    if (fd < 0) {
      const reason = 'the object has not been loaded, or this map is not created';
      throw new BpfError('open', 0, { subject: `map ${this.name}`, code: 'INVALID_INPUT', reason });
    }
    return BpfMap.fromFd(duplicate(fd));
  }

  #live(): MapPtr {
    this.#use();
    return this.#pointer;
  }

  #check(op: string, result: number): void {
    check(op, result, { subject: `map ${this.name}` });
  }
}
