import { type EntryGroup, type EntryMeta, LISTS, type ListName } from '../model/entries.ts';
import type { PolicyRecords } from '../model/policy-records.ts';
import { PrefixList } from '../model/prefix-list.ts';
import { parsePrefix } from '../model/prefixes.ts';
import { MAX_PREFIX_BYTES, writePrefix4, writePrefix6 } from './address-bytes.ts';
import { encodePolicy } from './policy-json.ts';
import type { Lists } from './store.ts';

/** The `format` of every JSON file that holds rules: rules.json and JSON exports. */
export const FORMAT = 'netxfw-rules';
/** Version that this program writes; older ones are migrated when they are read. */
export const VERSION = 2;

/** Bytes that are handed on at once. */
const CHUNK = 256 * 1024;

/** The metadata of a group as it stands in files. Times are ISO 8601. */
export interface GroupHead {
  readonly reason: string;
  readonly created: string;
  readonly expires: string | null;
  readonly source: string;
  /** Who else wants these entries. */
  readonly also?: readonly GroupHead[];
}

/** A group as it stands in a document. */
export interface DocumentGroup extends GroupHead {
  readonly list: ListName;
  readonly entries: readonly string[];
}

/** Limits, open ports and ip+port rules as they stand in a document: by the section's name. */
export type Sections = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

export function headOf(meta: EntryMeta): GroupHead {
  return {
    reason: meta.reason,
    created: new Date(meta.createdAt).toISOString(),
    expires: meta.expiresAt === null ? null : new Date(meta.expiresAt).toISOString(),
    source: meta.source,
    ...(meta.also === undefined ? {} : { also: meta.also.map(headOf) }),
  };
}

/** @throws Error saying what is wrong with the metadata */
export function metaOf(head: Readonly<Record<string, unknown>>): EntryMeta {
  const { reason, created, expires, source, also } = head;
  if (typeof reason !== 'string') throw new Error('"reason" must be text');
  if (typeof source !== 'string' || source === '') throw new Error('"source" must be text');
  if (also !== undefined && !Array.isArray(also)) throw new Error('"also" must be a list');
  return {
    reason,
    source,
    createdAt: timeOf('created', created),
    expiresAt: expires === null ? null : timeOf('expires', expires),
    ...(also === undefined ? {} : { also: also.map(metaOf) }),
  };
}

function timeOf(name: string, value: unknown): number {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw new Error(`"${name}" must be an ISO 8601 time`);
  return time;
}

/** The entries of one group from a parsed document; those of other formats than JSON may be read already. @throws Error saying what is wrong */
export function groupOf(value: unknown): { readonly list: ListName; readonly group: EntryGroup } {
  if (typeof value !== 'object' || value === null) throw new Error('a group must be an object');
  const { list, entries, ...head } = value as Record<string, unknown>;
  if (!LISTS.includes(list as ListName)) throw new Error(`"list" must be ${LISTS.join(' or ')}`);
  const prefixes = entries instanceof PrefixList ? entries : undefined;
  if (prefixes === undefined && !Array.isArray(entries)) throw new Error('"entries" must be a list of addresses');
  return {
    list: list as ListName,
    group: { prefixes: prefixes ?? prefixesOf(entries as unknown[]), meta: metaOf(head) },
  };
}

/** @throws Error naming the first text that is no prefix */
export function prefixesOf(entries: readonly unknown[]): PrefixList {
  const prefixes = new PrefixList(entries.length);
  for (const entry of entries) {
    if (typeof entry !== 'string') throw new Error(`${JSON.stringify(entry)} is not an address`);
    prefixes.push(parsePrefix(entry).prefix);
  }
  return prefixes;
}

/**
 * Writes a document in chunks: `head` is the inside of its first line, the groups follow, one entry a line, and then, when
 * they are given, the sections of the policy. The chunks are the caller's to keep.
 */
export function* encodeDocument(head: string, lists: Lists, policy?: PolicyRecords): Generator<Buffer> {
  let buffer = Buffer.allocUnsafe(CHUNK);
  let at = 0;
  const text = (value: string) => {
    const bytes = Buffer.byteLength(value);
    if (at + bytes > buffer.length) {
      // What does not fit begins a fresh chunk, as large as it needs.
      const full = buffer.subarray(0, at);
      buffer = Buffer.allocUnsafe(Math.max(CHUNK, bytes));
      at = buffer.write(value, 0);
      return full;
    }
    at += buffer.write(value, at);
    return null;
  };
  const first = text(`{${head},\n"groups":[`);
  if (first !== null) yield first;
  let separator = '\n';
  for (const list of LISTS) {
    for (const { prefixes, meta } of lists[list]) {
      if (prefixes.size === 0) continue;
      const groupHead = JSON.stringify({ list, ...headOf(meta) });
      const full = text(`${separator}${groupHead.slice(0, -1)},"entries":[\n`);
      if (full !== null) yield full;
      separator = ',\n';
      const { addresses4, lengths4, words6, lengths6, count4, count6, size } = prefixes;
      for (let i = 0; i < size; i++) {
        if (buffer.length - at < MAX_PREFIX_BYTES + 4) {
          yield buffer.subarray(0, at);
          buffer = Buffer.allocUnsafe(CHUNK);
          at = 0;
        }
        buffer[at++] = 0x22;
        if (i < count4) at = writePrefix4(buffer, at, addresses4[i]!, lengths4[i]!);
        else {
          const w = (i - count4) * 4;
          const words = [words6[w]!, words6[w + 1]!, words6[w + 2]!, words6[w + 3]!] as const;
          at = writePrefix6(buffer, at, words, lengths6[i - count4]!);
        }
        buffer[at++] = 0x22;
        if (i < count4 + count6 - 1) buffer[at++] = 0x2c;
        buffer[at++] = 0x0a;
      }
      const after = text(']}');
      if (after !== null) yield after;
    }
  }
  for (const part of ['\n]', ...(policy === undefined ? [] : encodePolicy(policy)), '}\n']) {
    const full = text(part);
    if (full !== null) yield full;
  }
  yield buffer.subarray(0, at);
}
