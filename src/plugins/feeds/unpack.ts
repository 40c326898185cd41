import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { NetxfwError } from '../../model/errors.ts';
import { ZstdFrames } from './zstd-frames.ts';

/** Bytes of a list, unpacked. */
export const MAX_UNPACKED = 512 * 2 ** 20;
/** Packed bytes that are unpacked at a time, and what may become of them: no list shrinks to a four-thousandth. */
const STEP = 16 * 2 ** 10;
const MAX_STEP = 64 * 2 ** 20;

type Bytes = AsyncIterable<Uint8Array>;

/**
 * Whatever it is called: what begins as gzip or zstd is that. Holds no more than a piece of it at a time.
 * @throws NetxfwError FILE_UNREADABLE, PAYLOAD_TOO_LARGE, and what reading throws
 */
export async function* unpacked(packed: Bytes, limit = MAX_UNPACKED): AsyncGenerator<Uint8Array, void, undefined> {
  const { start, whole } = await begun(packed);
  try {
    let size = 0;
    for await (const chunk of unpacker(start)(whole)) {
      size += chunk.length;
      if (size > limit) throw tooLarge(`it has more than ${Math.round(limit / 2 ** 20)} MiB`);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof NetxfwError) throw error;
    throw unreadable(`it cannot be unpacked: ${(error as Error).message}`, error);
  }
}

export function tooLarge(what: string): NetxfwError {
  return new NetxfwError('PAYLOAD_TOO_LARGE', `the list is too large: ${what}`, { hint: 'Use a smaller list.' });
}

export function unreadable(message: string, cause?: unknown): NetxfwError {
  return new NetxfwError('FILE_UNREADABLE', message, { hint: 'The last good copy stays in force.', cause });
}

function unpacker(start: Buffer): (bytes: Bytes) => Bytes {
  if (start.length >= 2 && start.readUInt16BE(0) === 0x1f8b) return gunzipped;
  if (start.length >= 4 && start.readUInt32BE(0) === 0x28b52ffd) return unzstd;
  return (bytes) => bytes;
}

/** The first bytes, and all of them again. */
async function begun(bytes: Bytes): Promise<{ readonly start: Buffer; readonly whole: Bytes }> {
  const rest = bytes[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let start = Buffer.alloc(0);
  while (start.length < 4) {
    const next = await rest.next();
    if (next.done) break;
    held.push(next.value);
    start = Buffer.concat([start, next.value.subarray(0, 4)]);
  }
  const whole = async function* () {
    try {
      yield* held.splice(0);
      for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
    } finally {
      await rest.return?.();
    }
  };
  return { start, whole: whole() };
}

async function* gunzipped(bytes: Bytes): Bytes {
  const gunzip = createGunzip();
  // What goes wrong in reading comes out of the end of the pipe.
  pipeline(Readable.from(bytes), gunzip, () => {});
  yield* gunzip as AsyncIterable<Buffer>;
}

async function* unzstd(bytes: Bytes): Bytes {
  const frames = new ZstdFrames();
  let chunks: Uint8Array[] = [];
  let size = 0;
  const decompress = new Decompress((chunk) => {
    size += chunk.length;
    if (size > MAX_STEP) throw tooLarge('it is nearly nothing that unpacks to a lot');
    chunks.push(chunk);
  });
  const take = (piece: Uint8Array, last = false): Uint8Array[] => {
    frames.follow(piece);
    decompress.push(piece, last);
    const ready = chunks;
    [chunks, size] = [[], 0];
    return ready;
  };
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += STEP) yield* take(chunk.subarray(at, at + STEP));
  }
  yield* take(new Uint8Array(0), true);
}
