import { NetxfwError } from '../model/errors.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { damaged } from './damage.ts';
import { directoryOf, type Files, nodeFiles } from './files.ts';
import { changesJson, changesOf } from './journal-format.ts';
import type { StoredChange } from './store.ts';

/** What leads back from a change that waits for confirmation. */
export interface PendingUndo {
  /** Unix milliseconds. */
  readonly deadline: number;
  readonly what: string;
  readonly origin: string;
  readonly changes: readonly StoredChange[];
  /** Text of config.yaml before it, null for no file; left out when the change was none of the configuration. */
  readonly config?: string | null;
}

/** Where it lives between two runs. */
export interface ConfirmStore {
  /** @throws NetxfwError STORE_DAMAGED */
  load(): PendingUndo | null;
  /** Durable when it returns. @throws NetxfwError STORE_WRITE_FAILED */
  save(undo: PendingUndo): void;
  /** @throws NetxfwError STORE_WRITE_FAILED */
  clear(): void;
}

const FORMAT = 'netxfw-confirm';
const VERSION = 1;

/** One file, there only while a change waits. */
export class ConfirmFile implements ConfirmStore {
  readonly #path: string;
  readonly #files: Files;

  constructor(path: string, files: Files = nodeFiles) {
    this.#path = path;
    this.#files = files;
  }

  load(): PendingUndo | null {
    const bytes = this.#files.read(this.#path);
    if (bytes === null) return null;
    try {
      return decode(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    } catch (error) {
      const next = `Check that the firewall does what it should, then remove ${this.#path}.`;
      throw damaged(this.#files, this.#path, bytes, NetxfwError.from(error).message, next);
    }
  }

  save({ changes, ...undo }: PendingUndo): void {
    const document = { format: FORMAT, version: VERSION, ...undo, changes: changesJson(changes) };
    try {
      this.#writing(() => {
        this.#files.makeDirectory(directoryOf(this.#path), 0o700);
        writeFileAtomically(this.#files, this.#path, `${JSON.stringify(document)}\n`, { mode: 0o600 });
      });
    } catch (error) {
      // The change will not be made, so that nothing must lead back from it.
      this.#files.remove(this.#path);
      throw error;
    }
  }

  clear(): void {
    this.#writing(() => {
      this.#files.remove(this.#path);
      this.#files.fsyncDirectory(directoryOf(this.#path));
    });
  }

  #writing(work: () => void): void {
    try {
      work();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new NetxfwError('STORE_WRITE_FAILED', `${this.#path} could not be written: ${why}`, { cause: error });
    }
  }
}

function decode(document: Readonly<Record<string, unknown>>): PendingUndo {
  const { format, version, deadline, what, origin, changes, config } = document;
  if (format !== FORMAT || version !== VERSION) throw new Error(`it is not a ${FORMAT} of version ${VERSION}`);
  if (typeof deadline !== 'number' || typeof what !== 'string' || typeof origin !== 'string') {
    throw new Error('a field is missing');
  }
  if (config !== undefined && config !== null && typeof config !== 'string') throw new Error('"config" must be text');
  return { deadline, what, origin, changes: changesOf(changes), ...(config === undefined ? {} : { config }) };
}
