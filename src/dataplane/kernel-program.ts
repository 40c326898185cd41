import { randomInt } from 'node:crypto';
import type { BpfProgram, Feature, GlobalValue, ObjectProgram } from '../ebpf/index.ts';
import { BpfError, BpfObject, Globals, PROG_FLAG, probeFeature } from '../ebpf/index.ts';
import { NetxfwError } from '../model/errors.ts';
import type { Programs } from './attach.ts';
import type { Clock } from './clock.ts';
import type { KernelMaps, Meta } from './kernel-maps.ts';
import { LAYOUT_VERSION, TICKS_PER_NS } from './layout.ts';

/** Load-time constants of bpf/include/config.h by name. */
export type Switches = Readonly<Record<string, GlobalValue>>;

export interface ProgramOptions {
  /** The object file. */
  readonly object: string;
  /** What the programs shall work on; maps that the set lacks are made and added to it. */
  readonly maps: KernelMaps;
  /** max_entries by map of those that are made. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly switches: Switches;
  readonly clock: Clock;
  /** Programs to leave out, by name. */
  readonly leaveOut?: readonly string[];
}

/** The programs in the kernel; they hold on to their maps. */
export interface LoadedPrograms extends Programs, Disposable {
  /** Behind plugins, and after a plugin has decided; undefined when the object, or the load, has none. */
  readonly core: BpfProgram | undefined;
  readonly exit: BpfProgram | undefined;
}

/** How the programs for slots 0 and 1 of jmp_table are named. */
const CORE = '_core';
const EXIT = '_exit';
/** Programs that nobody calls without plugins: half of what the verifier would have to walk. */
export const FOR_PLUGINS: readonly string[] = [`netxfw${CORE}`, `netxfw${EXIT}`];

/** What the programs cannot do without. */
const REQUIRED: readonly Feature[] = ['xdp', 'btf', 'mmapableArray', 'xdpLink', 'cmpxchg'];

/**
 * Loads the object over the maps. Nothing is attached.
 * @throws NetxfwError LAYOUT_MISMATCH, KERNEL_UNSUPPORTED; BpfError
 */
export function loadPrograms(options: ProgramOptions): LoadedPrograms {
  const { object: path, maps, sizes, switches, clock, leaveOut = [] } = options;
  using object = BpfObject.open(path);
  for (const program of object.programs) if (leaveOut.includes(program.name)) program.autoload = false;
  const declared = object.maps.filter((map) => !map.internal);
  for (const map of declared) {
    const existing = maps.find(map.name);
    const size = sizes[map.name];
    if (existing !== undefined) map.reuse(existing);
    else if (size !== undefined) map.maxEntries = size;
  }
  const rateSets = maps.find('rate_state')?.info.maxEntries ?? sizes.rate_state ?? 1;
  writeConstants(object, constantsOf(maps.meta, rateSets, clock), switches);
  loadObject(object);
  const find = (section: RegExp, suffix = '') =>
    object.programs.find(({ name, section: own, autoload }) => autoload && section.test(own) && name.endsWith(suffix));
  const main = find(/^xdp/);
  if (main === undefined) throw new NetxfwError('OBJECT_MISSING', `${path} has no XDP program`);
  const [core, exit, egress] = [find(/^xdp/, CORE), find(/^xdp/, EXIT), find(/^(tc|tcx|classifier)/)];
  for (const map of declared) if (maps.find(map.name) === undefined) maps.add(map.name, map.open());
  const opened: BpfProgram[] = [];
  const open = (program: ObjectProgram): BpfProgram => {
    const handle = program.open();
    opened.push(handle);
    return handle;
  };
  return {
    xdp: open(main),
    egress: egress && open(egress),
    core: core && open(core),
    exit: exit && open(exit),
    [Symbol.dispose]() {
      for (const program of opened) program[Symbol.dispose]();
    },
  };
}

/** What new maps of these sizes shall have in `meta`. */
export function newMeta(sizes: Readonly<Record<string, number>>): Meta {
  return {
    layout: LAYOUT_VERSION,
    hashSeed: randomInt(2 ** 32),
    hosts4Buckets: sizes.lock_hosts4 ?? 1,
    hosts6Buckets: sizes.lock_hosts6 ?? 1,
  };
}

/** Constants that the caller does not choose. */
function constantsOf(meta: Meta, rateSets: number, clock: Clock): Switches {
  return {
    cfg_hosts4_buckets: meta.hosts4Buckets,
    cfg_hosts4_seed: meta.hashSeed,
    cfg_hosts6_buckets: meta.hosts6Buckets,
    cfg_hosts6_seed: meta.hashSeed,
    cfg_index6_seed: meta.hashSeed,
    cfg_port_marks: true,
    cfg_rate_sets: rateSets,
    cfg_rate_seed: meta.hashSeed,
    cfg_jiffies_per_second: clock.hz,
    cfg_ticks_per_jiffy: Math.floor((1e9 * TICKS_PER_NS) / clock.hz),
    cfg_frags: probeFeature('xdpFrags').supported === true,
  };
}

/** @param own set where the object has them; @param chosen refused when the object does not have them */
function writeConstants(object: BpfObject, own: Switches, chosen: Switches): void {
  const section = object.map('.rodata');
  const globals = new Globals(section.readInitial(), object.btf().variables('.rodata'));
  for (const [name, value] of Object.entries(own)) if (globals.names.includes(name)) globals.set(name, value);
  for (const [name, value] of Object.entries(chosen)) globals.set(name, value);
  section.writeInitial(globals.bytes);
  if (globals.getNumber('cfg_frags') === 0n) return;
  for (const program of object.programs)
    if (program.section.startsWith('xdp')) program.flags |= PROG_FLAG.XDP_HAS_FRAGS;
}

/** Loads, and tells what the kernel lacks when it is that. */
function loadObject(object: BpfObject): void {
  try {
    object.load();
  } catch (error) {
    if (!(error instanceof BpfError) || error.code === 'NOT_ROOT' || error.code === 'NO_MEMORY') throw error;
    const missing = REQUIRED.map(probeFeature).find(({ supported }) => supported === false);
    if (missing === undefined) throw error;
    throw new NetxfwError('KERNEL_UNSUPPORTED', `the kernel lacks ${missing.feature}: ${missing.reason}`, {
      hint: `Run kernel ${missing.minKernel} or newer.`,
      cause: error,
    });
  }
}
