import { existsSync } from 'node:fs';
import { Btf } from './btf.ts';
import { BpfError, VerifierError } from './errors.ts';
import { Globals, type GlobalValue } from './globals.ts';
import { copyOf, lastErrno, libbpf } from './library.ts';
import { allocate, HOST_LE } from './memory.ts';
import { captureMessages, findVerifierLog } from './messages.ts';
import { ObjectMap } from './object-map.ts';
import { ObjectProgram } from './object-program.ts';
import type { ObjectPtr } from './pointers.ts';
import { undisturbed } from './undisturbed.ts';

const EINVAL = 22;

/**
 * A compiled BPF object: opened, adjusted, loaded once. Its maps and programs are closed with it; what shall live
 * longer is opened with ObjectMap.open and ObjectProgram.open, which give handles of their own.
 */
export class BpfObject implements Disposable {
  readonly name: string;
  readonly maps: readonly ObjectMap[];
  readonly programs: readonly ObjectProgram[];
  /** What libbpf said while loading; empty when all went well. */
  messages: readonly string[] = [];
  #pointer: ObjectPtr | undefined;

  private constructor(pointer: ObjectPtr) {
    this.#pointer = pointer;
    this.name = libbpf().bpf_object__name(pointer);
    const use = () => {
      this.#use();
    };
    const { bpf_object__next_map, bpf_object__next_program } = libbpf();
    const maps: ObjectMap[] = [];
    for (let map = bpf_object__next_map(pointer, null); map !== null; map = bpf_object__next_map(pointer, map)) {
      maps.push(new ObjectMap(map, use));
    }
    const programs: ObjectProgram[] = [];
    let program = bpf_object__next_program(pointer, null);
    for (; program !== null; program = bpf_object__next_program(pointer, program)) {
      programs.push(new ObjectProgram(program, use));
    }
    this.maps = maps;
    this.programs = programs;
  }

  /**
   * Reads an object file, or the bytes of one. Needs no privilege.
   * @throws BpfError OBJECT_MISSING, OBJECT_INVALID, LIBRARY_MISSING
   */
  static open(source: string | Uint8Array, name = 'object'): BpfObject {
    if (typeof source === 'string' && !existsSync(source)) {
      throw new BpfError('open', 0, { subject: source, code: 'OBJECT_MISSING', reason: 'there is no such file' });
    }
    const { result, messages } = captureMessages(() => {
      const pointer =
        typeof source === 'string' ? libbpf().bpf_object__open_file(source, null) : openBytes(source, name);
      return { pointer, errno: pointer === null ? lastErrno() : 0 };
    });
    if (result.pointer === null) {
      const subject = typeof source === 'string' ? source : name;
      const reason = messages.at(-1);
      throw new BpfError('open', result.errno, { subject, code: 'OBJECT_INVALID', reason, messages });
    }
    return new BpfObject(result.pointer);
  }

  /** @throws BpfError NOT_FOUND */
  map(name: string): ObjectMap {
    const found = this.maps.find((map) => map.name === name || (map.internal && map.name.endsWith(name)));
    if (found === undefined) throw this.#missing('map', name, this.maps);
    return found;
  }

  /** @throws BpfError NOT_FOUND */
  program(name: string): ObjectProgram {
    const found = this.programs.find((program) => program.name === name);
    if (found === undefined) throw this.#missing('program', name, this.programs);
    return found;
  }

  /**
   * Creates the maps that were not given and has the verifier check the programs. All or nothing.
   * @throws VerifierError with the whole log; BpfError NOT_ROOT, NO_MEMORY, INVALID_INPUT naming the map
   */
  load(): void {
    const pointer = this.#use();
    const { result, messages } = captureMessages(() => undisturbed(() => libbpf().bpf_object__load(pointer)));
    this.messages = messages;
    if (result >= 0) return;
    const verifier = findVerifierLog(messages);
    if (verifier !== undefined && summaryExists(verifier.log)) {
      throw new VerifierError(verifier.program, -result, verifier.log, messages);
    }
    const specific = messages.find((message) => /^(map|prog|Error in)/.test(message)) ?? messages[0];
    const notRoot = /Operation not permitted/.test(messages.join('\n'));
    throw new BpfError('load', -result, {
      subject: this.name,
      messages,
      reason: notRoot ? undefined : specific,
      ...(notRoot ? { code: 'NOT_ROOT' } : -result === EINVAL ? { code: 'KERNEL_FAILED' } : {}),
    });
  }

  /** The object's types, with the offsets of its global variables. */
  btf(): Btf {
    const pointer = libbpf().bpf_object__btf(this.#use());
    const size = new Uint32Array(1);
    const data = pointer === null ? null : libbpf().btf__raw_data(pointer, size);
    if (data === null) {
      throw new BpfError('btf', 0, { subject: this.name, code: 'OBJECT_INVALID', reason: 'the object has no BTF' });
    }
    return Btf.parse(copyOf(data, size[0]!));
  }

  /** The initial values of a section such as `.rodata`, by name (a copy). */
  globals(section: string): Globals {
    return new Globals(this.map(section).readInitial(), this.btf().variables(section));
  }

  /**
   * Sets global variables before the load; the others of the section keep their values.
   * @throws BpfError NOT_FOUND, INVALID_INPUT
   */
  setGlobals(section: string, values: Readonly<Record<string, GlobalValue>>): void {
    const globals = this.globals(section);
    for (const [name, value] of Object.entries(values)) globals.set(name, value);
    this.map(section).writeInitial(globals.bytes);
  }

  [Symbol.dispose](): void {
    if (this.#pointer === undefined) return;
    libbpf().bpf_object__close(this.#pointer);
    this.#pointer = undefined;
  }

  #use(): ObjectPtr {
    if (this.#pointer === undefined) {
      throw new BpfError('use', 0, { subject: this.name, code: 'CLOSED', reason: 'this object is closed' });
    }
    return this.#pointer;
  }

  #missing(what: string, name: string, among: readonly { readonly name: string }[]): BpfError {
    const names = among.map((one) => one.name).join(', ');
    const reason = `there is no ${what} ${name}; there are: ${names}`;
    return new BpfError('find', 0, { subject: this.name, code: 'NOT_FOUND', reason });
  }
}

const summaryExists = (log: string): boolean => /\S/.test(log.replace(/^processed \d+ insns.*$/m, ''));

function openBytes(bytes: Uint8Array, name: string): ObjectPtr | null {
  const text = Buffer.from(`${name}\0`);
  const label = allocate(text.length);
  label.bytes.set(text);
  const opts = allocate(16);
  opts.view.setBigUint64(0, 16n, HOST_LE);
  opts.view.setBigUint64(8, label.address, HOST_LE);
  const pointer = libbpf().bpf_object__open_mem(bytes, bytes.length, opts.bytes);
  label.bytes.fill(0);
  return pointer;
}
