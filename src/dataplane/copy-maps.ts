/** Copies of maps that the kernel program writes while they are copied. Each can be made again to catch up. */
import type { BpfMap } from '../ebpf/index.ts';
import { pieceOf } from './batch-write.ts';
import type { Flows } from './flows.ts';
import { bucketOf, fmix } from './hash.ts';
import { counterCodec, dynEntryCodec, FLOW_STATE, flowCodec, RATE_WAYS } from './layout.ts';

type Flow = ReturnType<typeof flowCodec.decode>;

/** How far a flow has come; states of the same flow never go back. */
const PROGRESS: Readonly<Record<number, number>> = {
  [FLOW_STATE.UNREPLIED]: 0,
  [FLOW_STATE.SYN_SENT]: 0,
  [FLOW_STATE.REPLIED]: 1,
  [FLOW_STATE.ESTABLISHED]: 1,
  [FLOW_STATE.FIN_WAIT]: 2,
  [FLOW_STATE.CLOSED]: 3,
};

/** Copies entries as they are, whatever is there. @returns how many */
export function copyEntries(from: BpfMap, to: BpfMap): number {
  let copied = 0;
  for (const { count, keys, values } of from.readChunks()) {
    to.updateBatch(keys, values, count);
    copied += count;
  }
  return copied;
}

/**
 * Copies flows; of a flow that both maps have, what is newer or has come further stays. The program may write a flow between
 * reading and writing it here: that flow is at worst one state behind, until its next packet. When the new map is smaller,
 * the flows that were seen last stay.
 */
export function copyFlows(from: BpfMap, to: BpfMap, writer: Pick<Flows, 'put'>): void {
  const keys: Uint8Array[] = [];
  const flows: Flow[] = [];
  for (const chunk of from.readChunks()) {
    for (let i = 0; i < chunk.count; i++) {
      keys.push(pieceOf(chunk.keys, i, from.info.keySize).slice());
      flows.push(flowCodec.decode(pieceOf(chunk.values, i, flowCodec.size)));
    }
  }
  let order = flows.map((_, i) => i);
  if (flows.length > to.info.maxEntries) {
    order.sort((a, b) => flows[b]!.lastSeen - flows[a]!.lastSeen);
    order = order.slice(0, to.info.maxEntries);
  }
  const value = new Uint8Array(flowCodec.size);
  const write: number[] = [];
  for (const i of order) {
    const known = to.lookupInto(keys[i]!, value) ? flowCodec.decode(value) : undefined;
    if (known === undefined || isNewer(flows[i]!, known)) write.push(i);
  }
  const flatKeys = new Uint8Array(write.length * from.info.keySize);
  const flatValues = new Uint8Array(write.length * flowCodec.size);
  for (const [row, i] of write.entries()) {
    flatKeys.set(keys[i]!, row * from.info.keySize);
    flatValues.set(flowCodec.encode(flows[i]!), row * flowCodec.size);
  }
  if (write.length > 0) writer.put(flatKeys, flatValues, write.length);
}

function isNewer(flow: Flow, known: Flow): boolean {
  if (flow.createdAt !== known.createdAt) return flow.createdAt > known.createdAt;
  const further = (PROGRESS[flow.state] ?? 0) - (PROGRESS[known.state] ?? 0);
  return further > 0 || (further === 0 && flow.lastSeen > known.lastSeen);
}

/** Copies blocks that have not expired and that the other map lacks. @returns how many live ones there are */
export function copyBlocks(from: BpfMap, to: BpfMap, now: number): number {
  const { keySize, valueSize } = from.info;
  const value = new Uint8Array(valueSize);
  let live = 0;
  for (const { count, keys, values } of from.readChunks()) {
    const missing: number[] = [];
    for (let i = 0; i < count; i++) {
      const { expiresAt } = dynEntryCodec.decode(pieceOf(values, i, valueSize));
      if (expiresAt !== 0 && expiresAt <= now) continue;
      live++;
      if (!to.lookupInto(pieceOf(keys, i, keySize), value)) missing.push(i);
    }
    for (const i of missing) to.update(pieceOf(keys, i, keySize), pieceOf(values, i, valueSize));
  }
  return live;
}

/**
 * Copies the buckets of rate_state that owe something; all others are as good as none. Sources stand at another place in a
 * table of another size (nx_rate_over of bpf/stages/limit.h).
 * @param now ticks
 */
export function copyBuckets(from: BigUint64Array, to: BigUint64Array, seed: number, now: bigint): void {
  const words = 2 * RATE_WAYS;
  const sets = to.length / words;
  for (let at = 0; at < from.length; at += words) {
    for (let way = at; way < at + RATE_WAYS; way++) {
      const tag = from[way]!;
      const time = from[way + RATE_WAYS]!;
      if (tag !== 0n && time > now) placeBucket(to, setOf(tag, seed, sets) * words, tag, time);
    }
  }
}

function placeBucket(to: BigUint64Array, at: number, tag: bigint, time: bigint): void {
  let least = at;
  for (let way = at; way < at + RATE_WAYS; way++) {
    if (to[way] === tag) {
      if (to[way + RATE_WAYS]! < time) to[way + RATE_WAYS] = time;
      return;
    }
    if (to[way + RATE_WAYS]! < to[least + RATE_WAYS]!) least = way;
  }
  if (to[least + RATE_WAYS]! >= time) return;
  to[least] = tag;
  to[least + RATE_WAYS] = time;
}

function setOf(tag: bigint, seed: number, sets: number): number {
  const high = Number(tag >> 32n) | 0;
  const low = Number(tag & 0xffff_ffffn) | 0;
  return bucketOf(fmix(high ^ fmix(low ^ seed)), sets);
}

/**
 * Adds to the counters of `to` what `from` has counted since `seen`, which is then up to date. A packet that is counted on
 * another CPU at that moment may be lost to the count.
 * @param pairs keys of the same counter in both maps
 */
export function addCounts(
  from: BpfMap,
  to: BpfMap,
  pairs: readonly (readonly [number, number])[],
  seen: Map<number, Uint8Array>,
): void {
  const key = (id: number) => new Uint8Array(Uint32Array.of(id).buffer);
  const fields = Object.values(counterCodec.fields);
  for (const [old, id] of pairs) {
    const current = from.lookup(key(old))!;
    const before = seen.get(old) ?? new Uint8Array(current.length);
    seen.set(old, current);
    if (current.every((byte, i) => byte === before[i])) continue;
    const target = to.lookup(key(id))!;
    const [now, then, sum] = [current, before, target].map((bytes) => new DataView(bytes.buffer));
    for (let at = 0; at < current.length; at += counterCodec.size) {
      for (const { offset, get, set } of fields) {
        set(sum!, at + offset, get(sum!, at + offset) + get(now!, at + offset) - get(then!, at + offset));
      }
    }
    to.update(key(id), target);
  }
}
