import { addressOf } from './library.ts';
import type { MemoryPtr } from './pointers.ts';

/** Zeroed memory at a fixed address, for structs that hold addresses of other memory. */
export interface Block {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly address: MemoryPtr;
}

/** An ArrayBuffer's memory is outside V8's heap and never moves; the block must be kept as long as its address is in use. */
export function allocate(size: number): Block {
  const buffer = new ArrayBuffer(Math.max(size, 8));
  return { bytes: new Uint8Array(buffer), view: new DataView(buffer), address: addressOf(buffer) };
}

/** @returns text up to the first NUL */
export function readText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end)).toString('utf8');
}

/** The byte order of this machine, as DataView wants to be told. */
export const HOST_LE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
