import { BpfError, check } from './errors.ts';
import { duplicate } from './handle.ts';
import { libbpf } from './library.ts';
import type { ProgramPtr } from './pointers.ts';
import { BpfProgram } from './program.ts';

/** A program as an object declares it: adjusted before the load, opened after it. Lives as long as its object. */
export class ObjectProgram {
  readonly name: string;
  /** The ELF section, which gives the type unless it is set: `xdp`, `tc`. */
  readonly section: string;
  readonly #pointer: ProgramPtr;
  readonly #use: () => void;

  /** @internal */
  constructor(pointer: ProgramPtr, use: () => void) {
    this.#pointer = pointer;
    this.#use = use;
    this.name = libbpf().bpf_program__name(pointer);
    this.section = libbpf().bpf_program__section_name(pointer);
  }

  get type(): number {
    return libbpf().bpf_program__type(this.#live());
  }

  set type(type: number) {
    this.#check('set type', libbpf().bpf_program__set_type(this.#live(), type));
  }

  get expectedAttachType(): number {
    return libbpf().bpf_program__expected_attach_type(this.#live());
  }

  set expectedAttachType(type: number) {
    this.#check('set attach type', libbpf().bpf_program__set_expected_attach_type(this.#live(), type));
  }

  get autoload(): boolean {
    return libbpf().bpf_program__autoload(this.#live());
  }

  /** False: the load leaves this program out. */
  set autoload(load: boolean) {
    this.#check('set autoload', libbpf().bpf_program__set_autoload(this.#live(), load));
  }

  get flags(): number {
    return libbpf().bpf_program__flags(this.#live());
  }

  /** PROG_FLAG bits. */
  set flags(flags: number) {
    this.#check('set flags', libbpf().bpf_program__set_flags(this.#live(), flags));
  }

  /** Loads the program for one device's offload. */
  setIfindex(ifindex: number): void {
    libbpf().bpf_program__set_ifindex(this.#live(), ifindex);
  }

  /** Instructions as compiled, before the kernel rewrites them. */
  get instructions(): number {
    return Number(libbpf().bpf_program__insn_cnt(this.#live()));
  }

  /** After the load: a handle of its own, which may outlive the object. */
  open(): BpfProgram {
    const fd = libbpf().bpf_program__fd(this.#live());
    if (fd < 0) {
      const reason = 'the object has not been loaded, or this program is left out';
      throw new BpfError('open', 0, { subject: `program ${this.name}`, code: 'INVALID_INPUT', reason });
    }
    return BpfProgram.fromFd(duplicate(fd));
  }

  #live(): ProgramPtr {
    this.#use();
    return this.#pointer;
  }

  #check(op: string, result: number): void {
    check(op, result, { subject: `program ${this.name}` });
  }
}
