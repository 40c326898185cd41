import type { Lists, RuleStore, StoredChange, StoredRules } from './store.ts';

/** Changes kept one by one before the lists are copied whole. */
const MAX_CHANGES = 1000;

/** A store that forgets when the process ends: the mock's, and that of `persist_rules: false`. */
export class MemoryStore implements RuleStore {
  #lists: Lists = { allow: [], deny: [] };
  #changes: (readonly StoredChange[])[] = [];

  load(): StoredRules {
    return { lists: this.#lists, changes: [...this.#changes], warnings: [] };
  }

  commit(changes: readonly StoredChange[], after: () => Lists): void {
    if (this.#changes.length < MAX_CHANGES) {
      this.#changes.push(changes);
      return;
    }
    this.#lists = after();
    this.#changes = [];
  }

  problem(): null {
    return null;
  }

  close(): void {}
}
