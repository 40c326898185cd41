import { Buffer } from 'node:buffer';
import { type EntryGroup, type EntryMeta, LISTS, type ListName } from '../model/entries.ts';
import { NetxfwError } from '../model/errors.ts';
import { PrefixList } from '../model/prefix-list.ts';
import { formatPrefix, maskWord, parsePrefix } from '../model/prefixes.ts';
import { type InvalidLine, MAX_LISTED_LINES } from '../model/rules.ts';
import { Address4Scanner } from './address-bytes.ts';
import { csvFields, csvRow } from './csv.ts';
import { encodeRows } from './prefix-rows.ts';
import { headOf, metaOf, type Sections } from './rules-document.ts';
import type { Lists } from './store.ts';

/** Columns of an export. An import needs only `prefix`, and takes them in any order. */
const COLUMNS = ['type', 'prefix', 'reason', 'created', 'expires', 'source', 'ports', 'rate', 'burst'] as const;
type Column = (typeof COLUMNS)[number];
type Row = Readonly<Partial<Record<Column, string>>>;

/** Types of rows besides the lists, by the sections of a document. */
const LIMIT = 'limit';
const PORT = 'port';
const PORT_RULE = { allow: 'port-allow', deny: 'port-deny' } as const;

/** The rules as a table, one entry a row, with a heading. */
export function* encodeCsv(lists: Lists, sections: Sections): Generator<Buffer> {
  yield Buffer.from(`${COLUMNS.join(',')}\n`);
  for (const list of LISTS) {
    for (const { prefixes, meta } of lists[list]) {
      const { reason, created, expires, source } = headOf(meta);
      yield* encodeRows(prefixes, `${list},`, `,${csvRow([reason, created, expires ?? '', source, '', '', ''])}\n`);
    }
  }
  const rows = Object.entries(sections).flatMap(([name, records]) => records.map((record) => rowOf(name, record)));
  if (rows.length > 0) yield Buffer.from(rows.join(''));
}

function rowOf(section: string, record: Readonly<Record<string, unknown>>): string {
  const { action, ...fields } = record;
  const type = section === 'limits' ? LIMIT : section === 'ports' ? PORT : PORT_RULE[action as ListName];
  const row: Record<string, unknown> = { ...fields, type };
  return `${csvRow(COLUMNS.map((column) => String(row[column] ?? '')))}\n`;
}

/** What a table of rules holds. */
export interface ParsedCsv {
  readonly lists: Readonly<Record<ListName, readonly EntryGroup[]>>;
  readonly sections: Sections;
  readonly invalid: number;
  readonly invalidLines: readonly InvalidLine[];
  readonly masked: number;
  readonly firstMasked: string | null;
}

interface Defaults {
  /** The list of rows without a type. */
  readonly list: ListName | undefined;
  /** Of rows that do not say. */
  readonly meta: EntryMeta;
}

/** @throws NetxfwError INVALID_INPUT when the first line names no column `prefix` */
export function parseRuleCsv(data: Uint8Array, name: string, defaults: Defaults): ParsedCsv {
  return new CsvReader(data, name, defaults).read();
}

/** True for text whose first line names the columns of such a table. */
export function looksLikeCsv(data: Uint8Array): boolean {
  const first = Buffer.from(data.buffer, data.byteOffset, Math.min(data.length, 256)).toString('utf8');
  const heading = first.replace(/^\ufeff/, '').split(/\r?\n/, 1)[0]!;
  return /^"?\w+"?(,"?\w+"?)*$/.test(heading) && columnsOf(heading).includes('prefix');
}

/** None of a line that is no row of a table. */
function columnsOf(heading: string): string[] {
  try {
    return csvFields(heading).map((field) => field.trim().toLowerCase());
  } catch {
    return [];
  }
}

const LF = 0x0a;
const COMMA = 0x2c;
const QUOTE = 0x22;

class CsvReader {
  readonly #bytes: Buffer;
  readonly #name: string;
  readonly #defaults: Defaults;
  readonly #groups = new Map<string, { readonly list: ListName; readonly group: EntryGroup }>();
  readonly #sections: Record<string, Record<string, unknown>[]> = { limits: [], ports: [], ip_port_rules: [] };
  readonly #invalidLines: InvalidLine[] = [];
  readonly #scanner = new Address4Scanner();
  #invalid = 0;
  #masked = 0;
  #firstMasked: string | null = null;
  #columns: readonly string[] = [];
  /** What stood before and after the prefix in the last row, and where such rows go: most rows repeat it. */
  #last: { readonly before: Buffer; readonly after: Buffer; readonly prefixes: PrefixList } | undefined;

  constructor(data: Uint8Array, name: string, defaults: Defaults) {
    this.#bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
    this.#name = name;
    this.#defaults = defaults;
  }

