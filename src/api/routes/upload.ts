import type { Readable } from 'node:stream';
import { NetxfwError } from '../../model/errors.ts';

/** @throws NetxfwError PAYLOAD_TOO_LARGE */
export function refuseLarge(size: number, limit: number): void {
  if (size > limit) {
    throw new NetxfwError('PAYLOAD_TOO_LARGE', `an import of ${size} bytes is over the limit of ${limit}`, {
      hint: 'Split the file.',
    });
  }
}

/** The body of a request as chunks, up to a limit. */
export async function* upload(stream: Readable, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    // Leaving early must not destroy the stream: the connection still has to carry the refusal.
    for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      refuseLarge(size, limit);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof NetxfwError) throw error;
    throw new NetxfwError('INVALID_INPUT', `the upload ended early, after ${size} bytes`, {
      hint: 'Nothing was imported; send the file again.',
      cause: error,
    });
  } finally {
    stream.resume();
  }
}
