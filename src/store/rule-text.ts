import { NetxfwError } from '../model/errors.ts';
import { PrefixList } from '../model/prefix-list.ts';
import { formatPrefix, maskWord, parsePrefix, prefix4 } from '../model/prefixes.ts';
import { type InvalidLine, MAX_LISTED_LINES } from '../model/rules.ts';
import { Address4Scanner } from './address-bytes.ts';

/** What an import file holds. Prefixes are in the file's order within a family, duplicates included. */
export interface ParsedText {
  readonly prefixes: PrefixList;
  readonly invalid: number;
  /** The first MAX_LISTED_LINES of them. */
  readonly invalidLines: readonly InvalidLine[];
  /** Networks that had host bits, and the first of them as `10.1.2.3/8 -> 10.0.0.0/8`. */
  readonly masked: number;
  readonly firstMasked: string | null;
}

const LF = 0x0a;
const HASH = 0x23;
const SEMICOLON = 0x3b;
const MAX_SHOWN = 80;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a file may hold them, a terminal must not get them
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f]/g;

/**
 * Reads a list of addresses and networks, one a line. `#` and `;` begin comments; further columns after white space are
 * ignored; CRLF, blank lines and a byte order mark are accepted; IPv4 and IPv6 may be mixed.
 */
export function parseRuleText(bytes: Uint8Array): ParsedText {
  return new TextReader(bytes).read();
}

class TextReader {
  readonly #bytes: Uint8Array;
  readonly #prefixes: PrefixList;
  readonly #invalidLines: InvalidLine[] = [];
  #invalid = 0;
  #masked = 0;
  #firstMasked: string | null = null;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    // 14 bytes is a usual line; growing covers the rest.
    this.#prefixes = new PrefixList(Math.ceil(bytes.length / 14) + 1);
  }

  read(): ParsedText {
    const bytes = this.#bytes;
    const end = bytes.length;
    const scanner = new Address4Scanner();
    const prefixes = this.#prefixes;
    let line = 1;
    let i = end >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    while (i < end) {
      if (scanner.scan(bytes, i) && endsColumn(bytes[scanner.at])) {
        const address = maskWord(scanner.address, scanner.length);
        if (address !== scanner.address) this.#countMasked(scanner.address, scanner.length);
        prefixes.push4(address, scanner.length);
        i = scanner.at;
        if (bytes[i] === LF) {
          i++;
          line++;
          continue;
        }
      } else i = this.#readColumn(i, line);
      while (i < end && bytes[i] !== LF) i++;
      i++;
      line++;
    }
    return {
      prefixes,
      invalid: this.#invalid,
      invalidLines: this.#invalidLines,
      masked: this.#masked,
      firstMasked: this.#firstMasked,
    };
  }

  /** Reads the first column of a line by the general parser and returns where it ends. */
  #readColumn(from: number, line: number): number {
    const bytes = this.#bytes;
    let start = from;
    while (isBlank(bytes[start])) start++;
    let end = start;
    while (!endsColumn(bytes[end])) end++;
    if (end === start) return end;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
    try {
      const { prefix, masked } = parsePrefix(text);
      this.#prefixes.push(prefix);
      if (masked) {
        this.#masked++;
        this.#firstMasked ??= `${text} -> ${formatPrefix(prefix)}`;
      }
    } catch (error) {
      this.#invalid++;
      if (this.#invalidLines.length < MAX_LISTED_LINES) {
        const shown = printable(text);
        const cause = NetxfwError.from(error);
        this.#invalidLines.push({ line, text: shown, message: cause.message.replace(text, () => shown) });
      }
    }
    return end;
  }

  #countMasked(address: number, length: number): void {
    this.#masked++;
    this.#firstMasked ??= `${formatPrefix(prefix4(address))}/${length} -> ${formatPrefix(prefix4(address, length))}`;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

function endsColumn(byte: number | undefined): boolean {
  return byte === undefined || byte === LF || byte === HASH || byte === SEMICOLON || isBlank(byte);
}

function printable(text: string): string {
  const clean = text.replace(UNPRINTABLE, '?');
  return clean.length > MAX_SHOWN ? `${clean.slice(0, MAX_SHOWN)}...` : clean;
}
