import { bpfFile } from '../../src/dataplane/bpf-files.ts';
import { type Clock, readClock } from '../../src/dataplane/clock.ts';
import { KernelMaps } from '../../src/dataplane/kernel-maps.ts';
import {
  FOR_PLUGINS,
  type LoadedPrograms,
  loadPrograms,
  newMeta,
  type Switches,
} from '../../src/dataplane/kernel-program.ts';
import { KernelTables } from '../../src/dataplane/kernel-tables.ts';
import { mapSizes } from '../../src/dataplane/map-sizes.ts';
import { capacityOf, switchesOf, tunablesOf } from '../../src/dataplane/policy.ts';
import { readStats } from '../../src/dataplane/stats.ts';
import type { BpfProgram } from '../../src/ebpf/index.ts';
import type { Config } from '../../src/model/config.ts';
import type { EntryGroup, ListName } from '../../src/model/entries.ts';
import type { PrefixList } from '../../src/model/prefix-list.ts';
import type { ReasonName } from '../../src/model/reasons.ts';

/** Verdicts by reason. */
export type Tally = Readonly<Partial<Record<ReasonName, number>>>;

/** The real program with maps of its own, filled by the data plane's own code; nothing is pinned or attached. */
export class BenchFilter implements Disposable {
  readonly clock: Clock = readClock();
  readonly maps: KernelMaps;
  readonly tables: KernelTables;
  readonly #config: Config;
  readonly #programs: LoadedPrograms[] = [];

  constructor(config: Config) {
    this.#config = config;
    this.maps = KernelMaps.create('', newMeta(mapSizes(capacityOf(config))));
    this.program(config);
    this.tables = new KernelTables(this.maps, this.clock);
    this.tables.tunables.set(tunablesOf(config, this.clock));
    this.tables.takeOver();
  }

  /** The ingress program for a configuration, on the maps of this filter. */
  program(config: Config, switches: Switches = {}): BpfProgram {
    const programs = loadPrograms({
      object: bpfFile('netxfw'),
      maps: this.maps,
      sizes: mapSizes(capacityOf(this.#config)),
      switches: { ...switchesOf(config), ...switches },
      clock: this.clock,
      leaveOut: FOR_PLUGINS,
    });
    this.#programs.push(programs);
    return programs.xdp;
  }

  /** Makes the static lists hold exactly this. */
  lists(deny: readonly PrefixList[], allow: readonly PrefixList[] = []): void {
    const groups = (lists: readonly PrefixList[]): EntryGroup[] =>
      lists.map((prefixes) => ({ prefixes, meta: { reason: '', createdAt: 0, expiresAt: null, source: 'user' } }));
    const wanted: Record<ListName, readonly EntryGroup[]> = { allow: groups(allow), deny: groups(deny) };
    this.tables.sources.lists.reconcile(wanted);
  }

  /** What was counted since the maps were made. */
  tally(): Tally {
    const { reasons } = readStats(this.maps.get('stats'));
    return Object.fromEntries(Object.entries(reasons).map(([name, { packets }]) => [name, packets]));
  }

  /** Kernel memory by map, bytes. */
  memory(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.maps.names().map((name) => [name, this.maps.get(name).memory()]));
  }

  [Symbol.dispose](): void {
    for (const programs of this.#programs) programs[Symbol.dispose]();
    this.tables[Symbol.dispose]();
  }
}

/** What was counted between two tallies. */
export function difference(before: Tally, after: Tally): Tally {
  const names = Object.keys(after) as ReasonName[];
  return Object.fromEntries(
    names.map((name) => [name, after[name]! - (before[name] ?? 0)] as const).filter(([, packets]) => packets !== 0),
  );
}

/** @throws Error unless exactly `packets` were counted, all of them for this reason */
export function expectTally(what: string, tally: Tally, reason: ReasonName, packets: number): void {
  const others = Object.keys(tally).filter((name) => name !== reason);
  if (tally[reason] === packets && others.length === 0) return;
  throw new Error(`${what}: ${packets} packets should have been ${reason}, but there were ${JSON.stringify(tally)}`);
}
