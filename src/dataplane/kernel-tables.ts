import { awaitRunningPrograms, type MapMemory } from '../ebpf/index.ts';
import type { Clock } from './clock.ts';
import { Flows } from './flows.ts';
import { IpPortRules } from './ip-port-rules.ts';
import type { KernelMaps } from './kernel-maps.ts';
import { Limits } from './limits.ts';
import { OwnAddresses } from './own-addresses.ts';
import { PortMarks } from './port-marks.ts';
import { PortSets } from './ports.ts';
import { SourceTables } from './source-tables.ts';
import { Tunables } from './tunables.ts';

/** Everything that the maps of one instance mean. */
export class KernelTables implements Disposable {
  readonly maps: KernelMaps;
  readonly tunables: Tunables;
  readonly sources: SourceTables;
  readonly limits: Limits;
  readonly rules: IpPortRules;
  readonly ports: PortSets;
  readonly flows: Flows;
  readonly ownAddresses: OwnAddresses;
  readonly #memory: MapMemory[] = [];

  /** Takes the maps over: they are closed with the tables, and when this fails. */
  constructor(maps: KernelMaps, clock: Clock) {
    this.maps = maps;
    try {
      this.tunables = new Tunables(this.#map('tunables').buffer);
      this.sources = new SourceTables(maps, this.tunables, clock);
      const { index } = this.sources;
      this.limits = new Limits({ limits: maps.get('rate_limit'), hits: maps.get('limit_hits') }, index, this.tunables);
      const classOf = new Uint16Array(this.#map('port_classes').buffer);
      const rules = { rules: maps.get('ip_port_rules'), classOf };
      this.rules = new IpPortRules(rules, index, this.tunables, awaitRunningPrograms);
      this.ports = new PortSets(this.#map('allowed_ports').buffer);
      const marks = maps.find('port_marks') && new PortMarks(this.#map('port_marks').buffer, clock);
      this.flows = new Flows(maps.get('ct_map'), marks, clock, () => this.tunables.get());
      this.ownAddresses = new OwnAddresses(maps.get('own_addrs'), index);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
    for (const part of [this.limits, this.rules, this.ownAddresses]) this.sources.addContributor(part);
  }

  /** Begins to work on maps that hold something already; see SourceTables.takeOver. */
  takeOver(): void {
    this.sources.takeOver();
    this.limits.refreshFlags();
    this.rules.refreshFlags();
  }

  [Symbol.dispose](): void {
    for (const memory of this.#memory) memory[Symbol.dispose]();
    this.sources?.[Symbol.dispose]();
    this.maps[Symbol.dispose]();
  }

  #map(name: string): MapMemory {
    const memory = this.maps.get(name).mmap();
    this.#memory.push(memory);
    return memory;
  }
}
