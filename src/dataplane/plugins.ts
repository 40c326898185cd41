/**
 * Plugins: programs of others in the slots of jmp_table, which is pinned and keeps them when this process ends. Slots 0 and 1
 * hold what plugins go on to: the firewall behind them, and the common exit.
 */
import { resolve } from 'node:path';
import { type BpfMap, BpfObject, BpfProgram, Globals, PROG_FLAG, probeFeature } from '../ebpf/index.ts';
import { NetxfwError } from '../model/errors.ts';
import type { PluginSlot } from '../model/operations.ts';
import type { KernelMaps } from './kernel-maps.ts';
import type { LoadedPrograms } from './kernel-program.ts';
import type { Undo } from './undo.ts';

/** bpf/include/limits.h */
const SLOT = { CORE: 0, EXIT: 1, FIRST: 2, LAST: 15 } as const;

const key = (slot: number): Uint8Array => new Uint8Array(Uint32Array.of(slot).buffer);
const descriptor = (program: BpfProgram): Uint8Array => new Uint8Array(Uint32Array.of(program.fd).buffer);

/** The slots of one set of maps. */
export class PluginSlots {
  readonly #maps: KernelMaps;

  constructor(maps: KernelMaps) {
    this.#maps = maps;
  }

  get #table(): BpfMap {
    return this.#maps.get('jmp_table');
  }

  /** @param files where they were loaded from, by slot */
  list(files: Readonly<Record<string, string>>): PluginSlot[] {
    const slots: PluginSlot[] = [];
    for (let slot: number = SLOT.FIRST; slot <= SLOT.LAST; slot++) {
      const id = this.#programId(slot);
      if (id === undefined) continue;
      using program = BpfProgram.openId(id);
      const { name, tag } = program.info;
      slots.push({ slot, name, file: files[slot] ?? null, tag, programId: id });
    }
    return slots;
  }

  get used(): boolean {
    for (let slot: number = SLOT.FIRST; slot <= SLOT.LAST; slot++) {
      if (this.#programId(slot) !== undefined) return true;
    }
    return false;
  }

  /** Points slots 0 and 1 to these programs. */
  pointCore({ core, exit }: LoadedPrograms, undo: Undo): void {
    if (core === undefined || exit === undefined) {
      throw new NetxfwError('KERNEL_UNSUPPORTED', 'this build of the program takes no plugins');
    }
    const before = [SLOT.CORE, SLOT.EXIT].map((slot) => {
      const id = this.#programId(slot);
      return id === undefined ? undefined : undo.hold(BpfProgram.openId(id));
    });
    const point = (programs: readonly (BpfProgram | undefined)[]) => {
      for (const [slot, program] of programs.entries()) {
        if (program === undefined) this.#table.delete(key(slot));
        else this.#table.update(key(slot), descriptor(program));
      }
    };
    undo.add(() => point(before));
    point([core, exit]);
  }

  /** Lets go of the programs in slots 0 and 1, when no plugin goes on to them any more. */
  releaseCore(): void {
    for (const slot of [SLOT.CORE, SLOT.EXIT]) this.#table.delete(key(slot));
  }

  /** @throws NetxfwError INVALID_INPUT */
  requireFree(slot: number): void {
    requireSlot(slot);
    const id = this.#programId(slot);
    if (id === undefined) return;
    using taken = BpfProgram.openId(id);
    throw new NetxfwError('INVALID_INPUT', `slot ${slot} holds the plugin ${taken.name}`, {
      hint: 'Remove it first, or take another slot from 2 to 15.',
    });
  }

  put(slot: number, program: BpfProgram): void {
    this.#table.update(key(slot), descriptor(program));
  }

  /** @throws NetxfwError NOT_FOUND, INVALID_INPUT */
  remove(slot: number): void {
    requireSlot(slot);
    if (!this.#table.delete(key(slot))) throw new NetxfwError('NOT_FOUND', `there is no plugin in slot ${slot}`);
  }

  /**
   * Has the verifier check a plugin for a slot. Maps that it has in common with the firewall are the firewall's.
   * @returns the program, which the caller owns
   * @throws NetxfwError FILE_NOT_FOUND, INVALID_INPUT; BpfError VERIFIER_REJECTED and others
   */
  verify(slot: number, file: string): BpfProgram {
    using object = openObject(file);
    const programs = object.programs.filter(({ section }) => section.startsWith('xdp'));
    const [program] = programs;
    if (program === undefined || programs.length > 1) {
      throw notPlugin(file, `it has ${programs.length} XDP programs, not one`);
    }
    for (const other of object.programs) if (other !== program) other.autoload = false;
    const frags = probeFeature('xdpFrags').supported === true;
    writeConstants(object, file, { netxfw_slot: slot, netxfw_frags: frags });
    // All programs that call each other through a table must agree in this.
    if (frags) program.flags |= PROG_FLAG.XDP_HAS_FRAGS;
    for (const map of object.maps) {
      const ours = map.internal ? undefined : this.#maps.find(map.name);
      if (ours !== undefined) map.reuse(ours);
    }
    object.load();
    return program.open();
  }

  #programId(slot: number): number | undefined {
    const value = this.#table.lookup(key(slot));
    return value === undefined ? undefined : new Uint32Array(value.buffer)[0];
  }
}

function openObject(file: string): BpfObject {
  try {
    return BpfObject.open(resolve(file));
  } catch (error) {
    if ((error as { code?: string }).code === 'OBJECT_MISSING') {
      throw new NetxfwError('FILE_NOT_FOUND', `there is no file ${file}`, { cause: error });
    }
    throw notPlugin(file, error instanceof Error ? error.message : String(error));
  }
}

function writeConstants(object: BpfObject, file: string, values: Readonly<Record<string, number | boolean>>): void {
  const section = object.maps.find((map) => map.internal && map.name.endsWith('.rodata'));
  if (section === undefined) throw notPlugin(file, 'it was not made with netxfw_plugin.h');
  const globals = new Globals(section.readInitial(), object.btf().variables('.rodata'));
  if (!globals.names.includes('netxfw_slot')) throw notPlugin(file, 'it was not made with netxfw_plugin.h');
  for (const [name, value] of Object.entries(values)) if (globals.names.includes(name)) globals.set(name, value);
  section.writeInitial(globals.bytes);
}

function notPlugin(file: string, reason: string): NetxfwError {
  return new NetxfwError('INVALID_INPUT', `${file} is not a plugin: ${reason}`, {
    hint: 'A plugin is a BPF object with one NETXFW_PLUGIN; see bpf/include/netxfw_plugin.h.',
  });
}

/** @throws NetxfwError INVALID_INPUT */
function requireSlot(slot: number): void {
  if (Number.isInteger(slot) && slot >= SLOT.FIRST && slot <= SLOT.LAST) return;
  throw new NetxfwError('INVALID_INPUT', `${slot} is not a slot for plugins`, { hint: 'Take a slot from 2 to 15.' });
}
