import { dynEntryCodec, flowCodec, fragCodec, listEntryCodec, TICKS_PER_NS } from '../../src/dataplane/layout.ts';
import { PortMarks } from '../../src/dataplane/port-marks.ts';
import { type BpfMap, UPDATE } from '../../src/ebpf/index.ts';
import type { KernelFilter } from './kernel-filter.ts';

const WORD = 8;
const WAYS = 4;

/** Moves every time that the maps hold into the past: for the kernel program, `seconds` have gone by. */
export function age(filter: KernelFilter, seconds: number): void {
  const jiffies = seconds * filter.clock.hz;
  const earlier = (time: number) => Math.max(1, time - jiffies);
  const until = (time: number) => (time === 0 ? 0 : earlier(time));
  for (const name of ['whitelist', 'lock_list']) {
    rewrite(filter.map(name), listEntryCodec, (entry) => ({ ...entry, expiresAt: until(entry.expiresAt) }));
  }
  rewrite(filter.map('dyn_lock_list'), dynEntryCodec, (entry) => ({ ...entry, expiresAt: until(entry.expiresAt) }));
  rewrite(filter.map('ct_map'), flowCodec, (flow) => ({ ...flow, lastSeen: earlier(flow.lastSeen) }));
  markFlows(filter);
  rewrite(filter.map('frag_map'), fragCodec, (fragment) => ({ ...fragment, seenAt: earlier(fragment.seenAt) }));

  const ticks = BigInt(seconds) * 1_000_000_000n * BigInt(TICKS_PER_NS);
  const before = (time: bigint) => (time > ticks ? time - ticks : 0n);
  const sets = new BigUint64Array(filter.memory('rate_state').buffer);
  for (let at = 0; at < sets.length; at++) if (at % (2 * WAYS) >= WAYS) sets[at] = before(sets[at]!);
  const shared = filter.map('shared_buckets');
  const { keys, values, count } = shared.readAll();
  const words = new BigUint64Array(values.slice().buffer);
  for (let at = 0; at < words.length; at += shared.info.valueSize / WORD) words[at] = before(words[at]!);
  shared.updateBatch(keys, new Uint8Array(words.buffer), count);
}

/** Makes port_marks what the kernel program would have left for the flows in ct_map, and nothing else. */
export function markFlows(filter: KernelFilter): void {
  const memory = filter.memory('port_marks');
  memory.words.fill(0);
  const map = filter.map('ct_map');
  const { keys, values, count } = map.readAll();
  const { keySize, valueSize } = map.info;
  const flows = Array.from({ length: count }, (_, i) => ({
    key: keys.slice(i * keySize, (i + 1) * keySize),
    lastSeen: flowCodec.decode(values.subarray(i * valueSize, (i + 1) * valueSize)).lastSeen,
  }));
  // Flows share marks, and the last one to be written leaves its own.
  for (const { key, lastSeen } of flows.sort((a, b) => a.lastSeen - b.lastSeen)) {
    new PortMarks(memory.buffer, { now: () => lastSeen }).leave(key, 1);
  }
}

interface ValueCodec<Value> {
  encode(value: Value): Uint8Array;
  decode(bytes: Uint8Array): Value;
}

function rewrite<Value>(map: BpfMap, codec: ValueCodec<Value>, change: (value: Value) => Value): void {
  const { keys, values, count } = map.readAll();
  const { keySize, valueSize } = map.info;
  for (let i = 0; i < count; i++) {
    const value = codec.decode(values.subarray(i * valueSize, (i + 1) * valueSize));
    map.update(keys.subarray(i * keySize, (i + 1) * keySize), codec.encode(change(value)), UPDATE.EXIST);
  }
}
