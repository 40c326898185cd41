import type { Variable } from './btf.ts';
import { BpfError } from './errors.ts';
import { HOST_LE } from './memory.ts';

/** What a global variable is set to: a number or a truth value of its size, or exactly its bytes. */
export type GlobalValue = number | bigint | boolean | Uint8Array;

/** A section of global variables by name, over the bytes of ObjectMap.readInitial or of the loaded map's memory. */
export class Globals {
  readonly bytes: Uint8Array;
  readonly #variables: ReadonlyMap<string, Variable>;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, variables: readonly Variable[]) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#variables = new Map(variables.map((variable) => [variable.name, variable]));
  }

  get names(): string[] {
    return [...this.#variables.keys()];
  }

  /** @returns the variable's own bytes, not a copy; @throws BpfError NOT_FOUND */
  get(name: string): Uint8Array {
    const { offset, size } = this.#find(name);
    return this.bytes.subarray(offset, offset + size);
  }

  /** @returns a variable of 1, 2, 4 or 8 bytes, read as unsigned */
  getNumber(name: string): bigint {
    const { offset, size } = this.#find(name);
    if (size === 8) return this.#view.getBigUint64(offset, HOST_LE);
    if (size === 4) return BigInt(this.#view.getUint32(offset, HOST_LE));
    if (size === 2) return BigInt(this.#view.getUint16(offset, HOST_LE));
    if (size === 1) return BigInt(this.bytes[offset]!);
    throw invalid(name, `it has ${size} bytes and is no number`);
  }

  /** @throws BpfError NOT_FOUND, INVALID_INPUT when the value does not fit */
  set(name: string, value: GlobalValue): void {
    const { offset, size } = this.#find(name);
    if (value instanceof Uint8Array) {
      if (value.length !== size) throw invalid(name, `it has ${size} bytes, not ${value.length}`);
      this.bytes.set(value, offset);
      return;
    }
    if (![1, 2, 4, 8].includes(size)) throw invalid(name, `it has ${size} bytes and is no number`);
    if (typeof value === 'number' && !Number.isSafeInteger(value)) throw invalid(name, `${value} is no integer`);
    const number = BigInt(value);
    const bits = size * 8;
    if (BigInt.asUintN(bits, number) !== number && BigInt.asIntN(bits, number) !== number) {
      throw invalid(name, `${value} does not fit into ${size} bytes`);
    }
    const unsigned = BigInt.asUintN(bits, number);
    if (size === 8) this.#view.setBigUint64(offset, unsigned, HOST_LE);
    else if (size === 4) this.#view.setUint32(offset, Number(unsigned), HOST_LE);
    else if (size === 2) this.#view.setUint16(offset, Number(unsigned), HOST_LE);
    else this.#view.setUint8(offset, Number(unsigned));
  }

  #find(name: string): Variable {
    const variable = this.#variables.get(name);
    if (variable !== undefined) return variable;
    const reason = `there is no such variable; there are: ${this.names.join(', ')}`;
    throw new BpfError('global', 0, { subject: name, code: 'NOT_FOUND', reason });
  }
}

const invalid = (name: string, reason: string): BpfError =>
  new BpfError('global', 0, { subject: name, code: 'INVALID_INPUT', reason });
