import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BpfError, FileLock } from '../ebpf/index.ts';
import { NetxfwError } from '../model/errors.ts';

/** What the holder of the lock is, as others read it in the lock file. */
export type LockRole = 'daemon' | 'command';

export interface LockHolder {
  readonly pid: number;
  readonly role: LockRole;
}

export interface LockOptions {
  /** How long to wait for a command that is at work, milliseconds; default 0. */
  readonly patience?: number;
  /** Wait for a daemon too, because it was told to stop. */
  readonly daemonStops?: boolean;
}

const POLL_MS = 25;

/**
 * Takes the lock of an instance: whoever holds it is the only writer of its rules and maps. The kernel frees it when
 * the process ends, however it ends; the file stays.
 *
 * @throws NetxfwError LOCKED naming the process that holds it; NOT_ROOT
 */
export async function acquireLock(path: string, role: LockRole, options: LockOptions = {}): Promise<Disposable> {
  const { patience = 0, daemonStops = false } = options;
  makeDirectory(dirname(path));
  for (const deadline = Date.now() + patience; ; await sleep(POLL_MS)) {
    const lock = tryLock(path);
    if (lock !== null) {
      writeFileSync(path, `${JSON.stringify({ pid: process.pid, role } satisfies LockHolder)}\n`);
      return lock;
    }
    const holder = lockHolder(path);
    if ((holder?.role === 'daemon' && !daemonStops) || Date.now() >= deadline) throw lockedBy(holder, path);
  }
}

/** Who wrote the lock file last, when that process still runs. */
export function lockHolder(path: string): LockHolder | null {
  try {
    const { pid, role } = JSON.parse(readFileSync(path, 'utf8')) as LockHolder;
    return Number.isInteger(pid) && existsSync(`/proc/${pid}`) ? { pid, role } : null;
  } catch {
    return null;
  }
}

function tryLock(path: string): Disposable | null {
  try {
    return FileLock.acquire(path);
  } catch (error) {
    if (!(error instanceof BpfError)) throw error;
    if (error.code === 'LOCKED') return null;
    if (error.code === 'NOT_ROOT') throw new NetxfwError('NOT_ROOT', `no permission to open ${path}`, { cause: error });
    throw new NetxfwError('STORE_WRITE_FAILED', error.message, { hint: error.hint, cause: error });
  }
}

function lockedBy(holder: LockHolder | null, path: string): NetxfwError {
  const details = { lock: path, ...holder };
  if (holder?.role === 'daemon') {
    return new NetxfwError('LOCKED', `a netxfw daemon (process ${holder.pid}) already runs this instance`, {
      hint: `Stop it first (systemctl stop netxfw, or kill ${holder.pid}), or give this one a config of its own.`,
      details,
    });
  }
  const who = holder === null ? 'another netxfw process' : `netxfw process ${holder.pid}`;
  return new NetxfwError('LOCKED', `${who} is changing this instance`, { details });
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') {
      throw new NetxfwError('NOT_ROOT', `no permission to create ${path}`, { cause: error });
    }
    throw new NetxfwError('STORE_WRITE_FAILED', `${path} cannot be created: ${message}`, { cause: error });
  }
}
