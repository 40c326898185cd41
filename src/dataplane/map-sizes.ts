import type { Config } from '../model/config.ts';
import { ruleEntries } from './ip-port-rules.ts';
import { RATE_WAYS } from './layout.ts';
import { trieEntries } from './prefix-trie.ts';

/** How much the maps hold: the `capacity` section of config.yaml, and `conntrack.max_entries`. */
export type Capacity = Config['capacity'] & { readonly conntrack: number };

/** How full the host tables may get; moving hosts about costs next to nothing up to here. */
const HOSTS4_LOAD = 0.95;
const HOSTS6_LOAD = 0.9;
/** IPv6 hosts are rare in lists and cost four times the memory; what does not fit goes to lock_list. */
const HOSTS6_SHARE = 1 / 8;
const MIN_HOSTS6 = 1024;
/** Addresses of this host. */
const OWN_ADDRESSES = 1024;
const EVENT_BYTES = 2 ** 20;

/** max_entries of every map whose size is not fixed in bpf/include/maps.h, by its name. */
export function mapSizes(capacity: Capacity): Readonly<Record<string, number>> {
  return {
    whitelist: trieEntries(capacity.whitelist),
    lock_list: trieEntries(capacity.lock_list),
    lock_hosts4: Math.ceil(capacity.lock_hosts / (16 * HOSTS4_LOAD)),
    lock_hosts6: Math.ceil(Math.max(MIN_HOSTS6, capacity.lock_hosts * HOSTS6_SHARE) / (4 * HOSTS6_LOAD)),
    dyn_lock_list: capacity.dyn_lock_list,
    // The old limits and the new ones at once; a trie takes memory only for what it holds.
    rate_limit: trieEntries(2 * capacity.rate_limits),
    limit_hits: capacity.rate_limits,
    rate_state: Math.ceil(capacity.rate_state / RATE_WAYS),
    ct_map: capacity.conntrack,
    ip_port_rules: ruleEntries(capacity.ip_port_rules),
    own_addrs: OWN_ADDRESSES,
    events: EVENT_BYTES,
  };
}

/** Names of maps that have another size than the capacity asks for. */
export function resizedMaps(
  maps: { find(name: string): { readonly info: { readonly maxEntries: number } } | undefined },
  capacity: Capacity,
): string[] {
  return Object.entries(mapSizes(capacity)).flatMap(([name, wanted]) => {
    const entries = maps.find(name)?.info.maxEntries ?? wanted;
    return entries === wanted ? [] : [name];
  });
}
