import { Buffer } from 'node:buffer';
import { LineCounter, parseDocument } from 'yaml';
import { LISTS } from '../model/entries.ts';
import { PrefixList } from '../model/prefix-list.ts';
import { parsePrefix } from '../model/prefixes.ts';
import { Address4Scanner } from './address-bytes.ts';
import { encodeRows } from './prefix-rows.ts';
import { FORMAT, headOf, type Sections, VERSION } from './rules-document.ts';
import type { Lists } from './store.ts';

/** The rules as YAML, the same document as JSON. Texts are quoted as in JSON, which YAML takes as they are. */
export function* encodeYaml(lists: Lists, sections: Sections): Generator<Buffer> {
  yield Buffer.from(`format: ${FORMAT}\nversion: ${VERSION}\ngroups:\n`);
  for (const list of LISTS) {
    for (const { prefixes, meta } of lists[list]) {
      if (prefixes.size === 0) continue;
      const head = Object.entries({ list, ...headOf(meta) }).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
      yield Buffer.from(`  - ${head.join('\n    ')}\n    entries:\n`);
      yield* encodeRows(prefixes, '      - "', '"\n');
    }
  }
  for (const [name, rows] of Object.entries(sections)) {
    if (rows.length === 0) continue;
    yield Buffer.from(`${name}:\n${rows.map((row) => `  - ${JSON.stringify(row)}\n`).join('')}`);
  }
}

/**
 * Reads the document. Long lists of entries, one a line, are read apart from the rest: a general parser needs seconds and
 * gigabytes for a million of them.
 * @returns the document as JSON would hold it, with a PrefixList for the entries that were read apart
 * @throws Error saying what is wrong, and in which line
 */
export function parseYamlDocument(bytes: Uint8Array): unknown {
  const { rest, lines, lists } = takeEntries(bytes);
  const document = parseRest(rest, lines);
  if (typeof document !== 'object' || document === null) return document;
  const { groups } = document as { groups?: unknown };
  if (!Array.isArray(groups)) return groups === null ? { ...document, groups: [] } : document;
  const whole = groups.map((group: unknown) => {
    if (typeof group !== 'object' || group === null) return group;
    const { entries } = group as { entries?: unknown };
    const apart = typeof entries === 'string' ? MARK.exec(entries) : null;
    return apart === null ? group : { ...group, entries: lists[Number(apart[1])] };
  });
  return { ...document, groups: whole };
}

/** @param lines where each line of the text stood before */
function parseRest(text: string, lines: readonly number[]): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [error] = document.errors;
  if (error === undefined) return document.toJS() as unknown;
  const line = lineCounter.linePos(error.pos[0]).line;
  throw new Error(`line ${lines[line - 1] ?? line}: ${error.message.replace(/\s+/g, ' ')}`);
}

const MARK = /^entries of list (\d+)$/;
const HEAD = /^(?:[ \t]+|[ \t]*- +)entries:[ \t]*\r?$/;
const LF = 0x0a;
const SPACE = 0x20;
const DASH = 0x2d;
const QUOTE = 0x22;

interface Taken {
  /** The text with each block of entries replaced by a mark. */
  readonly rest: string;
  /** Where each of its lines stood. */
  readonly lines: readonly number[];
  /** What the blocks hold. */
  readonly lists: readonly PrefixList[];
}

function takeEntries(bytes: Uint8Array): Taken {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const lists: PrefixList[] = [];
  const kept: string[] = [];
  const lines: number[] = [];
  let line = 1;
  for (let at = 0; at < whole.length; ) {
    const end = lineEnd(whole, at);
    const text = whole.toString('utf8', at, end);
    at = end + 1;
    lines.push(line++);
    if (!HEAD.test(text)) {
      kept.push(text);
      continue;
    }
    const block = new EntryBlock(whole, at, line).read();
    kept.push(block.prefixes.size === 0 ? text : `${text.trimEnd()} entries of list ${lists.push(block.prefixes) - 1}`);
    at = block.at;
    line = block.line;
  }
  return { rest: kept.join('\n'), lines, lists };
}

function lineEnd(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(LF, from);
  return at < 0 ? bytes.length : at;
}

/** Lines `- ADDRESS`, quoted or not, as far as they go. */
class EntryBlock {
  readonly prefixes = new PrefixList();
  at: number;
  line: number;
  readonly #bytes: Buffer;
  readonly #scanner = new Address4Scanner();

  constructor(bytes: Buffer, at: number, line: number) {
    this.#bytes = bytes;
    this.at = at;
    this.line = line;
  }

  read(): this {
    while (this.at < this.#bytes.length && this.#readLine()) this.line++;
    return this;
  }

  #readLine(): boolean {
    const bytes = this.#bytes;
    let i = this.at;
    while (bytes[i] === SPACE) i++;
    if (bytes[i] !== DASH || bytes[i + 1] !== SPACE) return false;
    i += 2;
    while (bytes[i] === SPACE) i++;
    const quoted = bytes[i] === QUOTE;
    if (quoted) i++;
    const scanner = this.#scanner;
    if (scanner.scan(bytes, i)) {
      const after = quoted && bytes[scanner.at] === QUOTE ? scanner.at + 1 : scanner.at;
      if (bytes[after] === LF || after >= bytes.length) {
        // Host bits are for the general parser, which masks them.
        const exact = scanner.length === 32 || scanner.address % 2 ** (32 - scanner.length) === 0;
        if (exact) {
          this.prefixes.push4(scanner.address, scanner.length);
          this.at = after + 1;
          return true;
        }
      }
    }
    return this.#readSlowly(i);
  }

  #readSlowly(from: number): boolean {
    const end = lineEnd(this.#bytes, from);
    const text = this.#bytes.toString('utf8', from, end).trimEnd();
    const value = /^([^"'#]*?)["']?\s*(?:\s#.*)?$/.exec(text.replace(/^'/, ''))?.[1] ?? text;
    // `- list: deny` begins the next group.
    if (/^[a-z_]+:(\s|$)/.test(value)) return false;
    try {
      this.prefixes.push(parsePrefix(value.trim()).prefix);
    } catch (error) {
      throw new Error(`line ${this.line}: ${(error as Error).message}`);
    }
    this.at = end + 1;
    return true;
  }
}
