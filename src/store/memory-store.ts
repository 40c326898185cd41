import { NO_RECORDS } from '../model/policy-records.ts';
import type { RuleStore, StoredChange, StoredRules, StoredState } from './store.ts';

/** Changes kept one by one before everything is copied whole. */
const MAX_CHANGES = 1000;

/** A store that forgets when the process ends: the mock's, and that of `persist_rules: false`. */
export class MemoryStore implements RuleStore {
  #state: StoredState = { lists: { allow: [], deny: [] }, policy: NO_RECORDS };
  #changes: (readonly StoredChange[])[] = [];

  load(): StoredRules {
    return { ...this.#state, changes: [...this.#changes], warnings: [] };
  }

  commit(changes: readonly StoredChange[], after: () => StoredState): void {
    if (this.#changes.length < MAX_CHANGES) {
      this.#changes.push(changes);
      return;
    }
    this.#state = after();
    this.#changes = [];
  }

  problem(): null {
    return null;
  }

  close(): void {}
}
