import { NetxfwError } from '../model/errors.ts';
import type { PendingConfirm } from '../model/operations.ts';
import type { ConfirmStore, PendingUndo } from '../store/confirm.ts';
import type { StoredChange } from '../store/store.ts';
import { type Common, Overlap } from './overlap.ts';

const NONE: Common = { count: 0, example: null };
/** A roll-back that failed is tried again after this time, milliseconds. */
const RETRY_MS = 5000;
/** The longest time that a timer of Node takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface Preparation extends Omit<PendingUndo, 'deadline'> {
  readonly seconds: number;
}

/**
 * A change that is undone by itself unless it is confirmed. What leads back is on disk before the change is made, so that
 * it is undone also when the process is killed meanwhile; going back to a state that is there already does nothing.
 */
export class Confirm {
  readonly #store: ConfirmStore;
  readonly #now: () => number;
  #pending: PendingUndo | null = null;
  /** What the pending change touches; drawn up when it is first asked about. */
  #touched: Overlap | undefined;
  /** What was changed since and will be taken back as well. */
  #lost: Common = NONE;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  /** Called when the time is over. */
  onDeadline: () => void = () => {};

  constructor(store: ConfirmStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * Takes over what an earlier process left.
   * @returns what is overdue, to be undone at once
   */
  resume(): PendingUndo | null {
    this.#pending = this.#store.load();
    if (this.#pending === null) return null;
    if (this.#pending.deadline <= this.#now()) return this.#pending;
    this.arm();
    return null;
  }

  get pending(): PendingConfirm | null {
    if (this.#pending === null) return null;
    const { deadline, what } = this.#pending;
    return { deadline: new Date(deadline).toISOString(), what };
  }

  /** What leads back. @throws NetxfwError NOT_FOUND when nothing waits for confirmation */
  get undo(): PendingUndo {
    if (this.#pending !== null) return this.#pending;
    throw new NetxfwError('NOT_FOUND', 'no change waits for confirmation', {
      hint: 'It was confirmed before, or its time was over and it is undone: see `netxfw status`.',
    });
  }

  /** @throws NetxfwError CONFLICT while an earlier change waits */
  requireNone(): void {
    if (this.#pending === null) return;
    const { deadline, what } = this.#pending;
    const until = new Date(deadline).toISOString();
    throw new NetxfwError('CONFLICT', `an earlier change waits for confirmation until ${until}: ${what}`, {
      hint: 'Keep it with `netxfw confirm`, or take it back with `netxfw confirm --undo`.',
    });
  }

  /** What a later change has in common with the one that waits. @param changes of the later one */
  commonWith(changes: () => readonly StoredChange[]): Common {
    if (this.#pending === null) return NONE;
    this.#touched ??= new Overlap(this.#pending.changes);
    return this.#touched.with(changes());
  }

  /** Keeps in mind that a later change was made, to be told when it goes. */
  noteCommon({ count, example }: Common): void {
    if (this.#pending === null || count === 0) return;
    this.#lost = { count: this.#lost.count + count, example: this.#lost.example ?? example };
  }

  /** What going back takes with it that was changed since; empty when nothing is. */
  get losing(): string {
    const { count, example } = this.#lost;
    if (count === 0) return '';
    const whose =
      count === 1 ? 'so is a later change of' : `so are ${count} later changes of the same entries, such as`;
    return `, and ${whose} ${example}`;
  }

  /** @throws NetxfwError STORE_WRITE_FAILED */
  prepare({ seconds, ...undo }: Preparation): void {
    const pending = { ...undo, deadline: this.#now() + seconds * 1000 };
    this.#store.save(pending);
    this.#begin(pending);
  }

  #begin(pending: PendingUndo | null): void {
    this.#pending = pending;
    this.#touched = undefined;
    this.#lost = NONE;
  }

  /** Waits for the deadline. */
  arm(): void {
    if (this.#pending !== null) this.#wait(this.#pending.deadline - this.#now());
  }

  retry(): void {
    this.#wait(RETRY_MS);
  }

  /** Forgets what leads back: the change is kept, or undone. @throws NetxfwError STORE_WRITE_FAILED, and it still waits */
  drop(): void {
    try {
      this.#store.clear();
    } catch (error) {
      // It may have gone all the same, and would be taken for confirmed.
      if (this.#pending !== null) this.#store.save(this.#pending);
      throw error;
    }
    clearTimeout(this.#timer);
    this.#begin(null);
  }

  /** The same for a change that failed. @throws NetxfwError STORE_WRITE_FAILED, and it waits no more all the same */
  abandon(): void {
    clearTimeout(this.#timer);
    this.#begin(null);
    this.#store.clear();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #wait(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const sleep = Math.min(MAX_TIMER_MS, Math.max(0, milliseconds));
    this.#timer = setTimeout(() => this.onDeadline(), sleep);
    this.#timer.unref();
  }
}
