import { join } from 'node:path';
import { type Clock, readClock } from '../../src/dataplane/clock.ts';
import { Flows } from '../../src/dataplane/flows.ts';
import { dynEntryCodec } from '../../src/dataplane/layout.ts';
import type { FlowRecord } from '../../src/dataplane/policy-plane.ts';
import { readStats } from '../../src/dataplane/stats.ts';
import { Tunables } from '../../src/dataplane/tunables.ts';
import { BpfMap } from '../../src/ebpf/index.ts';
import { formatPrefix, prefixFromBytes } from '../../src/model/prefixes.ts';
import type { ReasonName } from '../../src/model/reasons.ts';

/** What a loaded netxfw counts and remembers, read from its pins; nothing is changed. */
export class KernelView {
  readonly #pinPath: string;
  readonly #clock: Clock = readClock();

  constructor(pinPath: string) {
    this.#pinPath = pinPath;
  }

  /** Begins to count: what it returns tells how many packets have got one of these reasons since. */
  counting(): (...reasons: readonly ReasonName[]) => number {
    const before = this.#packets();
    return (...reasons) => {
      const now = this.#packets();
      return reasons.reduce((sum, reason) => sum + now(reason) - before(reason), 0);
    };
  }

  flows(): FlowRecord[] {
    using tunables = this.#open('tunables');
    using memory = tunables.mmap();
    using flows = this.#open('ct_map');
    return [...new Flows(flows, undefined, this.#clock, () => new Tunables(memory.buffer).get()).list()];
  }

  /** The state of the only flow to a port. @throws Error when there is none or more than one */
  stateTo(port: number): string {
    const flows = this.flows().filter((flow) => flow.destinationPort === port);
    if (flows.length !== 1) throw new Error(`${flows.length} flows to port ${port}`);
    return flows[0]!.state;
  }

  /** Sources that are blocked for the moment. */
  blocked(): string[] {
    using map = this.#open('dyn_lock_list');
    const { count, keys, values } = map.readAll();
    const view = new DataView(values.buffer, values.byteOffset);
    const now = this.#clock.now();
    return Array.from({ length: count }, (_, i) => i)
      .filter((i) => dynEntryCodec.read(view, i * dynEntryCodec.size).expiresAt > now)
      .map((i) => formatPrefix(prefixFromBytes(keys.subarray(i * 16, (i + 1) * 16))));
  }

  #packets(): (reason: ReasonName) => number {
    using stats = this.#open('stats');
    const { reasons } = readStats(stats);
    return (reason) => reasons[reason]?.packets ?? 0;
  }

  #open(name: string): BpfMap {
    return BpfMap.openPinned(join(this.#pinPath, name));
  }
}
