import { writeFileAtomically } from './atomic-file.ts';
import { damaged } from './damage.ts';
import { directoryOf, type Files, writeAll } from './files.ts';
import { type DecodedJournal, decodeJournal, encodeChanges, encodeHeader } from './journal-format.ts';
import type { StoredChange } from './store.ts';

/** Where a journal ends and what its next record builds on. */
interface Tail {
  readonly length: number;
  readonly checksum: string;
  readonly sequence: number;
}

/**
 * Reads a journal.
 * @param since generation of the snapshot that it may continue
 * @returns null when there is no file
 * @throws NetxfwError STORE_DAMAGED
 */
export function readJournal(files: Files, path: string, since: number): DecodedJournal | null {
  const bytes = files.read(path);
  if (bytes === null) return null;
  try {
    return decodeJournal(bytes, since);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw damaged(
      files,
      path,
      bytes,
      what,
      'Restore it, or move it away to start with rules.json alone: the changes since then are lost.',
    );
  }
}

/** The writing end of rules.journal. After a failed append it repairs itself before the next one. */
export class Journal {
  readonly #files: Files;
  readonly #path: string;
  #tail: Tail | null = null;
  #fd: number | null = null;
  /** Bytes beyond the tail may be on disk. */
  #dirty = false;
  /** The file was found: its name may not be durable yet, should its maker have failed at that. */
  #found = false;

  constructor(files: Files, path: string) {
    this.#files = files;
    this.#path = path;
  }

  /** Bytes of the file; 0 without one. */
  get length(): number {
    return this.#tail?.length ?? 0;
  }

  /** Goes on after what was read. */
  resume({ length, checksum, changes, torn }: DecodedJournal): void {
    this.#tail = { length, checksum, sequence: changes.length };
    this.#dirty = torn;
    this.#found = true;
  }

  /** Forgets the file on disk, which belongs to an older snapshot or does not exist; `append` makes a new one. */
  abandon(): void {
    this.close();
    this.#tail = null;
    this.#dirty = false;
    this.#found = false;
  }

  /** Makes an empty journal that continues a snapshot. */
  start(generation: number): void {
    this.abandon();
    const { line, checksum } = encodeHeader(generation);
    writeFileAtomically(this.#files, this.#path, line);
    this.#tail = { length: line.length, checksum, sequence: 0 };
  }

  /**
   * Appends a change and makes it durable. When it throws, the change is not in the journal, unless not even taking it back
   * was possible; then the next append does that first.
   */
  append(changes: readonly StoredChange[], generation: number): void {
    if (this.#tail === null) this.start(generation);
    const tail = this.#tail!;
    const { line, checksum } = encodeChanges(tail.sequence + 1, changes, tail.checksum);
    try {
      this.#fd ??= this.#files.open(this.#path);
      if (this.#dirty) this.#cut(this.#fd, tail.length);
      this.#dirty = true;
      writeAll(this.#files, this.#fd, line, tail.length);
      this.#files.fsync(this.#fd);
      if (this.#found) this.#files.fsyncDirectory(directoryOf(this.#path));
      this.#found = false;
      this.#dirty = false;
    } catch (error) {
      this.#repair(tail.length);
      throw error;
    }
    this.#tail = { length: tail.length + line.length, checksum, sequence: tail.sequence + 1 };
  }

  close(): void {
    if (this.#fd === null) return;
    const fd = this.#fd;
    this.#fd = null;
    try {
      this.#files.close(fd);
    } catch {
      // All that matters was made durable by fsync.
    }
  }

  #cut(fd: number, length: number): void {
    this.#files.truncate(fd, length);
    this.#files.fsync(fd);
    this.#dirty = false;
  }

  #repair(length: number): void {
    try {
      if (this.#dirty && this.#fd !== null) this.#cut(this.#fd, length);
    } catch {
      // Stays dirty: the next append tries again before it writes.
    }
    this.close();
  }
}
