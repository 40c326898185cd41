import { createReadStream, statSync } from 'node:fs';
import { NetxfwError } from '../../model/errors.ts';
import { asked } from '../web.ts';
import { tooLarge, unpacked, unreadable } from './unpack.ts';

/** Bytes of a list as it comes. */
const MAX_PACKED = 256 * 2 ** 20;
/** To read all of a list, milliseconds. */
const TIMEOUT = 60_000;

/** What is remembered of a list, to ask only for a newer one. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

export type Fetched =
  | { readonly changed: false }
  | {
      readonly changed: true;
      /** Read while it comes; it fails as the list does. */
      readonly bytes: AsyncIterable<Uint8Array>;
      readonly validators: Validators;
    };

/** @throws NetxfwError FILE_NOT_FOUND, FILE_UNREADABLE, PAYLOAD_TOO_LARGE saying why it cannot be had */
export async function fetchList(from: string, known: Validators, stop: AbortSignal): Promise<Fetched> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT)]);
  return from.startsWith('/') ? readLocal(from, known, signal) : await download(from, known, signal);
}

function readLocal(path: string, known: Validators, signal: AbortSignal): Fetched {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    const etag = `${mtimeMs}-${size}-${ino}`;
    if (etag === known.etag) return { changed: false };
    const bytes = createReadStream(path, { signal });
    return { changed: true, bytes: listOf(bytes, (error) => localFailure(path, error)), validators: { etag } };
  } catch (error) {
    throw localFailure(path, error);
  }
}

function localFailure(path: string, error: unknown): NetxfwError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new NetxfwError('FILE_NOT_FOUND', `there is no file ${path}`, { cause: error });
  return unreadable(`${path} cannot be read: ${reasonOf(error)}`, error);
}

async function download(address: string, { etag, lastModified }: Validators, signal: AbortSignal): Promise<Fetched> {
  const { url, headers: credentials, shown } = asked(address);
  const headers = {
    ...credentials,
    'user-agent': 'netxfw',
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
  };
  const failure = (error: unknown) => unreadable(`${shown}: ${reasonOf(error)}`, error);
  let response: Response;
  try {
    response = await fetch(url, { headers, signal });
  } catch (error) {
    throw failure(error);
  }
  if (response.status === 304) return { changed: false };
  if (!response.ok) {
    await response.body?.cancel();
    throw unreadable(`${shown} answers ${response.status} ${response.statusText}`.trim());
  }
  const validators: Record<string, string> = {};
  const newTag = response.headers.get('etag');
  const newDate = response.headers.get('last-modified');
  if (newTag !== null) validators.etag = newTag;
  if (newDate !== null) validators.lastModified = newDate;
  const body = (response.body ?? []) as unknown as AsyncIterable<Uint8Array>;
  return { changed: true, bytes: listOf(body, failure), validators };
}

/** Bounded and unpacked. @param failure what a failure to read is called */
function listOf(bytes: AsyncIterable<Uint8Array>, failure: (error: unknown) => NetxfwError): AsyncIterable<Uint8Array> {
  const bounded = async function* () {
    let size = 0;
    try {
      for await (const chunk of bytes) {
        size += chunk.length;
        if (size > MAX_PACKED) throw tooLarge(`it has more than ${MAX_PACKED / 2 ** 20} MiB`);
        yield chunk;
      }
    } catch (error) {
      throw error instanceof NetxfwError ? error : failure(error);
    }
  };
  return unpacked(bounded());
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError' || (cause as Error | undefined)?.name === 'TimeoutError') {
    return `it was not read within ${TIMEOUT / 1000} s`;
  }
  return cause instanceof Error ? cause.message : message;
}
