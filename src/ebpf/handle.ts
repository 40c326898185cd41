import { closeSync, readlinkSync } from 'node:fs';
import { BpfError, check } from './errors.ts';
import { lastErrno, libbpf, libc } from './library.ts';
import { allocate, type Block } from './memory.ts';

const F_DUPFD_CLOEXEC = 1030;

/** @returns a second descriptor of the same kernel object, with an owner of its own */
export function duplicate(fd: number): number {
  const copy = libc().fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) throw new BpfError('fcntl', lastErrno());
  return copy;
}

/** BPF_OBJ_GET_INFO_BY_FD. `length` is how much of the block the running kernel filled in. */
export function readInfo(fd: number, block: Block): { block: Block; length: number } {
  const length = allocate(4);
  const words = new Uint32Array(length.bytes.buffer);
  words[0] = block.bytes.length;
  check('bpf_obj_get_info_by_fd', libbpf().bpf_obj_get_info_by_fd(fd, block.bytes, length.bytes));
  return { block, length: words[0]! };
}

/** One kernel object held by one descriptor. The owner disposes of it; pins and attachments may outlive it. */
export abstract class Handle implements Disposable {
  #fd: number;

  protected constructor(fd: number) {
    this.#fd = fd;
  }

  /** Runs a constructor that takes over `fd`; closes it when that fails, or when it is no `kind`. */
  protected static adopt<Owner>(fd: number, kind: 'map' | 'prog' | 'link', construct: () => Owner): Owner {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      if (!new RegExp(`bpf[-_]${kind}`).test(target)) {
        throw new BpfError('open', 0, { code: 'INVALID_INPUT', reason: `this is no bpf ${kind} but ${target}` });
      }
      return construct();
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /** @throws BpfError CLOSED after disposal */
  get fd(): number {
    if (this.#fd < 0)
      throw new BpfError('use', 0, { code: 'CLOSED', reason: `this ${this.constructor.name} is closed` });
    return this.#fd;
  }

  get closed(): boolean {
    return this.#fd < 0;
  }

  [Symbol.dispose](): void {
    if (this.#fd < 0) return;
    closeSync(this.#fd);
    this.#fd = -1;
  }
}
