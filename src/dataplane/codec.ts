/** Reading and writing C structs field by field, in the byte order of the machine unless a field says otherwise. */
import { endianness } from 'node:os';

const LITTLE = endianness() === 'LE';
const WORD = 0x1_0000_0000;
const decoder = new TextDecoder();

/** Where a field lies and how it is read and written. Offsets and sizes in bytes. */
export interface Field<Value> {
  readonly offset: number;
  readonly size: number;
  get(view: DataView, at: number): Value;
  set(view: DataView, at: number, value: Value): void;
}

export type Fields<Value> = { readonly [Key in keyof Value]: Field<Value[Key]> };

/** A C struct. Fields are named as in C, in camel case; padding is not a field. */
export interface Codec<Value> {
  /** As in C: nx_prefix. */
  readonly name: string;
  readonly size: number;
  readonly fields: Fields<Value>;
  encode(value: Value): Uint8Array<ArrayBuffer>;
  decode(bytes: Uint8Array): Value;
  /** Writes the struct at byte `at`; padding is left as it is. */
  write(view: DataView, at: number, value: Value): void;
  read(view: DataView, at: number): Value;
}

/** A copy of an array of 32-bit words in the machine's byte order, wherever it lay. */
export const wordsOf = (source: Uint8Array): Uint32Array => new Uint32Array(new Uint8Array(source).buffer);

export function struct<Value extends object>(name: string, size: number, fields: Fields<Value>): Codec<Value> {
  const keys = Object.keys(fields) as (keyof Value)[];
  const write = (view: DataView, at: number, value: Value) => {
    for (const key of keys) fields[key].set(view, at + fields[key].offset, value[key]);
  };
  const read = (view: DataView, at: number): Value => {
    const value = {} as Value;
    for (const key of keys) value[key] = fields[key].get(view, at + fields[key].offset);
    return value;
  };
  return {
    name,
    size,
    fields,
    write,
    read,
    encode(value) {
      const bytes = new Uint8Array(size);
      write(new DataView(bytes.buffer), 0, value);
      return bytes;
    },
    decode: (bytes) => read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0),
  };
}

export const u8 = (offset: number): Field<number> => ({
  offset,
  size: 1,
  get: (view, at) => view.getUint8(at),
  set: (view, at, value) => view.setUint8(at, value),
});

export const u16 = (offset: number): Field<number> => ({
  offset,
  size: 2,
  get: (view, at) => view.getUint16(at, LITTLE),
  set: (view, at, value) => view.setUint16(at, value, LITTLE),
});

/** Network byte order. */
export const be16 = (offset: number): Field<number> => ({
  offset,
  size: 2,
  get: (view, at) => view.getUint16(at),
  set: (view, at, value) => view.setUint16(at, value),
});

export const u32 = (offset: number): Field<number> => ({
  offset,
  size: 4,
  get: (view, at) => view.getUint32(at, LITTLE),
  set: (view, at, value) => view.setUint32(at, value, LITTLE),
});

/** As a number: exact up to 2^53, which jiffies and counters do not reach. */
export const u64 = (offset: number): Field<number> => ({
  offset,
  size: 8,
  get: (view, at) =>
    view.getUint32(at + (LITTLE ? 4 : 0), LITTLE) * WORD + view.getUint32(at + (LITTLE ? 0 : 4), LITTLE),
  set: (view, at, value) => {
    view.setUint32(at + (LITTLE ? 4 : 0), Math.floor(value / WORD), LITTLE);
    view.setUint32(at + (LITTLE ? 0 : 4), value % WORD, LITTLE);
  },
});

/** Where every bit counts. */
export const bits64 = (offset: number, count: number): Field<BigUint64Array> => ({
  offset,
  size: count * 8,
  get: (view, at) => BigUint64Array.from({ length: count }, (_, i) => view.getBigUint64(at + i * 8, LITTLE)),
  set: (view, at, value) => {
    for (let i = 0; i < count; i++) view.setBigUint64(at + i * 8, value[i] ?? 0n, LITTLE);
  },
});

export const words = (offset: number, count: number): Field<Uint32Array> => ({
  offset,
  size: count * 4,
  get: (view, at) => Uint32Array.from({ length: count }, (_, i) => view.getUint32(at + i * 4, LITTLE)),
  set: (view, at, value) => {
    for (let i = 0; i < count; i++) view.setUint32(at + i * 4, value[i] ?? 0, LITTLE);
  },
});

export const halfWords = (offset: number, count: number): Field<Uint16Array> => ({
  offset,
  size: count * 2,
  get: (view, at) => Uint16Array.from({ length: count }, (_, i) => view.getUint16(at + i * 2, LITTLE)),
  set: (view, at, value) => {
    for (let i = 0; i < count; i++) view.setUint16(at + i * 2, value[i] ?? 0, LITTLE);
  },
});

/** Raw bytes; reading copies. A shorter value leaves the rest as it is. */
export const bytes = (offset: number, count: number): Field<Uint8Array> => ({
  offset,
  size: count,
  get: (view, at) => new Uint8Array(view.buffer, view.byteOffset + at, count).slice(),
  set: (view, at, value) => new Uint8Array(view.buffer, view.byteOffset + at, count).set(value),
});

/** NUL-terminated UTF-8; what does not fit is cut off between two characters. */
export const text = (offset: number, count: number): Field<string> => ({
  offset,
  size: count,
  get: (view, at) => {
    const field = new Uint8Array(view.buffer, view.byteOffset + at, count);
    const end = field.indexOf(0);
    return decoder.decode(end < 0 ? field : field.subarray(0, end));
  },
  set: (view, at, value) => {
    const field = new Uint8Array(view.buffer, view.byteOffset + at, count);
    const { written } = new TextEncoder().encodeInto(value, field.subarray(0, count - 1));
    field.fill(0, written);
  },
});
