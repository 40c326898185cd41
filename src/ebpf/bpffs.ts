import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { BpfError } from './errors.ts';
import { lastErrno, libc } from './library.ts';

const BPF_FS_MAGIC = 0xcafe4a11n;
const MS_NOSUID_NODEV_NOEXEC = 2 | 4 | 8;

/** @returns whether `path`, or the nearest directory above it that exists, is on a bpf file system */
export function isBpffs(path: string): boolean {
  for (let current = path; ; current = dirname(current)) {
    try {
      return BigInt.asUintN(32, statfsSync(current, { bigint: true }).type) === BPF_FS_MAGIC;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || current === dirname(current)) return false;
    }
  }
}

/** @throws BpfError NO_BPFFS naming the path and the command that mounts one */
export function requireBpffs(path: string): void {
  if (isBpffs(path)) return;
  throw new BpfError('pin', 0, { subject: path, code: 'NO_BPFFS', reason: 'this is not on a mounted bpf file system' });
}

/** Mounts a bpf file system on an existing directory, unless there is one. Kernel 4.4. */
export function mountBpffs(target = '/sys/fs/bpf'): void {
  if (isBpffs(target)) return;
  if (libc().mount('bpf', target, 'bpf', MS_NOSUID_NODEV_NOEXEC, 'mode=0700') === 0) return;
  const errno = lastErrno();
  throw new BpfError('mount', errno, { subject: target, hint: `Mount it by hand: mount -t bpf bpf ${target}` });
}
