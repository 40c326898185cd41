import { createHash } from 'node:crypto';
import { NetxfwError } from '../model/errors.ts';
import { PrefixList } from '../model/prefix-list.ts';
import { parsePrefix } from '../model/prefixes.ts';
import { Address4Scanner } from './address-bytes.ts';
import { replaceFile } from './atomic-file.ts';
import { damaged } from './damage.ts';
import type { Files } from './files.ts';
import { readPolicy } from './policy-json.ts';
import { stateOfDocument } from './rule-document.ts';
import { encodeDocument, FORMAT, metaOf, VERSION } from './rules-document.ts';
import type { Lists, StoredState } from './store.ts';

/** What rules.json held. */
export interface Snapshot extends StoredState {
  /** Counts snapshots; the journal that continues this one carries the same number. */
  readonly generation: number;
  readonly bytes: number;
  /** Written by hand: to be replaced by a file with a checksum soon. */
  readonly edited: boolean;
}

/** Stands in the checksum's place while the checksum is computed, and while the file is written. */
const NO_CHECKSUM = '0'.repeat(64);
/** What a person writes there after a change by hand. */
const EDITED = 'edited';

const HEAD =
  /^\{"format":"netxfw-rules","version":(\d+),"generation":(\d+),"saved":"[^"]*","sha256":"([0-9a-f]{64})",\n"groups":\[\n/;
const HEAD_BYTES = 512;

const HAND_EDIT =
  `If it was changed by hand on purpose, set its "sha256" to "${EDITED}" and try again. ` +
  'To start without these rules, move the file and its journal away.';

/** Writes rules.json as a whole. When it throws, the file is as it was. */
export function writeSnapshot(files: Files, path: string, state: StoredState, generation: number, now: number): number {
  const before = `"format":"${FORMAT}","version":${VERSION},"generation":${generation},"saved":"${new Date(now).toISOString()}","sha256":"`;
  const hash = createHash('sha256');
  let size = 0;
  replaceFile(
    files,
    path,
    (write) => {
      for (const chunk of encodeDocument(`${before}${NO_CHECKSUM}"`, state.lists, state.policy)) {
        hash.update(chunk);
        write(chunk, size);
        size += chunk.length;
      }
      // The brace that opens the document precedes the head.
      write(Buffer.from(hash.digest('hex')), before.length + 1);
    },
    { mode: 0o600, keepOldAs: `${path}.previous` },
  );
  return size;
}

/**
 * Reads rules.json.
 * @returns null when there is no file
 * @throws NetxfwError STORE_DAMAGED
 */
export function readSnapshot(files: Files, path: string): Snapshot | null {
  const bytes = files.read(path);
  if (bytes === null) return null;
  const head = HEAD.exec(bytes.toString('latin1', 0, HEAD_BYTES));
  if (head === null) return readEdited(files, path, bytes);
  const [text, version, generation, checksum] = head as unknown as [string, string, string, string];
  const at = text.indexOf(checksum);
  const hash = createHash('sha256')
    .update(bytes.subarray(0, at))
    .update(NO_CHECKSUM)
    .update(bytes.subarray(at + 64));
  if (hash.digest('hex') !== checksum) {
    throw damaged(files, path, bytes, 'its checksum does not match its content', HAND_EDIT);
  }
  try {
    const state = Number(version) === VERSION ? readFast(bytes, text.length) : null;
    return {
      ...(state ?? stateOfDocument(JSON.parse(bytes.toString('utf8')))),
      generation: Number(generation),
      bytes: bytes.length,
      edited: state === null,
    };
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** A file without a checksum is taken only when its writer says so. */
function readEdited(files: Files, path: string, bytes: Buffer): Snapshot {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw damaged(files, path, bytes, `it is not JSON: ${NetxfwError.from(error).message}`, HAND_EDIT);
  }
  const document = typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  if (document.sha256 !== EDITED)
    throw damaged(files, path, bytes, 'its checksum does not match its content', HAND_EDIT);
  const { generation } = document;
  if (typeof generation !== 'number' || !Number.isSafeInteger(generation) || generation < 0) {
    throw damaged(files, path, bytes, '"generation" must be a whole number', HAND_EDIT);
  }
  try {
    return { ...stateOfDocument(parsed), generation, bytes: bytes.length, edited: true };
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Whole, but not to be understood: nothing is lost, so no copy is made. */
function unreadable(path: string, error: unknown): NetxfwError {
  return new NetxfwError('STORE_DAMAGED', `${path} cannot be read: ${NetxfwError.from(error).message}`, {
    hint: 'Correct the file, or use the version of netxfw that wrote it.',
    details: { file: path },
    cause: error,
  });
}

const LF = 0x0a;
const QUOTE = 0x22;

/**
 * Reads the groups line by line, as this version writes them; JSON.parse would make an object of every entry.
 * @returns null when the layout is another one
 */
function readFast(bytes: Buffer, start: number): StoredState | null {
  const lists: { allow: Lists['allow'][number][]; deny: Lists['deny'][number][] } = { allow: [], deny: [] };
  const scanner = new Address4Scanner();
  let at = start;
  while (bytes[at] === 0x7b) {
    const end = bytes.indexOf(LF, at);
    const head = bytes.toString('utf8', at, end);
    if (end < 0 || !head.endsWith('"entries":[')) return null;
    const { list, ...meta } = JSON.parse(`${head}]}`) as Record<string, unknown>;
    if (list !== 'allow' && list !== 'deny') return null;
    const prefixes = new PrefixList();
    at = end + 1;
    while (bytes[at] === QUOTE) {
      if (scanner.scan(bytes, at + 1) && bytes[scanner.at] === QUOTE) {
        prefixes.push4(scanner.address, scanner.length);
        at = scanner.at + 1;
      } else {
        const close = bytes.indexOf(QUOTE, at + 1);
        prefixes.push(parsePrefix(bytes.toString('latin1', at + 1, close)).prefix);
        at = close + 1;
      }
      if (bytes[at] === 0x2c) at++;
      if (bytes[at++] !== LF) return null;
    }
    lists[list].push({ prefixes, meta: metaOf(meta) });
    if (bytes[at] !== 0x5d || bytes[at + 1] !== 0x7d) return null;
    at += 2;
    if (bytes[at] === 0x2c) at++;
    if (bytes[at++] !== LF) return null;
  }
  const rest = bytes.toString('utf8', at);
  if (!rest.startsWith('],\n"') || !rest.endsWith(']}\n')) return null;
  return { lists, policy: readPolicy(JSON.parse(`{${rest.slice(2)}`)) };
}
