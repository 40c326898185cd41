import { NetxfwError } from '../model/errors.ts';
import type { ListEdit } from '../store/store.ts';
import type { EngineCore } from './core.ts';
import type { SerialQueue } from './queue.ts';
import { hasExpired } from './rules.ts';
import type { Transaction } from './transaction.ts';

/** Longest sleep, so that a clock that was set is noticed. */
const MAX_SLEEP_MS = 60_000;
/** Shortest sleep, so that entries that end one after the other are swept together. */
const MIN_SLEEP_MS = 1000;

/** Removes entries whose time is over. The kernel ignores them on time by itself; this cleans lists, files and counts. */
export class Expiry {
  readonly #core: EngineCore;
  readonly #queue: SerialQueue;
  #timer: NodeJS.Timeout | undefined;
  /** When the armed timer fires, Unix milliseconds. */
  #armedFor = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor(core: EngineCore, queue: SerialQueue) {
    this.#core = core;
    this.#queue = queue;
  }

  /** Wakes earlier when a change brought an entry that ends earlier. */
  noticeChange(changes: readonly ListEdit[]): void {
    let next = Number.POSITIVE_INFINITY;
    for (const { put } of changes) for (const { meta } of put) next = Math.min(next, meta.expiresAt ?? next);
    if (next < this.#armedFor && !this.#closed) this.#arm(next);
  }

  /** Arms the timer for the next work. */
  schedule(): void {
    let next = this.#core.hasPostponed ? 0 : Number.POSITIVE_INFINITY;
    for (const [, meta] of this.#core.table.metas.entries()) next = Math.min(next, meta.expiresAt ?? next);
    this.#arm(next);
  }

  #arm(at: number): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#armedFor = at;
    if (at === Number.POSITIVE_INFINITY) return;
    const sleep = Math.min(MAX_SLEEP_MS, Math.max(MIN_SLEEP_MS, at - this.#core.now() + 1));
    this.#timer = setTimeout(() => void this.#queue.run(() => this.sweep()), sleep);
    this.#timer.unref();
  }

  /**
   * Leaves out what ended while nothing ran. Disk follows a moment later, so that a command that only reads writes nothing.
   */
  begin(): void {
    const tx = this.#core.begin();
    removeExpired(this.#core, tx);
    this.#core.postpone(tx.changes());
    tx.finish();
  }

  /** Removes what has ended and arms the timer again. Never throws: the filter must go on without a disk. */
  sweep(): void {
    if (this.#closed) return;
    const core = this.#core;
    this.#armedFor = Number.POSITIVE_INFINITY;
    try {
      const tx = core.begin();
      removeExpired(core, tx);
      const changes = tx.changes();
      const { lists } = core.commit({ tx, stored: false });
      core.postpone(changes);
      core.events.rulesExpired(lists);
      core.flush();
      this.schedule();
    } catch (error) {
      core.warn(`expired entries could not be removed everywhere: ${NetxfwError.from(error).message}`);
      this.#arm(core.now() + MAX_SLEEP_MS);
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }
}

function removeExpired(core: EngineCore, tx: Transaction): void {
  const now = core.now();
  const ended = new Set<number>();
  for (const [id, meta] of core.table.metas.entries()) if (hasExpired(meta, now)) ended.add(id);
  if (ended.size === 0) return;
  for (const { list, rows } of core.table.parts()) {
    // From the end, because the last row moves into the gap of a removed one.
    for (let row = rows.size - 1; row >= 0; row--) {
      if (ended.has(rows.values[row]!)) tx.removeRow(list, rows.family, row);
    }
  }
}
