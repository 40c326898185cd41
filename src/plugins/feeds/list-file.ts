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

/** The last good copy, or null when there is none. */
export function readListFile(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Replaces the copy as a whole. */
export function writeListFile(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
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

export function removeListFile(path: string): void {
  rmSync(path, { force: true });
}
