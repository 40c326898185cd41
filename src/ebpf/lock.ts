import { closeSync, openSync } from 'node:fs';
import { BpfError } from './errors.ts';
import { lastErrno, libc } from './library.ts';

const LOCK_EX = 2;
const LOCK_NB = 4;
const EWOULDBLOCK = 11;

/** An exclusive lock on a file (flock), held until disposal or until the process ends, however it ends. */
export class FileLock implements Disposable {
  readonly path: string;
  #fd: number;

  private constructor(path: string, fd: number) {
    this.path = path;
    this.#fd = fd;
  }

  /**
   * Creates the file when it is missing; does not wait.
   * @throws BpfError LOCKED when another process, or another lock of this one, holds it
   */
  static acquire(path: string): FileLock {
    let fd: number;
    try {
      fd = openSync(path, 'a+', 0o600);
    } catch (cause) {
      throw new BpfError('lock', Math.abs((cause as NodeJS.ErrnoException).errno ?? 0), { subject: path, cause });
    }
    if (libc().flock(fd, LOCK_EX | LOCK_NB) === 0) return new FileLock(path, fd);
    const errno = lastErrno();
    closeSync(fd);
    const options = errno === EWOULDBLOCK ? { code: 'LOCKED' as const, reason: 'another process holds the lock' } : {};
    throw new BpfError('lock', errno, { subject: path, ...options });
  }

  [Symbol.dispose](): void {
    if (this.#fd < 0) return;
    closeSync(this.#fd);
    this.#fd = -1;
  }
}
