import { awaitRunningPrograms } from '../ebpf/index.ts';
import { NetxfwError } from '../model/errors.ts';
import type { PluginSlot } from '../model/operations.ts';
import { Attachments, type AttachOptions } from './attach.ts';
import { recordAlso } from './attach-egress.ts';
import type { Clock } from './clock.ts';
import { Explainer } from './explain.ts';
import { inspectPlace, type PlaceHealth } from './health.ts';
import {
  FOR_PLUGINS,
  type LoadedPrograms,
  loadPrograms,
  type ProgramOptions,
  type Switches,
} from './kernel-program.ts';
import { KernelTables } from './kernel-tables.ts';
import { type Capacity, mapSizes, resizedMaps } from './map-sizes.ts';
import { Migration } from './migrate.ts';
import { openConnections } from './open-connections.ts';
import { pinnedInterfaces } from './pin-paths.ts';
import { PluginSlots } from './plugins.ts';
import type { PolicyTexts } from './policy.ts';
import { type PolicyRecord, readRecord, writeRecord } from './policy-record.ts';
import { allowRouteLookups } from './prepare-host.ts';
import type { TunableValues } from './tunables.ts';
import { Undo } from './undo.ts';

/** enum nx_anti_spoof */
const STRICT = 2;

/** A policy, ready for the kernel. */
export interface KernelPolicy {
  readonly switches: Switches;
  readonly tunables: Partial<TunableValues>;
  /** Undefined: it did not come from a configuration. */
  readonly texts: PolicyTexts | undefined;
}

export interface FilterParts {
  readonly tables: KernelTables;
  /** Undefined: another process has loaded them. */
  readonly programs: LoadedPrograms | undefined;
  readonly policy: KernelPolicy | undefined;
  readonly clock: Clock;
  /** The object file. */
  readonly object: string;
  /** The maps are new, and others have their names until `attach`. */
  readonly unpinned: boolean;
}

/**
 * The programs, the maps that they work on, and the interfaces that they are on: what is in force, and how something else
 * takes its place. Whatever fails on the way, what was in force stays.
 */
export class ActiveFilter implements Disposable {
  readonly attachments: Attachments;
  readonly #clock: Clock;
  readonly #object: string;
  #tables: KernelTables;
  #programs: LoadedPrograms | undefined;
  #policy: KernelPolicy | undefined;
  #unpinned: boolean;
  /** What the tables are copied from: in force until the next `attach`. */
  #migration: Migration | undefined;
  #explainer: Explainer | undefined;
  /** Where plugins came from, by slot. */
  readonly #files: Record<string, string>;
  /** Where the programs shall be; undefined: where they are pinned. */
  #wanted: AttachOptions | undefined;
  /** Where they shall be besides, as long as they are there. */
  #also: readonly string[] = [];

  constructor(parts: FilterParts) {
    this.#tables = parts.tables;
    this.#programs = parts.programs;
    this.#clock = parts.clock;
    this.#object = parts.object;
    this.#unpinned = parts.unpinned;
    this.attachments = new Attachments(parts.tables.maps.pinPath);
    const record = readRecord(parts.tables.maps);
    this.#files = { ...record?.plugins };
    this.#policy = parts.policy ?? (record && { ...record, tunables: {} });
  }

  get tables(): KernelTables {
    return this.#tables;
  }

  /** The policy in force as texts; undefined: nobody knows. */
  get texts(): PolicyTexts | undefined {
    return this.#policy?.texts;
  }

