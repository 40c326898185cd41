import type { MapFill } from '../model/status.ts';
import type { KernelTables } from './kernel-tables.ts';

/** How full the maps are that can be full. Capacities of the host tables are slots: a few of the last stay free. */
export function fillOf({ maps, sources, limits, rules, flows }: KernelTables): MapFill[] {
  const { whitelist, lockList, hosts4, hosts6, dynamic } = sources;
  const row = (name: string, entries: number, capacity: number): MapFill => ({
    name,
    entries,
    capacity,
    bytes: maps.get(name).memory(),
  });
  return [
    row('whitelist', whitelist.size, whitelist.capacity),
    row('lock_list', lockList.size, lockList.capacity),
    row('lock_hosts4', hosts4.count, hosts4.slots),
    row('lock_hosts6', hosts6.count, hosts6.slots),
    row('dyn_lock_list', dynamic.count(), maps.get('dyn_lock_list').info.maxEntries),
    row('rate_limit', limits.size, limits.capacity),
    row('ip_port_rules', rules.size, rules.capacity),
    row('ct_map', flows.count(), maps.get('ct_map').info.maxEntries),
  ];
}
