import { readFileSync } from 'node:fs';
import { readSection } from './elf.ts';
import { BpfError } from './errors.ts';

/** Kinds of BTF types (kernel: Documentation/bpf/btf.rst). */
const KIND = {
  INT: 1,
  PTR: 2,
  ARRAY: 3,
  STRUCT: 4,
  UNION: 5,
  ENUM: 6,
  FWD: 7,
  TYPEDEF: 8,
  VOLATILE: 9,
  CONST: 10,
  RESTRICT: 11,
  FUNC: 12,
  FUNC_PROTO: 13,
  VAR: 14,
  DATASEC: 15,
  FLOAT: 16,
  DECL_TAG: 17,
  TYPE_TAG: 18,
  ENUM64: 19,
} as const;

const MAGIC = 0xeb9f;
const POINTER_SIZE = 8;

interface Type {
  readonly name: string;
  readonly kind: number;
  /** Bytes for what has a size, else the id of the type it refers to. */
  readonly sizeOrType: number;
  readonly bitfields: boolean;
  readonly members: readonly RawMember[];
  readonly array?: { readonly element: number; readonly length: number };
}

interface RawMember {
  readonly name: string;
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

export interface StructMember {
  readonly name: string;
  /** Bytes from the start of the outermost struct; members of unnamed inner structs and unions are lifted out. */
  readonly offset: number;
  readonly size: number;
  /** Set for bit fields only: bits within the struct. */
  readonly bits?: { readonly offset: number; readonly size: number };
}

export interface StructLayout {
  readonly name: string;
  readonly size: number;
  readonly members: readonly StructMember[];
}

export interface Variable {
  readonly name: string;
  /** Bytes from the start of the section. */
  readonly offset: number;
  readonly size: number;
}

/** The type information of an object: struct layouts, enum values and where global variables lie. */
export class Btf {
  readonly #types: readonly Type[];

  private constructor(types: readonly Type[]) {
    this.#types = types;
  }

  /** @throws BpfError OBJECT_INVALID */
  static parse(data: Uint8Array): Btf {
    return new Btf(readTypes(data));
  }

  /**
   * Reads the .BTF section of an object file, without libbpf. Struct layouts are complete; offsets of global variables
   * are only known to an opened object (BpfObject.btf).
   * @throws BpfError OBJECT_MISSING, OBJECT_INVALID
   */
  static fromFile(path: string): Btf {
    let file: Uint8Array;
    try {
      file = readFileSync(path);
    } catch (cause) {
      throw new BpfError('open', 0, {
        subject: path,
        code: 'OBJECT_MISSING',
        reason: 'the file cannot be read',
        cause,
      });
    }
    const section = readSection(file, '.BTF');
    if (section === undefined) throw invalid(`${path} has no BTF; compile it with -g`);
    return Btf.parse(section);
  }

  /** @throws BpfError NOT_FOUND when no struct or union has this name */
  struct(name: string): StructLayout {
    const type = this.#types.find((one) => one.name === name && (one.kind === KIND.STRUCT || one.kind === KIND.UNION));
    if (type === undefined) {
      throw new BpfError('btf', 0, { code: 'NOT_FOUND', reason: `there is no struct or union ${name}` });
    }
    return { name, size: type.sizeOrType, members: this.#members(type, 0) };
  }

  /** Names of all structs and unions that have one. */
  structs(): string[] {
    const named = this.#types.filter((one) => one.name !== '' && (one.kind === KIND.STRUCT || one.kind === KIND.UNION));
    return named.map((one) => one.name);
  }

  /** Values by name; @throws BpfError NOT_FOUND */
  enum(name: string): ReadonlyMap<string, number> {
    const type = this.#types.find((one) => one.name === name && (one.kind === KIND.ENUM || one.kind === KIND.ENUM64));
    if (type === undefined) throw new BpfError('btf', 0, { code: 'NOT_FOUND', reason: `there is no enum ${name}` });
    return new Map(type.members.map((member) => [member.name, member.offset]));
  }