  /** @throws NetxfwError NOT_LOADED when this process has loaded none */
  get programs(): LoadedPrograms {
    if (this.#programs !== undefined) return this.#programs;
    throw new NetxfwError('NOT_LOADED', `this process has loaded no program for ${this.#tables.maps.pinPath}`);
  }

  resized(capacity: Capacity): string[] {
    return resizedMaps(this.#tables.maps, capacity);
  }

  /** Puts the loaded programs on exactly these interfaces, and new maps in the place of others. */
  attach(options: AttachOptions): void {
    Undo.around((undo) => this.#putInForce(this.programs, options, undo));
    this.attachments.leaveOthers(options);
    this.#want(options);
    this.#settled();
  }

  /**
   * Wants the programs on one more interface, until others are named. Where they never came to be they are no longer wanted.
   * @returns whether they were not wanted there before
   */
  wantAlso(name: string): boolean {
    const attached = new Set(this.attachments.list().map((one) => one.interface));
    const before = [...(this.#wanted?.interfaces ?? []), ...this.#also];
    this.#also = this.#also.filter((one) => one === name || attached.has(one));
    if (before.includes(name)) return false;
    this.#also = [...this.#also, name];
    return true;
  }

  #want(options: AttachOptions): void {
    this.#wanted = options;
    this.#also = [];
  }

  /** The interfaces that shall have the programs, and what is wrong with them there. */
  inspect(): PlaceHealth[] {
    const { pinPath } = this.#tables.maps;
    const loaded = this.#programs;
    const expected = loaded && { xdp: loaded.xdp.info.id, egress: loaded.egress?.info.id };
    const names = this.#wanted?.interfaces ?? pinnedInterfaces(pinPath);
    return [...new Set([...names, ...this.#also])].map((name) => inspectPlace(pinPath, name, expected));
  }

  /**
   * Puts the programs back where they are missing. Interfaces that do not exist now are left out.
   * @returns those that have the programs again
   */
  heal(): string[] {
    const broken = this.inspect().filter(({ exists, filter, egress }) => exists && (filter ?? egress) !== null);
    if (broken.length === 0) return [];
    const programs = this.#ensurePrograms();
    const mode = this.#wanted?.mode ?? 'auto';
    const healed: string[] = [];
    const failures: unknown[] = [];
    // One that cannot be helped keeps no other from it.
    for (const { interface: name } of broken) {
      try {
        Undo.around((undo) => this.attachments.follow(programs, { interfaces: [name], mode }, undo));
        healed.push(name);
      } catch (error) {
        failures.push(error);
      }
    }
    if (healed.length === 0) throw failures[0];
    return healed;
  }

  /** Loads programs with other switches; `attach` puts them in force. */
  load(switches: Switches): void {
    const programs = this.#load(this.#tables, switches);
    this.#programs?.[Symbol.dispose]();
    this.#programs = programs;
    this.#policy = { switches, tunables: {}, texts: undefined };
    this.#forgetExplainer();
  }

  /** Follows a policy on the same maps. @param options undefined: the interfaces stay as they are */
  follow(policy: KernelPolicy, options: AttachOptions, moves: boolean): void {
    const reload = this.#programs === undefined || !sameSwitches(this.#policy?.switches, policy.switches);
    const programs = reload ? this.#load(this.#tables, policy.switches) : this.programs;
    try {
      Undo.around((undo) => {
        writeRecord(this.#tables.maps, undefined);
        undo.add(() => this.#writeRecord());
        undo.add(this.#tables.tunables.follow(policy.tunables));
        if (reload || moves) this.#putInForce(programs, options, undo, policy);
      });
    } catch (error) {
      if (reload) programs[Symbol.dispose]();
      throw error;
    }
    if (reload) this.#programs?.[Symbol.dispose]();
    this.#programs = programs;
    this.#policy = policy;
    if (moves) this.attachments.leaveOthers(options);
    this.#want(options);
    this.#settled();
  }

  /** Makes maps of another capacity that hold what these hold; they take their place with the next `attach`. */
  resize(policy: KernelPolicy, capacity: Capacity): Disposable {
    const sizes = mapSizes(capacity);
    const old = { tables: this.#tables, programs: this.#programs, policy: this.#policy };
    const { maps } = old.tables;
    const resized = this.resized(capacity);
    const meta = { ...maps.meta, hosts4Buckets: sizes.lock_hosts4!, hosts6Buckets: sizes.lock_hosts6! };
    const next = maps.without(resized, meta);
    let programs: LoadedPrograms | undefined;
    let tables: KernelTables | undefined;
    try {
      programs = loadPrograms({ ...this.#options(policy.switches), maps: next, sizes });
      tables = new KernelTables(next, this.#clock);
      this.#migration = new Migration(old.tables, tables, resized, this.#clock);
      this.#migration.begin();
    } catch (error) {
      this.#migration = undefined;
      programs?.[Symbol.dispose]();
      if (tables === undefined) next[Symbol.dispose]();
      else tables[Symbol.dispose]();
      throw error;
    }
    this.#tables = tables;
    this.#programs = programs;
    this.#policy = policy;
    this.#unpinned = true;
    this.#forgetExplainer();
    const [newTables, newPrograms] = [tables, programs];
    // Until it is in force, it can be given up.
    return {
      [Symbol.dispose]: () => {
        if (this.#migration === undefined) {
          old.programs?.[Symbol.dispose]();
          return;
        }
        this.#migration = undefined;
        this.#unpinned = false;
        this.#tables = old.tables;
        this.#programs = old.programs;
        this.#policy = old.policy;
        this.#forgetExplainer();
        newPrograms[Symbol.dispose]();
        newTables[Symbol.dispose]();
      },
    };
  }

  /** As `follow`, with maps of another capacity. */
  replace(policy: KernelPolicy, capacity: Capacity, options: AttachOptions): void {
    using _ = this.resize(policy, capacity);
    Undo.around((undo) => {
      undo.add(this.#tables.tunables.follow(policy.tunables));
      this.#putInForce(this.programs, options, undo);
    });
    this.attachments.leaveOthers(options);
    this.#want(options);
    this.#settled();
  }

  /** @throws NetxfwError NOT_LOADED when it is not known what is in force */
  get explainer(): Explainer {
    if (this.#policy === undefined) {
      const path = this.#tables.maps.pinPath;
      throw new NetxfwError('NOT_LOADED', `it is not known what policy the program in ${path} follows`, {
        hint: 'Make it follow config.yaml: netxfw reload',
      });
    }
    this.#explainer ??= new Explainer(this.#tables, this.#options(this.#policy.switches));
    return this.#explainer;
  }

  plugins(): PluginSlot[] {
    return this.#slots.list(this.#files);
  }

  loadPlugin(slot: number, file: string): PluginSlot {
    const slots = this.#slots;
    slots.requireFree(slot);
    using program = slots.verify(slot, file);
    const first = !slots.used;
    Undo.around((undo) => {
      if (first) this.#preparePlugins(undo);
      undo.add(() => slots.remove(slot));
      slots.put(slot, program);
      if (first) this.#switchPlugins(undo);
    });
    this.#files[slot] = file;
    this.#writeRecord();
    return this.plugins().find((one) => one.slot === slot)!;
  }

  removePlugin(slot: number): void {
    const slots = this.#slots;
    slots.remove(slot);
    delete this.#files[slot];
    if (!slots.used) {
      Undo.around((undo) => this.#switchPlugins(undo));
      awaitRunningPrograms();
      slots.releaseCore();
    }
    this.#writeRecord();
  }

  [Symbol.dispose](): void {
    this.#forgetExplainer();
    this.#programs?.[Symbol.dispose]();
    this.#programs = undefined;
    this.#tables[Symbol.dispose]();
    this.#migration?.from[Symbol.dispose]();
  }

  get #slots(): PluginSlots {
    return new PluginSlots(this.#tables.maps);
  }

  #options(switches: Switches): Omit<ProgramOptions, 'maps'> {
    const plugins = this.#slots.used;
    return {
      object: this.#object,
      sizes: {},
      switches: plugins ? { ...switches, cfg_plugins: true } : switches,
      clock: this.#clock,
      leaveOut: plugins ? [] : FOR_PLUGINS,
    };
  }

  #load(tables: KernelTables, switches: Switches): LoadedPrograms {
    return loadPrograms({ ...this.#options(switches), maps: tables.maps });
  }

  /** Gives a first plugin what it goes on to; the table keeps those programs. */
  #preparePlugins(undo: Undo): void {
    this.#ensurePrograms();
    const { maps } = this.#tables;
    using whole = loadPrograms({ ...this.#options(this.#policy?.switches ?? {}), maps, leaveOut: [] });
    this.#slots.pointCore(whole, undo);
  }

  /** The loaded programs; when another process has loaded them, the same again. */
  #ensurePrograms(): LoadedPrograms {
    if (this.#programs === undefined && this.#policy !== undefined) {
      this.#programs = this.#load(this.#tables, this.#policy.switches);
    }
    return this.programs;
  }

  /** Loads the programs anew, with plugins or without, and puts them where the old ones are. */
  #switchPlugins(undo: Undo): void {
    const old = this.#ensurePrograms();
    const programs = this.#load(this.#tables, this.#policy?.switches ?? {});
    undo.add(() => programs[Symbol.dispose]());
    const interfaces = this.attachments.list().map((one) => one.interface);
    this.#putInForce(programs, { interfaces, mode: 'auto' }, undo);
    this.#programs = programs;
    undo.add(() => {
      this.#programs = old;
    });
    undo.hold({ [Symbol.dispose]: () => this.#programs === programs && old[Symbol.dispose]() });
  }

  #putInForce(programs: LoadedPrograms, options: AttachOptions, undo: Undo, policy = this.#policy): void {
    if (policy?.switches.cfg_anti_spoof === STRICT) allowRouteLookups();
    const { maps } = this.#tables;
    const migration = this.#migration;
    // Nothing was recorded so far: what is open now goes on.
    if (this.attachments.list().length === 0) this.#tables.flows.remember(openConnections());
    if (migration?.movesFlows) this.#recordTwice(undo);
    migration?.catchUp();
    this.attachments.follow(programs, options, undo);
    if (this.#slots.used) this.#slots.pointCore(programs, undo);
    if (migration !== undefined) {
      awaitRunningPrograms();
      migration.catchUp();
    }
    if (!this.#unpinned) return;
    if (migration !== undefined) undo.add(() => migration.from.maps.pin());
    maps.pin();
  }

  /**
   * From now on until the end of the change, flows go to the old map and to the new one; so the program for incoming packets
   * can change from one to the other at any time and knows every flow. It takes the programs a second time: TCX refuses one
   * that is at the interface already, where the first will take the place of the old one.
   */
  #recordTwice(undo: Undo): void {
    const { egress } = undo.hold(this.#load(this.#tables, this.#policy?.switches ?? {}));
    if (egress === undefined) return;
    const { pinPath } = this.#tables.maps;
    for (const { interface: name, ifindex } of this.attachments.list()) {
      undo.hold(recordAlso(egress, { pinPath, name, ifindex }));
    }
  }

  #settled(): void {
    this.#unpinned = false;
    this.#migration?.from[Symbol.dispose]();
    this.#migration = undefined;
    this.#forgetExplainer();
    this.#writeRecord();
  }

  #writeRecord(): void {
    const { maps } = this.#tables;
    const policy = this.#policy;
    const record: PolicyRecord | undefined = policy && {
      texts: policy.texts,
      switches: policy.switches,
      plugins: this.#files,
    };
    writeRecord(maps, record);
  }

  #forgetExplainer(): void {
    this.#explainer?.[Symbol.dispose]();
    this.#explainer = undefined;
  }
}

function sameSwitches(a: Switches | undefined, b: Switches): boolean {
  return a !== undefined && Object.keys({ ...a, ...b }).every((name) => a[name] === b[name]);
}
