import { Gauge, type Registry } from 'prom-client';
import type { Collector } from './collector.ts';

/** What the firewall consists of right now: interfaces, rules, maps, listeners. */
export function stateMetrics(registry: Registry): Collector {
  const gauges: Gauge<string>[] = [];
  const gauge = (name: string, help: string, ...labelNames: string[]) => {
    const made = new Gauge({ name, help, labelNames, registers: [registry] });
    gauges.push(made);
    return made;
  };
  const info = gauge('netxfw_build_info', 'Always 1; the version is in the labels.', 'version', 'node');
  const loaded = gauge('netxfw_loaded', '1 while the filter is attached to at least one interface.');
  const attached = gauge('netxfw_attached', '1 for each interface that the filter is on.', 'interface', 'mode');
  const rules = gauge('netxfw_rules', 'Entries by list.', 'list');
  const entries = gauge('netxfw_map_entries', 'Entries of a kernel map.', 'map');
  const capacity = gauge('netxfw_map_capacity', 'Entries that a kernel map has room for.', 'map');
  const memory = gauge('netxfw_map_memory_bytes', 'Kernel memory of a map.', 'map');
  const listening = gauge('netxfw_listener_up', '1 while the daemon listens there.', 'listener');
  const warnings = gauge('netxfw_warnings', 'Warnings that `netxfw status` shows.');
  const clear = () => {
    for (const one of gauges) one.reset();
  };
  return {
    name: 'state',
    clear,
    async collect(netxfw) {
      const status = await netxfw.system.status();
      clear();
      info.set({ version: status.version, node: process.versions.node }, 1);
      loaded.set(status.loaded ? 1 : 0);
      for (const { interface: name, mode } of status.attachments) attached.set({ interface: name, mode }, 1);
      for (const [list, count] of Object.entries(status.rules)) rules.set({ list }, count);
      for (const map of status.maps) {
        entries.set({ map: map.name }, map.entries);
        capacity.set({ map: map.name }, map.capacity);
        memory.set({ map: map.name }, map.bytes);
      }
      for (const { name, problem } of status.listeners) listening.set({ listener: name }, problem === null ? 1 : 0);
      warnings.set(status.warnings.length);
    },
  };
}
