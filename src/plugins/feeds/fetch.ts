import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import { withoutCredentials } from '../../model/config-secrets.ts';
import { NetxfwError } from '../../model/errors.ts';

/** Bytes of a list as it comes, and unpacked. */
const MAX_PACKED = 256 * 1024 * 1024;
const MAX_UNPACKED = 512 * 1024 * 1024;
const TIMEOUT = 60_000;

/** What is remembered of a list, to ask only for a newer one. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

export type Fetched =
  | { readonly changed: false }
  | { readonly changed: true; readonly text: string; readonly validators: Validators };

/** @throws NetxfwError FILE_NOT_FOUND, FILE_UNREADABLE saying why it cannot be had */
export async function fetchList(from: string, known: Validators, signal: AbortSignal): Promise<Fetched> {
  return from.startsWith('/') ? readLocal(from, known) : await download(from, known, signal);
}

function readLocal(path: string, known: Validators): Fetched {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    const etag = `${mtimeMs}-${size}-${ino}`;
    if (etag === known.etag) return { changed: false };
    if (size > MAX_PACKED) throw tooLarge();
    return { changed: true, text: unpack(readFileSync(path)), validators: { etag } };
  } catch (error) {
    if (error instanceof NetxfwError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new NetxfwError('FILE_NOT_FOUND', `there is no file ${path}`, { cause: error });
    throw new NetxfwError('FILE_UNREADABLE', `${path} cannot be read: ${message}`, { cause: error });
  }
}

async function download(url: string, { etag, lastModified }: Validators, signal: AbortSignal): Promise<Fetched> {
  const headers = {
    'user-agent': 'netxfw',
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
  };
  // Messages reach logs and readers.
  const shown = withoutCredentials(url);
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]);
    const response = await fetch(url, { headers, signal: limit });
    if (response.status === 304) return { changed: false };
    if (!response.ok) throw unreadable(`${shown} answers ${response.status} ${response.statusText}`.trim());
    const bytes = await collected(response);
    const validators: Record<string, string> = {};
    const newTag = response.headers.get('etag');
    const newDate = response.headers.get('last-modified');
    if (newTag !== null) validators.etag = newTag;
    if (newDate !== null) validators.lastModified = newDate;
    return { changed: true, text: unpack(bytes), validators };
  } catch (error) {
    if (error instanceof NetxfwError) throw error;
    const { message, cause } = error as Error;
    throw unreadable(`${shown}: ${cause instanceof Error ? cause.message : message}`, error);
  }
}

async function collected(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_PACKED) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Whatever it is called: what begins as gzip or zstd is that. */
export function unpack(bytes: Buffer, limit = MAX_UNPACKED): string {
  try {
    if (bytes.readUInt16BE(0) === 0x1f8b) return textOf(gunzipSync(bytes, { maxOutputLength: limit }));
    if (bytes.readUInt32BE(0) === 0x28b52ffd) return textOf(unzstd(bytes, limit));
  } catch (error) {
    if (error instanceof RangeError && bytes.length < 4) return textOf(bytes);
    if (error instanceof NetxfwError) throw error;
    throw unreadable(`it cannot be unpacked: ${(error as Error).message}`, error);
  }
  return textOf(bytes);
}

function unzstd(bytes: Buffer, limit: number): Buffer {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const decompress = new Decompress((chunk) => {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  });
  const step = 64 * 1024;
  for (let at = 0; at < bytes.length; at += step) {
    decompress.push(bytes.subarray(at, at + step), at + step >= bytes.length);
  }
  return Buffer.concat(chunks);
}

function textOf(bytes: Buffer): string {
  if (bytes.length > MAX_UNPACKED) throw tooLarge();
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

function tooLarge(): NetxfwError {
  return new NetxfwError('PAYLOAD_TOO_LARGE', 'the list is too large', { hint: 'Use a smaller list.' });
}

function unreadable(message: string, cause?: unknown): NetxfwError {
  return new NetxfwError('FILE_UNREADABLE', message, { hint: 'The last good copy stays in force.', cause });
}
