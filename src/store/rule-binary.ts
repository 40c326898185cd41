import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { LISTS } from '../model/entries.ts';
import { PrefixList } from '../model/prefix-list.ts';
import { maskWord } from '../model/prefixes.ts';
import { FORMAT, headOf, type Sections, VERSION } from './rules-document.ts';
import type { Lists } from './store.ts';

/**
 * The rules in columns: 5 bytes an IPv4 prefix, 17 an IPv6 one. Little endian throughout:
 *
 *     magic (8)  length of the head (4)  head: a JSON document whose groups have counts instead of entries
 *     for each group: IPv4 addresses (4 each), their lengths (1 each), IPv6 words (16 each), their lengths (1 each)
 *     CRC-32 of all before (4)
 */
const MAGIC = Buffer.from('NXFWRUL1');
const OVERHEAD = MAGIC.length + 4 + 4;

/** True for bytes that begin like such a file. */
export function looksBinary(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

export function* encodeBinary(lists: Lists, sections: Sections): Generator<Buffer> {
  const groups = LISTS.flatMap((list) => lists[list].map((group) => ({ list, ...group }))).filter(
    ({ prefixes }) => prefixes.size > 0,
  );
  const heads = groups.map(({ list, meta, prefixes: { count4, count6 } }) => ({
    list,
    ...headOf(meta),
    count4,
    count6,
  }));
  const head = Buffer.from(JSON.stringify({ format: FORMAT, version: VERSION, groups: heads, ...sections }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  let sum = 0;
  for (const part of [MAGIC, length, head, ...groups.flatMap(({ prefixes }) => columnsOf(prefixes))]) {
    sum = crc32(part, sum);
    yield part;
  }
  const end = Buffer.alloc(4);
  end.writeUInt32LE(sum);
  yield end;
}

function columnsOf({ addresses4, lengths4, words6, lengths6, count4, count6 }: PrefixList): Buffer[] {
  return [
    wordsToBytes(addresses4.subarray(0, count4)),
    Buffer.from(lengths4.subarray(0, count4)),
    wordsToBytes(words6.subarray(0, 4 * count6)),
    Buffer.from(lengths6.subarray(0, count6)),
  ].filter(({ length }) => length > 0);
}

function wordsToBytes(words: Uint32Array): Buffer {
  const bytes = Buffer.allocUnsafe(words.length * 4);
  for (let i = 0; i < words.length; i++) bytes.writeUInt32LE(words[i]!, i * 4);
  return bytes;
}

/**
 * Reads the document.
 * @returns the document as JSON would hold it, with PrefixLists for the entries
 * @throws Error saying what is wrong
 */
export function parseBinaryDocument(data: Uint8Array): unknown {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  if (!looksBinary(bytes) || bytes.length < OVERHEAD) throw new Error('it does not begin like a binary export');
  const body = bytes.subarray(0, -4);
  if (crc32(body) !== bytes.readUInt32LE(bytes.length - 4)) throw new Error('it is damaged or cut off: wrong checksum');
  const start = MAGIC.length + 4;
  const at = start + bytes.readUInt32LE(MAGIC.length);
  const document = JSON.parse(body.toString('utf8', start, at)) as { groups: readonly unknown[] };
  if (!Array.isArray(document.groups)) throw new Error('"groups" must be a list');
  const columns = new Columns(body, at);
  const groups = document.groups.map((group) => ({ ...group, entries: columns.read(group) }));
  columns.end();
  return { ...document, groups };
}

class Columns {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  read({ count4, count6 }: { readonly count4?: unknown; readonly count6?: unknown }): PrefixList {
    if (!isCount(count4) || !isCount(count6)) throw new Error('a group without counts of its entries');
    const [words4, lengths4] = [this.#take(4 * count4), this.#take(count4)];
    const [words6, lengths6] = [this.#take(16 * count6), this.#take(count6)];
    const prefixes = new PrefixList(count4, count6);
    for (let i = 0; i < count4; i++) {
      const length = lengthOf(lengths4[i]!, 32);
      prefixes.push4(maskWord(words4.readUInt32LE(4 * i), length), length);
    }
    for (let i = 0; i < count6; i++) {
      const length = lengthOf(lengths6[i]!, 128);
      const word = (n: number) => maskWord(words6.readUInt32LE(16 * i + 4 * n), length - 32 * n);
      prefixes.push6(word(0), word(1), word(2), word(3), length);
    }
    return prefixes;
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw new Error('it holds more than its head says');
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Error('it holds less than its head says');
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffff_ffff;
}

function lengthOf(length: number, most: number): number {
  if (length > most) throw new Error(`a prefix length of ${length}`);
  return length;
}
