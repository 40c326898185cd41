import type { ListName } from '../model/entries.ts';
import type { ImportResult, RuleCounts } from '../model/rules.ts';

/** Most prefixes that an event names; the rest is only counted. */
export const MAX_EVENT_PREFIXES = 20;

/** What happened to one list. */
export interface ListSummary {
  readonly list: ListName;
  readonly added: number;
  readonly replaced: number;
  readonly removed: number;
  /** The first MAX_EVENT_PREFIXES of them, as text. */
  readonly prefixes: readonly string[];
}

/** Every event carries `at`, Unix milliseconds. */
export type EngineEvent =
  | {
      readonly type: 'rules.changed';
      readonly at: number;
      readonly lists: readonly ListSummary[];
      readonly counts: RuleCounts;
    }
  | {
      readonly type: 'rules.expired';
      readonly at: number;
      readonly lists: readonly ListSummary[];
      readonly counts: RuleCounts;
    }
  | {
      readonly type: 'rules.imported';
      readonly at: number;
      readonly result: ImportResult;
      readonly counts: RuleCounts;
    }
  | {
      readonly type: 'dynamic.changed';
      readonly at: number;
      readonly added: readonly string[];
      readonly removed: readonly string[];
    }
  | { readonly type: 'warning'; readonly at: number; readonly message: string };

export type EngineListener = (event: EngineEvent) => void;

/** Tells listeners what was committed. A listener that throws harms neither the change nor the other listeners. */
export class EngineEvents {
  readonly #listeners = new Set<EngineListener>();

  /** @returns the function that ends the subscription */
  on(listener: EngineListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: EngineEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
