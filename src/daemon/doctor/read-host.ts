import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import { release } from 'node:os';
import { dirname } from 'node:path';
import { bpfFile } from '../../dataplane/bpf-files.ts';
import { requireRoot } from '../../dataplane/prepare-host.ts';
import { type FeatureAnswer, isAtLeast, isBpffs, kernelVersion, probeFeatures } from '../../ebpf/index.ts';
import type { Config } from '../../model/config.ts';
import { NetxfwError } from '../../model/errors.ts';
import type { Paths } from '../../model/paths.ts';
import type { KernelFacts, ResourceFacts } from './facts.ts';
import { outputOf } from './output-of.ts';

/** Bytes of kernel memory that an entry takes, rounded up: what was measured of full tables. */
const ENTRY_BYTES = {
  whitelist: 160,
  lock_list: 160,
  lock_hosts: 20,
  dyn_lock_list: 160,
  rate_limits: 160,
  rate_state: 32,
  ip_port_rules: 160,
} as const satisfies Record<keyof Config['capacity'], number>;
const FLOW_BYTES = 100;

export async function readKernel(): Promise<KernelFacts> {
  const { library, features } = askFeatures();
  return {
    root: messageOf(requireRoot) === null,
    release: release(),
    library,
    features,
    btf: existsSync('/sys/kernel/btf/vmlinux'),
    jit: read('/proc/sys/net/core/bpf_jit_enable')?.trim() ?? null,
    objects: messageOf(() => bpfFile('netxfw')),
    clang: (await outputOf('clang', ['--version'])) !== null,
  };
}

export function readResources(config: Config, paths: Paths): ResourceFacts {
  return {
    pinPath: paths.pinPath,
    bpffs: isBpffs(paths.pinPath),
    lockedMemory: lockedMemory(read('/proc/self/limits') ?? ''),
    // Since this version the kernel counts BPF memory by control group.
    countsByGroup: isAtLeast(kernelVersion(), '5.11'),
    memory: { available: availableMemory(read('/proc/meminfo') ?? ''), needed: neededMemory(config) },
    disk: diskOf(paths.stateDir),
  };
}

/** The limit in bytes from /proc/PID/limits; null = unlimited. */
export function lockedMemory(limits: string): number | null {
  const soft = /^Max locked memory\s+(\S+)/m.exec(limits)?.[1];
  return soft === undefined || soft === 'unlimited' ? null : Number(soft);
}

/** Bytes from /proc/meminfo. */
export function availableMemory(meminfo: string): number {
  return Number(/^MemAvailable:\s+(\d+)/m.exec(meminfo)?.[1] ?? 0) * 1024;
}

function neededMemory({ capacity, conntrack }: Config): number {
  const tables = Object.entries(ENTRY_BYTES).map(([name, bytes]) => capacity[name as keyof Config['capacity']] * bytes);
  return tables.reduce((sum, bytes) => sum + bytes, conntrack.enabled ? conntrack.max_entries * FLOW_BYTES : 0);
}

/** Of the directory, or of the nearest one above it that is there. */
function diskOf(path: string): ResourceFacts['disk'] {
  let there = path;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  try {
    const { bavail, bsize } = statfsSync(there);
    return { path, free: bavail * bsize, writable: messageOf(() => accessSync(there, constants.W_OK)) === null };
  } catch {
    return { path, free: 0, writable: false };
  }
}

function askFeatures(): { readonly library: string | null; readonly features: readonly FeatureAnswer[] } {
  try {
    return { library: null, features: probeFeatures() };
  } catch (error) {
    return { library: NetxfwError.from(error).message, features: [] };
  }
}

/** Why it fails; null when it does not. */
function messageOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return NetxfwError.from(error).message;
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
