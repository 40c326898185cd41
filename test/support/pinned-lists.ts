import { join } from 'node:path';
import { BpfMap } from '../../src/ebpf/index.ts';
import { formatPrefix, prefixFromBytes } from '../../src/model/prefixes.ts';

/** What the kernel holds, read from the pinned maps with nothing but their layout in bpf/include/types.h. */
export interface KernelLists {
  /** PREFIX ACTION REASON [expires], sorted. */
  readonly whitelist: readonly string[];
  readonly lockList: readonly string[];
  /** Addresses in the flat host tables, sorted. */
  readonly hosts: readonly string[];
  /**
   * LINE:WORD of every word of the IPv4 source index that says "all of it is denied", with those bits. The other bits
   * may outlive their entries, and the IPv6 index depends on a seed.
   */
  readonly deniedNetworks: readonly string[];
}

const ENTRY_SIZE = 88;
const KEY_SIZE = 20;

function listEntries(map: BpfMap): string[] {
  const { count, keys, values } = map.readAll();
  return Array.from({ length: count }, (_, i) => {
    const key = Buffer.from(keys.subarray(i * KEY_SIZE, (i + 1) * KEY_SIZE));
    const value = Buffer.from(values.subarray(i * ENTRY_SIZE, (i + 1) * ENTRY_SIZE));
    const reason = value.toString('utf8', 8, 8 + value.subarray(8, 72).indexOf(0));
    const expiry = value.readBigUInt64LE(80) === 0n ? '' : ' expires';
    return `${formatPrefix(prefixFromBytes(key.subarray(4), key.readUInt32LE(0)))} ${value[0]} ${reason}${expiry}`;
  }).sort();
}

function withMap<T>(pinPath: string, name: string, read: (map: BpfMap) => T): T {
  const map = BpfMap.openPinned(join(pinPath, name));
  try {
    return read(map);
  } finally {
    map[Symbol.dispose]();
  }
}

function arrayBytes(pinPath: string, name: string): Buffer {
  return withMap(pinPath, name, (map) => {
    const memory = map.mmap();
    const copy = Buffer.from(memory.bytes);
    memory[Symbol.dispose]();
    return copy;
  });
}

function hostAddresses(table: Buffer, size: 4 | 16): string[] {
  const found: string[] = [];
  for (let at = 0; at < table.length; at += size) {
    const address = table.subarray(at, at + size);
    if (address.every((byte) => byte === 0)) continue;
    found.push(size === 4 ? [...address].join('.') : formatPrefix(prefixFromBytes(address)));
  }
  return found;
}

/** Blocks of src_index4 that are denied as a whole, sixteen to a word: WORD=BITS. */
function deniedBlocks(index: Buffer): string[] {
  const words = Array.from({ length: index.length / 4 }, (_, i) => index.readUInt32LE(i * 4));
  return words.flatMap((word, i) => {
    const denied = (word >>> 1) & ~word & 0x5555_5555;
    return denied === 0 ? [] : [`${i}=${denied.toString(16)}`];
  });
}

export function readKernelLists(pinPath: string): KernelLists {
  return {
    whitelist: withMap(pinPath, 'whitelist', listEntries),
    lockList: withMap(pinPath, 'lock_list', listEntries),
    hosts: [
      ...hostAddresses(arrayBytes(pinPath, 'lock_hosts4'), 4),
      ...hostAddresses(arrayBytes(pinPath, 'lock_hosts6'), 16),
    ].sort(),
    deniedNetworks: deniedBlocks(arrayBytes(pinPath, 'src_index4')),
  };
}
