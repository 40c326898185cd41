import type { ListName } from '../model/entries.ts';
import type { EngineEvent } from '../model/events.ts';

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

export type EngineListener = (event: EngineEvent) => void;

/** An event as it happens: the time is added when it is told. */
type Happening = EngineEvent extends infer Event ? (Event extends EngineEvent ? Omit<Event, 'at'> : never) : never;

/** Tells listeners what was committed. A listener that throws harms neither the change nor the other listeners. */
export class EngineEvents {
  readonly #listeners = new Set<EngineListener>();
  readonly #now: () => number;

  /** @param now Unix milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns the function that ends the subscription */
  on(listener: EngineListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(happening: Happening): void {
    const event = { ...happening, at: new Date(this.#now()).toISOString() } as EngineEvent;
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

  /** An entry that was replaced counts as added. */
  rulesChanged(lists: readonly ListSummary[], origin: string): void {
    for (const { list, added, replaced, removed, prefixes } of lists) {
      this.emit({ type: 'rules', list, added: added + replaced, removed, prefixes, origin });
    }
  }

  rulesExpired(lists: readonly ListSummary[]): void {
    for (const { list, removed, prefixes } of lists) this.emit({ type: 'expired', list, prefixes, count: removed });
  }
}
