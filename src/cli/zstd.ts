import { Buffer } from 'node:buffer';
import type { Zstd } from '@hpcc-js/wasm-zstd';
import { NetxfwError } from '../model/errors.ts';

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** Good and fast for lists of addresses; more costs seconds and saves little. */
const LEVEL = 3;

/** Node's own zstd came after the oldest version that is supported. */
async function load(): Promise<Zstd> {
  const { Zstd: library } = await import('@hpcc-js/wasm-zstd');
  return library.load();
}

/** Compresses a stream as one zstd frame. */
export async function* pack(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const zstd = await load();
  zstd.reset();
  zstd.setCompressionLevel(LEVEL);
  for await (const chunk of chunks) {
    const packed = zstd.compressChunk(chunk);
    if (packed.length > 0) yield packed;
  }
  yield zstd.compressEnd();
}

/**
 * Data as it is, or unpacked when it is a zstd frame; what it is called does not matter. Unpacked by the library that can do so
 * piece by piece: the one that packs has to know beforehand how much it will be.
 * @param name in messages
 * @throws NetxfwError INVALID_INPUT when it is damaged
 */
export async function* unpacked(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const held: Uint8Array[] = [];
  let unpack: Unpack | undefined;
  for await (const chunk of chunks) {
    if (unpack !== undefined) {
      yield* unpack(chunk);
      continue;
    }
    held.push(chunk);
    const start = Buffer.concat(held.map((part) => part.subarray(0, MAGIC.length)));
    if (start.length < MAGIC.length) continue;
    unpack = MAGIC.every((byte, i) => start[i] === byte) ? await unpacking(name) : (part) => [part];
    for (const part of held.splice(0)) yield* unpack(part);
  }
  yield* unpack === undefined ? held : unpack(new Uint8Array(0), true);
}

type Unpack = (packed: Uint8Array, last?: boolean) => Uint8Array[];

async function unpacking(name: string): Promise<Unpack> {
  const { Decompress } = await import('fzstd');
  let ready: Uint8Array[] = [];
  const decompress = new Decompress((chunk) => void ready.push(chunk));
  return (packed, last = false) => {
    try {
      decompress.push(packed, last);
    } catch (error) {
      throw new NetxfwError('INVALID_INPUT', `${name} cannot be unpacked: it is damaged or cut off`, {
        hint: 'Make it anew, or restore it from where it came.',
        cause: error,
      });
    }
    const chunks = ready;
    ready = [];
    return chunks;
  };
}