  /** Global variables of a section such as `.rodata`; none when there is no such section. */
  variables(section: string): Variable[] {
    const type = this.#types.find((one) => one.kind === KIND.DATASEC && one.name === section);
    if (type === undefined) return [];
    return type.members.map(({ type: id, offset, size }) => ({ name: this.#types[id]!.name, offset, size }));
  }

  #members(type: Type, base: number): StructMember[] {
    return type.members.flatMap((member): StructMember[] => {
      const bitOffset = type.bitfields ? member.offset & 0xffffff : member.offset;
      const bitSize = type.bitfields ? member.offset >>> 24 : 0;
      const offset = base + (bitOffset >>> 3);
      const inner = this.#resolve(member.type);
      if (member.name === '' && (inner.kind === KIND.STRUCT || inner.kind === KIND.UNION)) {
        return this.#members(inner, offset);
      }
      const plain = { name: member.name, offset, size: this.#size(member.type) };
      return [bitSize === 0 ? plain : { ...plain, bits: { offset: base * 8 + bitOffset, size: bitSize } }];
    });
  }

  #resolve(id: number): Type {
    let type = this.#types[id]!;
    while (REFERENCES.has(type.kind)) type = this.#types[type.sizeOrType]!;
    return type;
  }

  #size(id: number): number {
    const type = this.#resolve(id);
    if (type.kind === KIND.PTR) return POINTER_SIZE;
    if (type.array !== undefined) return type.array.length * this.#size(type.array.element);
    return type.sizeOrType;
  }
}

const REFERENCES: ReadonlySet<number> = new Set([
  KIND.TYPEDEF,
  KIND.VOLATILE,
  KIND.CONST,
  KIND.RESTRICT,
  KIND.TYPE_TAG,
  KIND.VAR,
]);

/** Bytes after the common header, per item or in all. */
const PER_ITEM: Readonly<Record<number, number>> = {
  [KIND.STRUCT]: 12,
  [KIND.UNION]: 12,
  [KIND.ENUM]: 8,
  [KIND.FUNC_PROTO]: 8,
  [KIND.DATASEC]: 12,
  [KIND.ENUM64]: 12,
};
const FIXED: Readonly<Record<number, number>> = { [KIND.INT]: 4, [KIND.ARRAY]: 12, [KIND.VAR]: 4, [KIND.DECL_TAG]: 4 };

function readTypes(data: Uint8Array): Type[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length < 24) throw invalid('the BTF is shorter than its header');
  const little = view.getUint16(0, true) === MAGIC;
  if (!little && view.getUint16(0, false) !== MAGIC) throw invalid('the BTF does not start with its magic number');
  const word = (offset: number) => view.getUint32(offset, little);
  const header = word(4);
  const typesAt = header + word(8);
  const typesEnd = typesAt + word(12);
  const stringsAt = header + word(16);
  if (typesEnd > data.length || stringsAt + word(20) > data.length) throw invalid('the BTF is cut off');
  const text = (offset: number) => {
    const end = data.indexOf(0, stringsAt + offset);
    return Buffer.from(data.subarray(stringsAt + offset, end)).toString('utf8');
  };

  const types: Type[] = [{ name: 'void', kind: 0, sizeOrType: 0, bitfields: false, members: [] }];
  for (let at = typesAt; at < typesEnd; ) {
    const info = word(at + 4);
    const kind = (info >>> 24) & 0x1f;
    const count = info & 0xffff;
    const body = at + 12;
    const step = PER_ITEM[kind] ?? 0;
    const members = Array.from({ length: step === 0 ? 0 : count }, (_, i): RawMember => {
      const item = body + i * step;
      if (kind === KIND.DATASEC) return { name: '', type: word(item), offset: word(item + 4), size: word(item + 8) };
      const name = text(word(item));
      if (kind === KIND.STRUCT || kind === KIND.UNION)
        return { name, type: word(item + 4), offset: word(item + 8), size: 0 };
      return { name, type: 0, offset: view.getInt32(item + 4, little), size: 0 };
    });
    types.push({
      name: text(word(at)),
      kind,
      sizeOrType: word(at + 8),
      bitfields: info >>> 31 === 1,
      members,
      ...(kind === KIND.ARRAY ? { array: { element: word(body), length: word(body + 8) } } : {}),
    });
    at = body + step * count + (FIXED[kind] ?? 0);
  }
  return types;
}

const invalid = (reason: string): BpfError => new BpfError('btf', 0, { code: 'OBJECT_INVALID', reason });
