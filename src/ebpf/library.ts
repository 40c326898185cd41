import { createRequire } from 'node:module';
import { BpfError } from './errors.ts';
import type { CodePtr, MemoryPtr } from './pointers.ts';
import { type Bound, type CType, LIBBPF, LIBC, LIBC_VARIADIC, type Signature } from './symbols.ts';

type Koffi = typeof import('koffi');

const KOFFI_TYPES: Readonly<Record<CType, string>> = {
  void: 'void',
  int: 'int',
  u32: 'uint32',
  s64: 'int64',
  u64: 'uint64',
  size: 'size_t',
  bool: 'bool',
  string: 'str',
  'string?': 'str',
  memory: 'void *',
  'memory?': 'void *',
  address: 'void *',
  'address?': 'void *',
  'code?': 'void *',
  object: 'void *',
  'object?': 'void *',
  map: 'void *',
  'map?': 'void *',
  program: 'void *',
  'program?': 'void *',
  btf: 'void *',
  'btf?': 'void *',
};

/** Loaded on first use: importing this folder costs nothing and works without koffi and libbpf. */
let koffiModule: Koffi | undefined;

function koffi(): Koffi {
  if (koffiModule !== undefined) return koffiModule;
  try {
    koffiModule = createRequire(import.meta.url)('koffi') as Koffi;
  } catch (cause) {
    throw new BpfError('load koffi', 0, {
      code: 'LIBRARY_MISSING',
      reason: 'the npm package koffi cannot be loaded',
      hint: 'Install the npm packages again: npm ci',
      cause,
    });
  }
  return koffiModule;
}

/**
 * Binds the functions of a table; each is looked up on its first call.
 * @throws BpfError LIBRARY_MISSING when the library or, later, a function is not there
 */
export function bindLibrary<Table extends Record<string, Signature>>(
  file: string,
  table: Table,
  hint: string,
): Bound<Table> {
  let library: ReturnType<Koffi['load']>;
  try {
    library = koffi().load(file);
  } catch (cause) {
    if (cause instanceof BpfError) throw cause;
    throw new BpfError('load', 0, {
      subject: file,
      code: 'LIBRARY_MISSING',
      reason: 'the library cannot be opened',
      hint,
      cause,
    });
  }
  const bound: Record<string, unknown> = {};
  for (const [name, [result, args]] of Object.entries(table)) {
    Object.defineProperty(bound, name, {
      configurable: true,
      enumerable: true,
      get() {
        const variadic = name in LIBC_VARIADIC;
        let call: (...values: unknown[]) => unknown;
        try {
          const fixed = args.map((type) => KOFFI_TYPES[type]);
          if (variadic) {
            const native = library.func(name, KOFFI_TYPES[result], [...fixed.slice(0, -1), '...']);
            call = (...values) => native(...values.slice(0, -1), fixed.at(-1), values.at(-1));
          } else {
            call = library.func(name, KOFFI_TYPES[result], fixed);
          }
        } catch (cause) {
          throw new BpfError('load', 0, {
            subject: `${file} ${name}`,
            code: 'LIBRARY_MISSING',
            reason: 'the library is too old and has no such function',
            hint,
            cause,
          });
        }
        Object.defineProperty(bound, name, { value: call, enumerable: true });
        return call;
      },
    });
  }
  return bound as Bound<Table>;
}

let libbpfTable: Bound<typeof LIBBPF> | undefined;
let libcTable: Bound<typeof LIBC & typeof LIBC_VARIADIC> | undefined;

/** @throws BpfError LIBRARY_MISSING */
export function libbpf(): Bound<typeof LIBBPF> {
  libbpfTable ??= bindLibrary('libbpf.so.1', LIBBPF, 'Install libbpf: apt-get install libbpf1');
  return libbpfTable;
}

export function libc(): Bound<typeof LIBC & typeof LIBC_VARIADIC> {
  libcTable ??= bindLibrary('libc.so.6', { ...LIBC, ...LIBC_VARIADIC }, 'This needs the GNU C library.');
  return libcTable;
}

/** errno of the last call that set it; read it before the next call. */
export const lastErrno = (): number => koffi().errno();

/** @returns where the memory is; it does not move while it is referenced, but this address does not keep it alive */
export const addressOf = (memory: NodeJS.ArrayBufferView | ArrayBuffer): MemoryPtr =>
  koffi().address(memory) as MemoryPtr;

/** @returns an ArrayBuffer over memory that is not ours; it does not keep that memory alive */
export const viewOf = (address: MemoryPtr, length: number): ArrayBuffer => koffi().view(address, length);

/** @returns a copy of foreign memory */
export function copyOf(address: MemoryPtr, length: number): Uint8Array {
  const copy = new Uint8Array(length);
  if (length > 0) libc().memcpy(copy, address, length);
  return copy;
}

export const stringAt = (address: MemoryPtr): string => koffi().decode.string(address);

/** Registers a function for libbpf to call, for the rest of the process. */
export const registerPrint = (print: (level: number, format: MemoryPtr, args: MemoryPtr) => number): CodePtr => {
  const { proto, pointer, register } = koffi();
  return register(print, pointer(proto('ebpf_print', 'int', ['int', 'void *', 'void *']))) as CodePtr;
};

/** Readable or not, told by the event loop. */
export const pollDescriptor = (fd: number, onReadable: () => void): { close(): void; unref(): void } =>
  koffi().node.poll(fd, { readable: true }, onReadable);
