import { createHash } from 'node:crypto';
import { type EntryGroup, LISTS, type ListName } from '../model/entries.ts';
import type { PrefixList } from '../model/prefix-list.ts';
import { formatPrefix } from '../model/prefixes.ts';
import { headOf, metaOf, prefixesOf } from './rules-document.ts';
import type { StoredChange } from './store.ts';

/**
 * rules.journal: text, one record a line, `LENGTH CHECKSUM JSON`. Each checksum covers the one before it, so that a record
 * cannot be missing or stand in another journal; the first record names the snapshot that the journal continues.
 */
const VERSION = 1;
const FORMAT = 'netxfw-journal';
const CHECKSUM_DIGITS = 16;
const LF = 0x0a;

export interface Record {
  readonly line: Buffer;
  /** What the next record builds on. */
  readonly checksum: string;
}

function encode(json: string, previous: string): Record {
  const checksum = checksumOf(json, previous);
  return { line: Buffer.from(`${Buffer.byteLength(json)} ${checksum} ${json}\n`), checksum };
}

function checksumOf(json: string | Uint8Array, previous: string): string {
  return createHash('sha256').update(previous).update(json).digest('hex').slice(0, CHECKSUM_DIGITS);
}

/** The first record of a journal. */
export function encodeHeader(generation: number): Record {
  return encode(JSON.stringify({ format: FORMAT, version: VERSION, generation }), '');
}

/** @param sequence counted from 1 within a journal */
export function encodeChanges(sequence: number, changes: readonly StoredChange[], previous: string): Record {
  const written = changes.map(({ list, put, remove }) => ({
    list,
    remove: textsOf(remove),
    put: put.map(({ prefixes, meta }) => ({ ...headOf(meta), entries: textsOf(prefixes) })),
  }));
  return encode(JSON.stringify({ seq: sequence, changes: written }), previous);
}

function textsOf(prefixes: PrefixList): string[] {
  return Array.from(prefixes, formatPrefix);
}

/** What a journal held. */
export interface DecodedJournal {
  readonly generation: number;
  readonly changes: readonly (readonly StoredChange[])[];
  /** Bytes up to the end of the last whole record. */
  readonly length: number;
  readonly checksum: string;
  /** A record after them was cut off while it was written, so it was never acknowledged. */
  readonly torn: boolean;
}

/**
 * @param since a journal of an older generation no longer counts, so its changes are not read
 * @throws Error saying where the damage is
 */
export function decodeJournal(bytes: Buffer, since = 0): DecodedJournal {
  const header = readRecord(bytes, 0, '');
  if (header === null) throw new Error('its first record is broken');
  const { format, version, generation } = header.value;
  if (format !== FORMAT || typeof generation !== 'number') throw new Error(`it is not a ${FORMAT}`);
  if (version !== VERSION) throw new Error(`version ${version} was written by another netxfw`);
  const changes: StoredChange[][] = [];
  let { end, checksum } = header;
  if (generation < since) return { generation, changes, length: end, checksum, torn: false };
  while (end < bytes.length) {
    const record = readRecord(bytes, end, checksum);
    if (record === null) {
      if (!isTorn(bytes, end)) throw new Error(`record ${changes.length + 1}, at byte ${end}, is broken`);
      return { generation, changes, length: end, checksum, torn: true };
    }
    if (record.value.seq !== changes.length + 1) throw new Error(`record ${changes.length + 1} is missing`);
    changes.push(changesOf(record.value.changes));
    ({ end, checksum } = record);
  }
  return { generation, changes, length: end, checksum, torn: false };
}

interface Decoded {
  readonly value: { readonly [key: string]: unknown };
  readonly checksum: string;
  readonly end: number;
}

/** The record at a position, or null when it is not whole. */
function readRecord(bytes: Buffer, from: number, previous: string): Decoded | null {
  const head = /^(\d{1,10}) ([0-9a-f]{16}) /.exec(bytes.toString('latin1', from, from + 32));
  if (head === null) return null;
  const start = from + head[0].length;
  const end = start + Number(head[1]);
  if (bytes[end] !== LF) return null;
  const json = bytes.subarray(start, end);
  const checksum = checksumOf(json, previous);
  if (checksum !== head[2]) return null;
  return { value: JSON.parse(json.toString('utf8')) as Decoded['value'], checksum, end: end + 1 };
}

/**
 * A write that power failure interrupted leaves a beginning without its end of line, or blocks that are still zero. Whatever
 * else is broken was whole once.
 */
function isTorn(bytes: Buffer, from: number): boolean {
  const end = bytes.indexOf(LF, from);
  return end < 0 || (end === bytes.length - 1 && bytes.indexOf('\0\0', from) >= 0);
}

function changesOf(value: unknown): StoredChange[] {
  if (!Array.isArray(value)) throw new Error('a record holds no changes');
  return value.map((change: { list: unknown; remove: unknown; put: unknown }) => {
    if (!LISTS.includes(change.list as ListName)) throw new Error(`"${change.list}" is not a list`);
    return {
      list: change.list as ListName,
      remove: prefixesOf(change.remove as unknown[]),
      put: (change.put as { entries: unknown[] }[]).map(
        ({ entries, ...head }): EntryGroup => ({ prefixes: prefixesOf(entries), meta: metaOf(head) }),
      ),
    };
  });
}
