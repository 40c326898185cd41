import { readdirSync, type Stats, statSync } from 'node:fs';
import { NetxfwError } from '../model/errors.ts';
import { WITHOUT_DAEMON } from './compose.ts';
import type { FilterDriver } from './filter.ts';
import { kernelFilter } from './kernel-filter.ts';
import { acquireLock, type LockHolder, lockHolder } from './lock.ts';
import { reportOf, type StartReport } from './report.ts';
import { salvageSettings } from './settings.ts';
import { startFilter } from './start.ts';
import { startSettings } from './start-settings.ts';

/** How long a command at work, or a daemon that was told to stop, is waited for, milliseconds. */
const PATIENCE = 10_000;

export interface LoadOptions {
  readonly config?: string | undefined;
  /** Instead of base.interfaces. */
  readonly interfaces?: readonly string[] | undefined;
  readonly driver?: FilterDriver;
}

/**
 * Loads the filter, with the rules on disk, and leaves it to itself: it goes on without a process. Loading again takes
 * over changes of the configuration.
 * @throws NetxfwError LOCKED while a daemon runs, and whatever is in the way of the filter; nothing new is attached then
 */
export async function load({ config, interfaces, driver = kernelFilter }: LoadOptions = {}): Promise<StartReport> {
  const { settings, problem } = startSettings(config, { interfaces }, driver);
  const lock = await acquireLock(settings.paths.lock, 'command', { patience: PATIENCE });
  const notices = () => (problem === null ? [] : [problem]);
  const started = await startFilter(driver, settings, lock, { ...WITHOUT_DAEMON, notices });
  try {
    return await reportOf(started);
  } finally {
    await started.instance.netxfw.close();
  }
}

export interface UnloadOptions {
  readonly config?: string | undefined;
  readonly onNotice?: (notice: string) => void;
  readonly driver?: FilterDriver;
}

export interface UnloadReport {
  /** The interfaces that the filter was on. */
  readonly detached: readonly string[];
}

/**
 * Takes the filter off all interfaces and removes its maps; the rules stay on disk. It needs neither a sound
 * configuration nor sound rules, and stops a daemon that runs.
 * @throws NetxfwError CONFIG_NOT_FOUND, NOT_ROOT, LOCKED when the daemon does not stop
 */
export async function unload(options: UnloadOptions = {}): Promise<UnloadReport> {
  const { config, driver = kernelFilter, onNotice } = options;
  const { paths, problem } = salvageSettings(config);
  if (problem !== null) onNotice?.(`${problem.message}; unloading ${paths.pinPath} all the same`);
  const daemon = stopDaemon(paths.lock);
  if (daemon !== null) onNotice?.(`stopping the daemon (process ${daemon})`);
  let lock: Disposable | undefined;
  try {
    lock = await acquireLock(paths.lock, 'command', { patience: PATIENCE, daemonStops: daemon !== null });
  } catch (error) {
    const known = NetxfwError.from(error);
    if (known.code === 'LOCKED' || known.code === 'NOT_ROOT') throw known;
    onNotice?.(`${known.message}; unloading without the lock`);
  }
  try {
    return { detached: driver.unload(paths.pinPath) };
  } finally {
    lock?.[Symbol.dispose]();
  }
}

/** @returns the process that was told to stop */
function stopDaemon(lock: string): number | null {
  const holder = lockHolder(lock);
  if (holder?.role !== 'daemon' || !hasOpen(holder, lock)) return null;
  process.kill(holder.pid, 'SIGTERM');
  return holder.pid;
}

/**
 * A process id can have a new owner by now: only one that has the lock file open is the daemon. Files are compared, not
 * their names, which a process in a mount namespace of its own (a service of systemd) may see under another path.
 */
function hasOpen({ pid }: LockHolder, path: string): boolean {
  const directory = `/proc/${pid}/fd`;
  try {
    const lock = statSync(path);
    return readdirSync(directory).some((fd) => isSameFile(lock, `${directory}/${fd}`));
  } catch {
    return false;
  }
}

function isSameFile({ dev, ino }: Stats, path: string): boolean {
  const other = statSync(path, { throwIfNoEntry: false });
  return other?.dev === dev && other.ino === ino;
}
