import { BpfMap, MAP_TYPE } from '../ebpf/index.ts';
import type { KernelMaps } from './kernel-maps.ts';
import type { Switches } from './kernel-program.ts';
import type { PolicyTexts } from './policy.ts';

const NAME = 'policy_record';
const KEY = new Uint8Array(4);
const BYTES = 32_768;

/** What is in force, for processes that come later. */
export interface PolicyRecord {
  /** Undefined when the policy did not come from a configuration. */
  readonly texts: PolicyTexts | undefined;
  readonly switches: Switches;
  /** Where plugins came from, by slot. */
  readonly plugins: Readonly<Record<string, string>>;
}

/** Adds the map that keeps the record, one text that the kernel program does not use, to a set that lacks it. */
export function addRecord(maps: KernelMaps): void {
  if (maps.find(NAME) !== undefined) return;
  maps.add(NAME, BpfMap.create({ name: NAME, type: MAP_TYPE.ARRAY, keySize: 4, valueSize: BYTES, maxEntries: 1 }));
}

/** @returns undefined when it is not known what is in force */
export function readRecord(maps: KernelMaps): PolicyRecord | undefined {
  const bytes = maps.find(NAME)?.lookup(KEY);
  if (bytes === undefined || bytes[0] === 0) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes.subarray(0, bytes.indexOf(0))).toString()) as PolicyRecord;
  } catch {
    return undefined;
  }
}

/** @param record undefined: nobody knows, which is said before something changes. One that is too long is not kept. */
export function writeRecord(maps: KernelMaps, record: PolicyRecord | undefined): void {
  const value = new Uint8Array(BYTES);
  const text = Buffer.from(record === undefined ? '' : JSON.stringify(record));
  if (text.length < BYTES) value.set(text);
  maps.find(NAME)?.update(KEY, value);
}
