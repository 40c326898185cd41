import { arch } from 'node:os';
import { libc } from './library.ts';

/** membarrier has a number of its own only here; all newer architectures share the generic table. */
const MEMBARRIER = arch() === 'x64' ? 324 : 283;
const MEMBARRIER_CMD_GLOBAL = 1;
/** Far more than any program that handles a packet may run. */
const FALLBACK_MS = 20;

/**
 * Returns when every BPF program run that began before the call has ended, so that what those runs may still have read
 * can be overwritten. Takes a few milliseconds: the kernel waits for an RCU grace period (membarrier, kernel 4.3).
 */
export function awaitRunningPrograms(): void {
  if (libc().syscall(MEMBARRIER, MEMBARRIER_CMD_GLOBAL, 0, 0) === 0) return;
  // The kernel refuses it on machines with nohz_full CPUs, and sandboxes may not allow it.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FALLBACK_MS);
}
