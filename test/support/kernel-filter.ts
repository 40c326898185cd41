import { bpfFile } from '../../src/dataplane/bpf-files.ts';
import { type Clock, readClock } from '../../src/dataplane/clock.ts';
import { type BpfMap, BpfObject, type BpfProgram, type MapMemory, type ProgramRunner } from '../../src/ebpf/index.ts';
import type { Config } from '../model/state.ts';

/** Seeds of the hashes: any will do. */
export const SEED = 0x5eed_cafe;
/** Buckets of lock_hosts4. */
export const HOSTS4_BUCKETS = 64;

/** How many entries the maps of a test hold; what is not named here has the size that the object gives it. */
const ENTRIES: Readonly<Record<string, number>> = {
  whitelist: 1024,
  lock_list: 1024,
  lock_hosts4: HOSTS4_BUCKETS,
  lock_hosts6: 64,
  dyn_lock_list: 1024,
  own_addrs: 16,
  rate_limit: 256,
  rate_state: 1024,
  limit_hits: 256,
  ct_map: 4096,
  frag_map: 4096,
  ip_port_rules: 256,
};

const ANTI_SPOOF = { off: 0, basic: 1, strict: 2 } as const;

type Globals = Readonly<Record<string, number | boolean>>;

/** Load-time constants of the program for a configuration. */
function constants(config: Config, hz: number): Globals {
  return {
    cfg_jiffies_per_second: hz,
    cfg_hosts4_buckets: ENTRIES.lock_hosts4!,
    cfg_hosts4_seed: SEED,
    cfg_hosts6_buckets: ENTRIES.lock_hosts6!,
    cfg_hosts6_seed: SEED,
    cfg_index6_seed: SEED,
    cfg_rate_sets: ENTRIES.rate_state!,
    cfg_rate_seed: SEED,
    cfg_port_marks: true,
    cfg_monitor: config.monitor,
    cfg_default_deny: config.defaultDeny,
    cfg_allow_icmp: config.allowIcmp,
    cfg_allow_dhcp: config.allowDhcp,
    cfg_strict_tcp: config.strictTcp,
    cfg_strict_protocol: config.strictProtocol,
    cfg_drop_fragments: config.dropFragments,
    cfg_bogon_filter: config.bogonFilter,
    cfg_anti_spoof: ANTI_SPOOF[config.antiSpoof],
    cfg_conntrack: config.conntrack,
    cfg_rate_limit: config.rateLimit,
    cfg_syn_limit: config.synLimit,
    cfg_auto_block: config.autoBlock,
    cfg_v6_prefix: config.v6Prefix,
  };
}

/** The programs of one configuration. */
export interface Variant {
  readonly ingress: ProgramRunner;
  readonly egress: ProgramRunner;
  /** Judges what arrives without any side effect. */
  readonly explain: ProgramRunner;
}

const XDP_MD_SIZE = 24;
const MAX_PACKET = 3000;

/**
 * The real programs with maps of their own, never attached to anything: packets go through BPF_PROG_TEST_RUN. Programs
 * for other switches share the maps.
 */
export class KernelFilter implements Disposable {
  readonly clock: Clock = readClock();
  readonly #object: string;
  readonly #maps = new Map<string, BpfMap>();
  readonly #memories = new Map<string, MapMemory>();
  readonly #programs: BpfProgram[] = [];
  readonly #variants = new Map<string, Variant>();

  /** @param object the compiled program */
  constructor(object = bpfFile('netxfw')) {
    this.#object = object;
  }

  map(name: string): BpfMap {
    const map = this.#maps.get(name);
    if (map === undefined) throw new Error(`no program has been loaded that uses the map ${name}`);
    return map;
  }

  /** The memory of an array map; mapped once. */
  memory(name: string): MapMemory {
    let memory = this.#memories.get(name);
    if (memory === undefined) {
      memory = this.map(name).mmap();
      this.#memories.set(name, memory);
    }
    return memory;
  }

  /** The programs for these switches; loaded at the first call. */
  variant(config: Config): Variant {
    const wanted = constants(config, this.clock.hz);
    const key = JSON.stringify(wanted);
    let variant = this.#variants.get(key);
    if (variant === undefined) {
      variant = this.#load(wanted);
      this.#variants.set(key, variant);
    }
    return variant;
  }

  #load(globals: Globals): Variant {
    const [ingress, egress] = this.#open(globals, ['netxfw', 'netxfw_egress']);
    const [explain] = this.#open({ ...globals, cfg_explain: true }, ['netxfw']);
    const arriving = { maxPacket: MAX_PACKET, contextSize: XDP_MD_SIZE };
    return {
      ingress: ingress!.runner(arriving),
      egress: egress!.runner({ maxPacket: MAX_PACKET }),
      explain: explain!.runner(arriving),
    };
  }

  #open(globals: Globals, names: readonly string[]): BpfProgram[] {
    using object = BpfObject.open(this.#object);
    object.setGlobals('.rodata', globals);
    for (const program of object.programs) program.autoload = names.includes(program.name);
    for (const map of object.maps) {
      if (map.internal) continue;
      const existing = this.#maps.get(map.name);
      const entries = ENTRIES[map.name];
      if (existing !== undefined) map.reuse(existing);
      else if (entries !== undefined) map.maxEntries = entries;
    }
    object.load();
    for (const map of object.maps) if (!map.internal && !this.#maps.has(map.name)) this.#maps.set(map.name, map.open());
    const programs = names.map((name) => object.program(name).open());
    this.#programs.push(...programs);
    return programs;
  }

  [Symbol.dispose](): void {
    for (const handle of [...this.#memories.values(), ...this.#programs, ...this.#maps.values()]) {
      handle[Symbol.dispose]();
    }
  }
}
