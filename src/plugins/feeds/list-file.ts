import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PrefixTable } from '../../model/prefix-table.ts';
import { formatAddress4, formatPrefix } from '../../model/prefixes.ts';

/** Prefixes as text, one a line: what the firewall takes, and what is kept on disk. */
export function encodeList(...tables: readonly PrefixTable[]): Buffer {
  const lines: string[] = [];
  for (const rows of tables) {
    for (let row = 0; row < rows.size; row++) {
      const host4 = rows.family === 4 && rows.lengths[row] === 32;
      lines.push(host4 ? formatAddress4(rows.words[row]!) : formatPrefix(rows.at(row)));
    }
  }
  return Buffer.from(lines.length === 0 ? '' : `${lines.join('\n')}\n`);
}

/** Stands before the entries, so that half of a list or another one is never taken for it. */
const HEAD = /^# sha256 ([0-9a-f]{64})\n/;
const HEAD_BYTES = '# sha256 \n'.length + 64;

export interface ListFile {
  /** The last good copy; null when there is none. */
  readonly copy: Buffer | null;
  /** Why a file that is there cannot be used; null when it can. */
  readonly damage: string | null;
}

/** Reads the last good copy. A damaged one is put aside. */
export function readListFile(path: string): ListFile {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { copy: null, damage: null };
    throw error;
  }
  const copy = bytes.subarray(HEAD_BYTES);
  if (HEAD.exec(bytes.toString('latin1', 0, HEAD_BYTES))?.[1] === digest(copy)) return { copy, damage: null };
  const aside = `${path}.damaged-${digest(bytes).slice(0, 12)}`;
  renameSync(path, aside);
  return { copy: null, damage: `${path} was damaged and is now ${aside}` };
}

/** Replaces the copy as a whole. */
export function writeListFile(path: string, entries: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const bytes = Buffer.concat([Buffer.from(`# sha256 ${digest(entries)}\n`), entries]);
  const temporary = `${path}.tmp`;
  const fd = openSync(temporary, 'w', 0o600);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, path);
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function removeListFile(path: string): void {
  rmSync(path, { force: true });
}
