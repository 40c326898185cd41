import type { Config } from '../model/config.ts';
import { NetxfwError } from '../model/errors.ts';
import { ActiveFilter, type KernelPolicy } from './active-filter.ts';
import { bpfFile } from './bpf-files.ts';
import { type Clock, readClock } from './clock.ts';
import { KernelMaps } from './kernel-maps.ts';
import { FOR_PLUGINS, type LoadedPrograms, loadPrograms, newMeta, type Switches } from './kernel-program.ts';
import { KernelTables } from './kernel-tables.ts';
import { type Capacity, mapSizes, resizedMaps } from './map-sizes.ts';
import { PluginSlots } from './plugins.ts';
import { capacityOf, policyTexts, switchesOf, tunablesOf } from './policy.ts';
import { addRecord } from './policy-record.ts';
import { requirePinPath, requireRoot } from './prepare-host.ts';
import type { TunableValues } from './tunables.ts';
import { removePins } from './unload.ts';

export interface KernelOptions {
  /** Where maps and links are pinned; one instance each. */
  readonly pinPath: string;
  /** The policy to load; what follows is taken from it, or added to it. */
  readonly config?: Config;
  /** Default: the configuration's. */
  readonly capacity?: Capacity;
  /** Load-time constants of bpf/include/config.h by name, for example { cfg_monitor: true }. */
  readonly switches?: Switches;
  readonly tunables?: Partial<TunableValues>;
  /** What `base.interfaces: []` stands for; default: the interfaces that have the program already. */
  readonly defaultInterfaces?: () => readonly string[];
  /** The object file; default dist/bpf/netxfw.bpf.o of this package. */
  readonly object?: string;
  /** Make new maps when the pinned ones are of another version; the old ones stay in force until `attach`. */
  readonly replace?: boolean;
}

export interface LoadedFilter {
  readonly filter: ActiveFilter;
  readonly clock: Clock;
  readonly adopted: boolean;
  readonly notices: readonly string[];
}

export function loadFilter(options: KernelOptions): LoadedFilter {
  requireRoot();
  const notices = requirePinPath(options.pinPath);
  const clock = readClock();
  const capacity = requireCapacity(options);
  const policy = policyOf(options, clock);
  const { maps, unpinned } = mapsFor(options, capacity);
  const loaded = { clock, adopted: maps.adopted, notices };
  if (resizedMaps(maps, capacity).length > 0) return { ...loaded, filter: resize(maps, options, policy, clock) };

  let programs: LoadedPrograms | undefined;
  let tables: KernelTables | undefined;
  try {
    const object = options.object ?? bpfFile('netxfw');
    const plugins = maps.find('jmp_table') !== undefined && new PluginSlots(maps).used;
    const switches = plugins ? { ...policy.switches, cfg_plugins: true } : policy.switches;
    const marked = maps.find('port_marks') !== undefined;
    const leaveOut = plugins ? [] : FOR_PLUGINS;
    programs = loadPrograms({ object, maps, sizes: mapSizes(capacity), switches, clock, leaveOut });
    addRecord(maps);
    tables = new KernelTables(maps, clock);
    tables.tunables.set(policy.tunables);
    tables.takeOver();
    if (!marked) tables.flows.markAll();
    tables.ownAddresses.refresh();
    if (!maps.adopted && !unpinned) pinAll(maps);
    return { ...loaded, filter: new ActiveFilter({ tables, programs, policy, clock, object, unpinned }) };
  } catch (error) {
    programs?.[Symbol.dispose]();
    (tables ?? maps)[Symbol.dispose]();
    throw error;
  }
}

/** @returns undefined when nothing is pinned there */
export function openFilter(pinPath: string, clock: Clock): ActiveFilter | undefined {
  requireRoot();
  const maps = KernelMaps.adopt(pinPath);
  return maps && adopt(maps, bpfFile('netxfw'), clock);
}

/** Takes over maps with what they hold; closes them when that fails. */
function adopt(maps: KernelMaps, object: string, clock: Clock): ActiveFilter {
  let tables: KernelTables | undefined;
  try {
    tables = new KernelTables(maps, clock);
    tables.takeOver();
    return new ActiveFilter({ tables, programs: undefined, policy: undefined, clock, object, unpinned: false });
  } catch (error) {
    (tables ?? maps)[Symbol.dispose]();
    throw error;
  }
}

/** New maps that hold what pinned ones of another size hold. */
function resize(maps: KernelMaps, options: KernelOptions, policy: KernelPolicy, clock: Clock): ActiveFilter {
  const filter = adopt(maps, options.object ?? bpfFile('netxfw'), clock);
  try {
    addRecord(maps);
    filter.resize(policy, requireCapacity(options));
    filter.tables.tunables.set(policy.tunables);
    filter.tables.ownAddresses.refresh();
    return filter;
  } catch (error) {
    filter[Symbol.dispose]();
    throw error;
  }
}

function requireCapacity({ capacity, config }: KernelOptions): Capacity {
  if (capacity !== undefined) return capacity;
  if (config !== undefined) return capacityOf(config);
  throw new NetxfwError('INTERNAL', 'a data plane needs a configuration or a capacity');
}

function policyOf({ config, switches, tunables }: KernelOptions, clock: Clock): KernelPolicy {
  if (config === undefined) return { switches: switches ?? {}, tunables: tunables ?? {}, texts: undefined };
  return {
    switches: { ...switchesOf(config), ...switches },
    tunables: { ...tunablesOf(config, clock), ...tunables },
    texts: policyTexts(config),
  };
}

/** Pinned maps, or a new set; `unpinned`: there are pinned ones of another version. */
function mapsFor(
  { pinPath, replace = false }: KernelOptions,
  capacity: Capacity,
): { readonly maps: KernelMaps; readonly unpinned: boolean } {
  const create = () => KernelMaps.create(pinPath, newMeta(mapSizes(capacity)));
  try {
    return { maps: KernelMaps.adopt(pinPath) ?? create(), unpinned: false };
  } catch (error) {
    if (!replace || !(error instanceof NetxfwError) || error.code !== 'LAYOUT_MISMATCH') throw error;
    return { maps: create(), unpinned: true };
  }
}

/** Pins new maps; what could not be pinned whole is not left behind. */
function pinAll(maps: KernelMaps): void {
  try {
    maps.pin();
  } catch (error) {
    removePins(maps.pinPath);
    throw error;
  }
}
