import { BpfError } from './errors.ts';
import { lastErrno, libc, viewOf } from './library.ts';
import type { MapInfo } from './map-info.ts';
import type { MemoryPtr } from './pointers.ts';
import { MAP_FLAG, MAP_TYPE } from './uapi.ts';

const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 1;
const MAP_PRIVATE = 2;
const MAP_FIXED = 0x10;
const MAP_ANONYMOUS = 0x20;
const MAP_NORESERVE = 0x4000;
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;

interface Reservation {
  readonly address: MemoryPtr;
  readonly size: number;
}

/** Gives addresses back once no typed array over them is left. */
const reservations = new FinalizationRegistry<Reservation>(({ address, size }) => libc().munmap(address, size));

/**
 * Kernel memory in this process's address space. `bytes` and `words` throw after disposal. A typed array that was kept
 * longer loses its map at disposal: it then reads zeros and its writes go nowhere. The kernel's pages are released at
 * once, the addresses only when the last typed array over them is gone, so a late access cannot hit anything else.
 */
export class MapMemory implements Disposable {
  readonly size: number;
  #buffer: ArrayBuffer | undefined;
  readonly #mappedSize: number;
  readonly #address: MemoryPtr;

  private constructor(address: MemoryPtr, size: number, mappedSize: number) {
    this.#address = address;
    this.#mappedSize = mappedSize;
    this.size = size;
    this.#buffer = viewOf(address, size);
    reservations.register(this.#buffer, { address, size: mappedSize });
  }

  /** The values of an array map: value i is at i * valueSize rounded up to 8 bytes. */
  static ofArray(fd: number, info: MapInfo): MapMemory {
    if (info.type !== MAP_TYPE.ARRAY || (info.flags & MAP_FLAG.MMAPABLE) === 0) {
      throw new BpfError('mmap', 0, {
        subject: info.name,
        code: 'INVALID_INPUT',
        reason: 'only an array that was created with BPF_F_MMAPABLE can be mapped',
      });
    }
    const size = Math.ceil(info.valueSize / 8) * 8 * info.maxEntries;
    // The kernel freezes .rodata once it is loaded and then refuses a writable mapping.
    const protection = (info.flags & MAP_FLAG.RDONLY_PROG) === 0 ? PROT_READ | PROT_WRITE : PROT_READ;
    return MapMemory.map(fd, size, 0, protection, info.name);
  }

  /** @internal maps any range of a map's descriptor */
  static map(fd: number, size: number, offset: number, protection: number, name: string): MapMemory {
    const page = libc().getpagesize();
    const mappedSize = Math.ceil(size / page) * page;
    const address = libc().mmap(null, mappedSize, protection, MAP_SHARED, fd, offset);
    if (address === null || address === MAP_FAILED) throw new BpfError('mmap', lastErrno(), { subject: name });
    return new MapMemory(address, size, mappedSize);
  }

  get buffer(): ArrayBuffer {
    if (this.#buffer === undefined) {
      throw new BpfError('use', 0, { code: 'CLOSED', reason: 'this mapped memory is closed' });
    }
    return this.#buffer;
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.buffer);
  }

  get words(): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.buffer);
  }

  [Symbol.dispose](): void {
    if (this.#buffer === undefined) return;
    this.#buffer = undefined;
    const flags = MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    const placed = libc().mmap(this.#address, this.#mappedSize, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (placed !== this.#address) throw new BpfError('munmap', lastErrno());
  }
}

export const PROTECTION = { READ: PROT_READ, READ_WRITE: PROT_READ | PROT_WRITE } as const;
