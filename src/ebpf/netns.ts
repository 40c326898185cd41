import { closeSync, openSync } from 'node:fs';
import { BpfError } from './errors.ts';
import { lastErrno, libc } from './library.ts';

const CLONE_NEWNET = 0x4000_0000;

/**
 * Runs a synchronous operation in another network namespace: interface indices and attachments made meanwhile are that
 * namespace's. Only the calling thread moves, and it comes back whatever happens. Kernel 3.0; needs CAP_SYS_ADMIN.
 * @param path such as /run/netns/NAME or /proc/PID/ns/net
 */
export function inNetworkNamespace<Result>(path: string, operation: () => Result): Result {
  const home = open('/proc/thread-self/ns/net');
  try {
    const away = open(path);
    try {
      enter(away, path);
    } finally {
      closeSync(away);
    }
    try {
      return operation();
    } finally {
      enter(home, 'of this process');
    }
  } finally {
    closeSync(home);
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    const { errno = 0 } = cause as NodeJS.ErrnoException;
    throw new BpfError('open network namespace', Math.abs(errno), { subject: path, cause });
  }
}

function enter(fd: number, path: string): void {
  if (libc().setns(fd, CLONE_NEWNET) === 0) return;
  throw new BpfError('enter network namespace', lastErrno(), { subject: path });
}
