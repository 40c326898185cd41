import type { ConfirmStore, PendingUndo } from './confirm.ts';

/** For tests and the mock: it lasts as long as the object. */
export class MemoryConfirm implements ConfirmStore {
  readonly warning = null;
  #undo: PendingUndo | null = null;

  load(): PendingUndo | null {
    return this.#undo;
  }

  save(undo: PendingUndo): void {
    this.#undo = undo;
  }

  clear(): void {
    this.#undo = null;
  }
}
