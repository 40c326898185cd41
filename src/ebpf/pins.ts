import { mkdirSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { isBpffs } from './bpffs.ts';
import { BpfError } from './errors.ts';
import { libbpf } from './library.ts';

/**
 * Gives a kernel object a name on the bpf file system, making missing directories; it lives until the name is removed.
 * @throws BpfError EXISTS, NO_BPFFS, NOT_ROOT
 */
export function pin(fd: number, path: string): void {
  const directory = dirname(path);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const { errno = 0 } = cause as NodeJS.ErrnoException;
    throw new BpfError('pin', Math.abs(errno), { subject: path, cause });
  }
  const result = libbpf().bpf_obj_pin(fd, path);
  if (result < 0)
    throw new BpfError('pin', -result, { subject: path, ...(isBpffs(directory) ? {} : { code: 'NO_BPFFS' }) });
}

/** Removes the name; the object goes when nothing else holds it. A name that is not there is no error. */
export function unpin(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (cause) {
    const { code, errno = 0 } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    throw new BpfError('unpin', Math.abs(errno), { subject: path, cause });
  }
}

/**
 * @returns a descriptor that the caller owns
 * @throws BpfError NOT_FOUND when nothing is pinned there
 */
export function openPin(path: string): number {
  const fd = libbpf().bpf_obj_get(path);
  if (fd < 0) throw new BpfError('open', -fd, { subject: path });
  return fd;
}
