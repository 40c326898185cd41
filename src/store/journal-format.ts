import { createHash } from 'node:crypto';
import { type EntryGroup, LISTS, type ListName } from '../model/entries.ts';
import type { PrefixList } from '../model/prefix-list.ts';
import { formatPrefix } from '../model/prefixes.ts';
import { kindNamed, nameOf, readRecords, writeRecords } from './policy-json.ts';
import { headOf, metaOf, prefixesOf } from './rules-document.ts';
import { isListEdit, type PolicyEdit, type StoredChange } from './store.ts';

/**
 * rules.journal: text, one record a line, `LENGTH CHECKSUM JSON`. Each checksum covers the one before it, so that a record
 * cannot be missing or stand in another journal; the first record names the snapshot that the journal continues.
 */
const VERSION = 2;
/** Version 1 knew lists only. */
const READ = [1, 2];
const FORMAT = 'netxfw-journal';
const CHECKSUM_DIGITS = 16;
const LF = 0x0a;

type Json = { readonly [key: string]: unknown };

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
  return encode(JSON.stringify({ seq: sequence, changes: changesJson(changes) }), previous);
}

/** Changes as they stand in files. */
export function changesJson(changes: readonly StoredChange[]): object[] {
  return changes.map((change) => {
    if (!isListEdit(change)) {
      const { kind, put, remove } = change;
      return { kind: nameOf(kind), remove, put: writeRecords(kind, put as never) };
    }
    const { list, put, remove } = change;
    return {
      list,
      remove: textsOf(remove),
      put: put.map(({ prefixes, meta }) => ({ ...headOf(meta), entries: textsOf(prefixes) })),
    };
  });
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
  /** Of an older version: not to be continued. */
  readonly outdated: boolean;
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
  if (!READ.includes(version as number)) throw new Error(`version ${version} was written by another netxfw`);
  const changes: StoredChange[][] = [];
  let { end, checksum } = header;
  const outdated = version !== VERSION;
  if (generation < since) return { generation, changes, length: end, checksum, torn: false, outdated };
  while (end < bytes.length) {
    const record = readRecord(bytes, end, checksum);
    if (record === null) {
      if (!isTorn(bytes, end)) throw new Error(`record ${changes.length + 1}, at byte ${end}, is broken`);
      return { generation, changes, length: end, checksum, torn: true, outdated };
    }
    if (record.value.seq !== changes.length + 1) throw new Error(`record ${changes.length + 1} is missing`);
    changes.push(changesOf(record.value.changes));
    ({ end, checksum } = record);
  }
  return { generation, changes, length: end, checksum, torn: false, outdated };
}

interface Decoded {
  readonly value: Json;
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

/** @throws Error saying what is wrong */
export function changesOf(value: unknown): StoredChange[] {
  if (!Array.isArray(value)) throw new Error('a record holds no changes');
  return value.map((change: Json) => ('kind' in change ? policyEditOf(change) : listEditOf(change)));
}

function listEditOf({ list, remove, put }: Json): StoredChange {
  if (!LISTS.includes(list as ListName)) throw new Error(`"${list}" is not a list`);
  return {
    list: list as ListName,
    remove: prefixesOf(remove as unknown[]),
    put: (put as { entries: unknown[] }[]).map(
      ({ entries, ...head }): EntryGroup => ({ prefixes: prefixesOf(entries), meta: metaOf(head) }),
    ),
  };
}

function policyEditOf({ kind: name, remove, put }: Json): StoredChange {
  const kind = kindNamed(name);
  return { kind, remove: remove as string[], put: readRecords(kind, put) } as PolicyEdit;
}
