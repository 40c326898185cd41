import { readFileSync } from 'node:fs';
import { readInfo } from './handle.ts';
import { libbpf } from './library.ts';
import { allocate, HOST_LE, readText } from './memory.ts';
import { MAP_TYPE } from './uapi.ts';

/** What the kernel knows of a map (struct bpf_map_info). Sizes in bytes. */
export interface MapInfo {
  readonly type: number;
  readonly id: number;
  readonly keySize: number;
  /** Of one value; a per-CPU map keeps one for each possible CPU. */
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
  readonly name: string;
}

export function readMapInfo(fd: number): MapInfo {
  const { view, bytes } = readInfo(fd, allocate(88)).block;
  const word = (offset: number) => view.getUint32(offset, HOST_LE);
  return {
    type: word(0),
    id: word(4),
    keySize: word(8),
    valueSize: word(12),
    maxEntries: word(16),
    flags: word(20),
    name: readText(bytes.subarray(24, 40)),
  };
}

/** @returns the kernel memory that a map uses, in bytes; maps that allocate per entry report an estimate. Kernel 4.10. */
export function readMapMemory(fd: number): number {
  const match = /^memlock:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'));
  return match === null ? 0 : Number(match[1]);
}

const PER_CPU: ReadonlySet<number> = new Set([
  MAP_TYPE.PERCPU_HASH,
  MAP_TYPE.PERCPU_ARRAY,
  MAP_TYPE.LRU_PERCPU_HASH,
  MAP_TYPE.PERCPU_CGROUP_STORAGE,
]);

export const isPerCpu = (type: number): boolean => PER_CPU.has(type);

let cpus: number | undefined;

/** How many CPUs could ever be there: the number of values that a per-CPU map keeps for each key. */
export function possibleCpus(): number {
  cpus ??= libbpf().libbpf_num_possible_cpus();
  return cpus;
}
