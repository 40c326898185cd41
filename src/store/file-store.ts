import { NetxfwError } from '../model/errors.ts';
import { NO_RECORDS } from '../model/policy-records.ts';
import { UncertainReplaceError } from './atomic-file.ts';
import { diskProblem } from './disk-problem.ts';
import { directoryOf, errnoOf, type Files, nodeFiles } from './files.ts';
import { Journal, readJournal } from './journal.ts';
import type { DecodedJournal } from './journal-format.ts';
import { readSnapshot, type Snapshot, writeSnapshot } from './rules-file.ts';
import { type RuleStore, type StoredChange, type StoredRules, type StoredState, sizeOf } from './store.ts';

export interface FileStoreOptions {
  readonly rulesFile: string;
  readonly journalFile: string;
  readonly files?: Files;
  /** Unix milliseconds; default Date.now. */
  readonly now?: () => number;
  /** Entries from which on a change is written as a snapshot instead of a journal record. */
  readonly largeChange?: number;
  /** Journal bytes that call for a snapshot, whatever the snapshot's own size. */
  readonly journalBytes?: number;
}

const LARGE_CHANGE = 10_000;
const JOURNAL_BYTES = 1024 * 1024;
/** A journal beyond this would make the next start slow. */
const MAX_JOURNAL_BYTES = 8 * 1024 * 1024;

/**
 * Rules on disk: a snapshot and the journal that continues it. The snapshot's generation number binds both: a new snapshot
 * takes the next number first, then the journal is made anew, and a journal with an older number no longer counts.
 */
export class FileStore implements RuleStore {
  readonly #options: FileStoreOptions;
  readonly #files: Files;
  readonly #journal: Journal;
  readonly #largeChange: number;
  /** Journal bytes at which the next snapshot is tried. */
  #limit: number;
  #generation = 0;
  #snapshotBytes = 0;
  /** The files cannot be continued: the next commit writes them whole. */
  #mustSnapshot = false;

  constructor(options: FileStoreOptions) {
    this.#options = options;
    this.#files = options.files ?? nodeFiles;
    this.#journal = new Journal(this.#files, options.journalFile);
    this.#largeChange = options.largeChange ?? LARGE_CHANGE;
    this.#limit = options.journalBytes ?? JOURNAL_BYTES;
  }

  problem(): string | null {
    return diskProblem(directoryOf(this.#options.journalFile));
  }

  load(): StoredRules {
    const { rulesFile, journalFile } = this.#options;
    const snapshot = this.#reading(rulesFile, () => readSnapshot(this.#files, rulesFile));
    const journal = this.#reading(journalFile, () => readJournal(this.#files, journalFile, snapshot?.generation ?? 0));
    this.#refuseStrangers(snapshot, journal);
    this.#generation = snapshot?.generation ?? 0;
    this.#snapshotBytes = snapshot?.bytes ?? 0;
    this.#mustSnapshot = snapshot?.edited === true || journal?.outdated === true;
    this.#setLimit();
    const warnings: string[] = [];
    const continues = journal !== null && journal.generation === this.#generation;
    if (continues) this.#journal.resume(journal);
    else this.#journal.abandon();
    if (continues && journal.torn) {
      warnings.push(`${journalFile}: the last change was cut off while it was written; it was never confirmed`);
    }
    return {
      lists: snapshot?.lists ?? { allow: [], deny: [] },
      policy: snapshot?.policy ?? NO_RECORDS,
      changes: continues ? journal.changes : [],
      warnings,
    };
  }

  commit(changes: readonly StoredChange[], after: () => StoredState): void {
    try {
      if (this.#mustSnapshot || sizeOf(changes) > this.#largeChange) this.#writeSnapshot(after());
      else if (this.#journal.length <= this.#limit || !this.#compact(after())) {
        this.#files.makeDirectory(directoryOf(this.#options.journalFile), 0o700);
        this.#journal.append(changes, this.#generation);
      }
    } catch (error) {
      const errno = errnoOf(error) || errnoOf(error instanceof Error ? error.cause : undefined);
      throw new NetxfwError('STORE_WRITE_FAILED', `the change could not be stored: ${reasonOf(errno, error)}`, {
        hint: `Check free space and permissions of ${directoryOf(this.#options.rulesFile)}.`,
        details: { errno },
        cause: error,
      });
    }
  }

  close(): void {
    this.#journal.close();
  }

  /** A full journal is a reason to write a snapshot, but no reason to refuse a change when that fails. */
  #compact(state: StoredState): boolean {
    try {
      this.#writeSnapshot(state);
      return true;
    } catch (error) {
      if (this.#mustSnapshot) throw error;
      this.#limit = this.#journal.length * 2;
      return false;
    }
  }

  #writeSnapshot(state: StoredState): void {
    const { rulesFile, now = Date.now } = this.#options;
    const generation = this.#generation + 1;
    try {
      this.#files.makeDirectory(directoryOf(rulesFile), 0o700);
      this.#snapshotBytes = writeSnapshot(this.#files, rulesFile, state, generation, now());
    } catch (error) {
      if (error instanceof UncertainReplaceError) {
        // Either generation may be found after a crash, so neither may be continued.
        this.#generation = generation;
        this.#mustSnapshot = true;
      }
      throw error;
    }
    this.#generation = generation;
    this.#mustSnapshot = false;
    this.#setLimit();
    try {
      this.#journal.start(generation);
    } catch {
      // The snapshot holds everything and the old journal no longer counts; the next append makes the new one.
      this.#journal.abandon();
    }
  }

  #setLimit(): void {
    const least = this.#options.journalBytes ?? JOURNAL_BYTES;
    this.#limit = Math.max(least, Math.min(this.#snapshotBytes, this.#options.journalBytes ?? MAX_JOURNAL_BYTES));
  }

  #refuseStrangers(snapshot: Snapshot | null, journal: DecodedJournal | null): void {
    const { rulesFile, journalFile } = this.#options;
    if (journal === null || journal.generation <= (snapshot?.generation ?? 0)) return;
    const what =
      snapshot === null
        ? `${rulesFile} is missing, but ${journalFile} continues it`
        : `${rulesFile} is older than ${journalFile}, which continues a later one`;
    throw new NetxfwError('STORE_DAMAGED', what, {
      hint: `Restore the matching rules.json, or move ${journalFile} away: the changes in it are lost then.`,
      details: { file: rulesFile },
    });
  }

  #reading<T>(path: string, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof NetxfwError) throw error;
      throw new NetxfwError('FILE_UNREADABLE', `${path} cannot be read: ${reasonOf(errnoOf(error), error)}`, {
        cause: error,
      });
    }
  }
}

const ERRNO: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EIO: 'the disk reports an input/output error',
};

function reasonOf(errno: string, error: unknown): string {
  return ERRNO[errno] ?? (error instanceof Error ? error.message : String(error));
}
