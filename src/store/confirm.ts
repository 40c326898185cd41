import { NetxfwError } from '../model/errors.ts';
import { type Files, nodeFiles } from './files.ts';
import { changesJson, changesOf } from './journal-format.ts';
import { SealedFile } from './sealed-file.ts';
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
  /** What the operator should know about what was loaded last. */
  readonly warning: string | null;
  /** @throws NetxfwError STORE_DAMAGED */
  load(): PendingUndo | null;
  /** Durable when it returns. @throws NetxfwError STORE_WRITE_FAILED */
  save(undo: PendingUndo): void;
  /** @throws NetxfwError STORE_WRITE_FAILED */
  clear(): void;
}

/**
 * Two files with the same content, there only while a change waits: whoever asked to be taken back shall be, also when one
 * of them is damaged meanwhile.
 */
export class ConfirmFile implements ConfirmStore {
  readonly #copies: readonly SealedFile<PendingUndo>[];
  warning: string | null = null;

  constructor(path: string, files: Files = nodeFiles) {
    this.#copies = [path, `${path}.copy`].map(
      (name) =>
        new SealedFile(name, files, {
          format: 'netxfw-confirm',
          version: 2,
          remedy: () => `Check that the firewall does what it should, then remove ${path} and ${path}.copy.`,
          encode: ({ changes, ...undo }) => ({ ...undo, changes: changesJson(changes) }),
          decode,
        }),
    );
  }

  load(): PendingUndo | null {
    this.warning = null;
    let damage: NetxfwError | undefined;
    let found: PendingUndo | null = null;
    for (const copy of this.#copies) {
      try {
        found ??= copy.load();
      } catch (error) {
        damage ??= NetxfwError.from(error);
      }
    }
    if (damage === undefined) return found;
    if (found === null) throw damage;
    this.warning = `${damage.message}; its second copy is used`;
    return found;
  }

  save(undo: PendingUndo): void {
    try {
      for (const copy of this.#copies) copy.save(undo);
    } catch (error) {
      // The change will not be made, so that nothing must lead back from it.
      try {
        this.clear();
      } catch {
        // The first error is the one to report.
      }
      throw error;
    }
  }

  clear(): void {
    for (const copy of this.#copies) copy.remove();
  }
}

function decode(document: Readonly<Record<string, unknown>>): PendingUndo {
  const { deadline, what, origin, changes, config } = document;
  if (typeof deadline !== 'number' || typeof what !== 'string' || typeof origin !== 'string') {
    throw new Error('a field is missing');
  }
  if (config !== undefined && config !== null && typeof config !== 'string') throw new Error('"config" must be text');
  return { deadline, what, origin, changes: changesOf(changes), ...(config === undefined ? {} : { config }) };
}
