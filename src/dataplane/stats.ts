import { type BpfMap, possibleCpus } from '../ebpf/index.ts';
import { REASON_MAX, type ReasonName, reasonName } from '../model/reasons.ts';
import type { Counter, StatsSnapshot } from '../model/status.ts';
import { wordsOf } from './codec.ts';
import { counterCodec } from './layout.ts';

type Counters = Partial<Record<ReasonName, Counter>>;

/** Verdicts by reason, summed over the CPUs: enforced ones, and what monitor mode would have dropped. */
export function readStats(map: BpfMap): StatsSnapshot {
  const reasons: Counters = {};
  const monitored: Counters = {};
  const { count, keys, values } = map.readAll();
  const indexes = wordsOf(keys);
  const view = new DataView(values.buffer, values.byteOffset);
  for (let i = 0; i < count; i++) {
    const index = indexes[i]!;
    const name = reasonName(index % REASON_MAX);
    if (name === undefined) continue;
    const sum = { packets: 0, bytes: 0 };
    for (let cpu = 0; cpu < possibleCpus(); cpu++) {
      const { packets, bytes } = counterCodec.read(view, i * map.lookupSize + cpu * counterCodec.size);
      sum.packets += packets;
      sum.bytes += bytes;
    }
    if (sum.packets > 0) (index < REASON_MAX ? reasons : monitored)[name] = sum;
  }
  return { at: Date.now(), reasons, monitored };
}

/** A packet that is being counted on another CPU at this moment may bring that CPU's old figure back. */
export function resetStats(map: BpfMap): void {
  const { maxEntries } = map.info;
  const keys = Uint32Array.from({ length: maxEntries }, (_, i) => i);
  map.updateBatch(new Uint8Array(keys.buffer), new Uint8Array(maxEntries * map.lookupSize), maxEntries);
}