  read(): ParsedCsv {
    const bytes = this.#bytes;
    let at = this.#readHeading();
    for (let line = 2; at < bytes.length; line++) {
      const end = lineEnd(bytes, at);
      if (!this.#repeatsLast(at, end)) this.#readRow(at, end, line);
      at = end + 1;
    }
    const lists: Record<ListName, EntryGroup[]> = { allow: [], deny: [] };
    for (const { list, group } of this.#groups.values()) lists[list].push(group);
    return {
      lists,
      sections: this.#sections,
      invalid: this.#invalid,
      invalidLines: this.#invalidLines,
      masked: this.#masked,
      firstMasked: this.#firstMasked,
    };
  }

  #readHeading(): number {
    const end = lineEnd(this.#bytes, 0);
    this.#columns = columnsOf(this.#bytes.toString('utf8', 0, end).replace(/^\ufeff/, ''));
    if (this.#columns.includes('prefix')) return end + 1;
    throw new NetxfwError('INVALID_INPUT', `${this.#name}:1: there is no column "prefix"`, {
      hint: `The first line names the columns: ${COLUMNS.join(',')}; only prefix must be there.`,
    });
  }

  /** The usual row: an IPv4 prefix between the very bytes of the row before. */
  #repeatsLast(from: number, end: number): boolean {
    if (this.#last === undefined) return false;
    const { before, after, prefixes } = this.#last;
    const bytes = this.#bytes;
    const start = from + before.length;
    if (start > end || bytes.compare(before, 0, before.length, from, start) !== 0) return false;
    if (!this.#scanner.scan(bytes, start)) return false;
    const { at, address, length } = this.#scanner;
    if (end - at !== after.length || bytes.compare(after, 0, after.length, at, end) !== 0) return false;
    if (maskWord(address, length) !== address) return false;
    prefixes.push4(address, length);
    return true;
  }

  #readRow(from: number, end: number, line: number): void {
    const text = this.#bytes.toString('utf8', from, end).replace(/\r$/, '');
    if (text.trim() === '') return;
    try {
      const fields = csvFields(text);
      const row: Row = Object.fromEntries(this.#columns.map((column, i) => [column, (fields[i] ?? '').trim()]));
      if (this.#readPolicy(row)) return;
      const prefixes = this.#groupOf(row);
      this.#pushPrefix(prefixes, row.prefix ?? '');
      this.#remember(from, end, fields, prefixes);
    } catch (error) {
      this.#invalid++;
      if (this.#invalidLines.length < MAX_LISTED_LINES) {
        this.#invalidLines.push({ line, text: text.slice(0, 80), message: NetxfwError.from(error).message });
      }
    }
  }

  /** Only rows whose prefix stands as it is can be recognised by their bytes. */
  #remember(from: number, end: number, fields: readonly string[], prefixes: PrefixList): void {
    const column = this.#columns.indexOf('prefix');
    const lead = fields.slice(0, column).reduce((sum, field) => sum + field.length + 1, 0);
    const start = from + lead;
    const plain = !this.#bytes.subarray(from, start).includes(QUOTE) && this.#scanner.scan(this.#bytes, start);
    const ends = plain && (this.#scanner.at === end || this.#bytes[this.#scanner.at] === COMMA);
    if (!ends) return;
    const bytes = this.#bytes;
    this.#last = { before: bytes.subarray(from, start), after: bytes.subarray(this.#scanner.at, end), prefixes };
  }

  #groupOf(row: Row): PrefixList {
    const { meta } = this.#defaults;
    const list = this.#listOf(row.type);
    const { reason = meta.reason, source, created, expires } = row;
    const key = [list, reason, source, created, expires].join('\u0000');
    let known = this.#groups.get(key);
    if (known === undefined) {
      const head = {
        reason,
        source: source || meta.source,
        created: created || new Date(meta.createdAt).toISOString(),
        expires: expires || (meta.expiresAt === null ? null : new Date(meta.expiresAt).toISOString()),
      };
      known = { list, group: { prefixes: new PrefixList(), meta: metaOf(head) } };
      this.#groups.set(key, known);
    }
    return known.group.prefixes;
  }

  #listOf(type = ''): ListName {
    const { list } = this.#defaults;
    if (type === '' && list !== undefined) return list;
    const named = LISTS.find((one) => one === type);
    if (named !== undefined) return named;
    const known = [...LISTS, LIMIT, PORT, ...Object.values(PORT_RULE)].join(', ');
    throw new Error(type === '' ? 'the type is missing' : `"${type}" is not a type: ${known}`);
  }

  #readPolicy({ type, prefix, ports, rate, burst, reason = '', created }: Row): boolean {
    const when = { created: created || new Date(this.#defaults.meta.createdAt).toISOString() };
    if (type === LIMIT) this.#sections.limits!.push({ prefix, rate: Number(rate), burst: Number(burst), ...when });
    else if (type === PORT) this.#sections.ports!.push({ ports, ...when });
    else if (type === PORT_RULE.allow || type === PORT_RULE.deny) {
      const action = type === PORT_RULE.allow ? 'allow' : 'deny';
      this.#sections.ip_port_rules!.push({ prefix, ports, action, reason, ...when });
    } else return false;
    return true;
  }

  #pushPrefix(prefixes: PrefixList, text: string): void {
    const { prefix, masked } = parsePrefix(text);
    prefixes.push(prefix);
    if (!masked) return;
    this.#masked++;
    this.#firstMasked ??= `${text} -> ${formatPrefix(prefix)}`;
  }
}

function lineEnd(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(LF, from);
  return at < 0 ? bytes.length : at;
}
