import fs from 'node:fs';
import { dirname } from 'node:path';

/** The system calls that the store makes, so that tests can make any of them fail. All are synchronous and throw. */
export interface Files {
  /** Creates the file, or empties it. */
  create(path: string, mode: number): number;
  /** Opens an existing file for writing. */
  open(path: string): number;
  /** May write less than was given. @returns bytes written */
  write(fd: number, bytes: Uint8Array, offset: number, position: number): number;
  truncate(fd: number, length: number): void;
  fsync(fd: number): void;
  close(fd: number): void;
  rename(from: string, to: string): void;
  /** A second name for the same file. */
  link(from: string, to: string): void;
  remove(path: string): void;
  /** Makes names in a directory durable. */
  fsyncDirectory(path: string): void;
  /** With its parents; nothing when it is there. */
  makeDirectory(path: string, mode: number): void;
  /** The whole file, or null when there is none. */
  read(path: string): Buffer | null;
  /** Permission bits, or null when there is no such file. */
  mode(path: string): number | null;
}

export const nodeFiles: Files = {
  create: (path, mode) => fs.openSync(path, 'w', mode),
  open: (path) => fs.openSync(path, 'r+'),
  write: (fd, bytes, offset, position) => fs.writeSync(fd, bytes, offset, bytes.length - offset, position),
  truncate: (fd, length) => fs.ftruncateSync(fd, length),
  fsync: (fd) => fs.fsyncSync(fd),
  close: (fd) => fs.closeSync(fd),
  rename: (from, to) => fs.renameSync(from, to),
  link: (from, to) => fs.linkSync(from, to),
  remove: (path) => fs.rmSync(path, { force: true }),
  fsyncDirectory: (path) => {
    const fd = fs.openSync(path, 'r');
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  },
  makeDirectory: (path, mode) => void fs.mkdirSync(path, { recursive: true, mode }),
  read: (path) => absentAsNull(() => fs.readFileSync(path)),
  mode: (path) => absentAsNull(() => fs.statSync(path).mode & 0o7777),
};

function absentAsNull<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** `ENOSPC`, `EIO`, ...; empty for an error that is none of the system's. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Writes all of the bytes. */
export function writeAll(files: Files, fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += files.write(fd, bytes, done, position + done);
}

export function directoryOf(path: string): string {
  return dirname(path);
}
