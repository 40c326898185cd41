import type { DataPlane } from '../dataplane/dataplane.ts';
import { NetxfwError } from '../model/errors.ts';
import type { RuleStore, StoredChange } from '../store/store.ts';
import { ConfigEntries } from './config-entries.ts';
import { EngineEvents, type ListSummary } from './events.ts';
import { RulesTable } from './table.ts';
import { Transaction } from './transaction.ts';

export type CommitProgress = (phase: 'apply' | 'store', done: number) => void;

/** What the parts of the engine share. Everything here runs inside the engine's queue. */
export class EngineCore {
  readonly dataplane: DataPlane;
  readonly store: RuleStore;
  readonly table = new RulesTable();
  readonly config: ConfigEntries;
  readonly events: EngineEvents;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Removals that are true in memory and kernel already and go to disk with the next commit. */
  #unstored: readonly StoredChange[] = [];
  /** Called after each commit; expiry hangs its timer on it. */
  onCommit: (changes: readonly StoredChange[]) => void = () => {};

  constructor(dataplane: DataPlane, store: RuleStore, now: () => number) {
    this.dataplane = dataplane;
    this.store = store;
    this.now = now;
    this.events = new EngineEvents(now);
    this.config = new ConfigEntries(this.table);
  }

  begin(): Transaction {
    return new Transaction(this.table);
  }

  /** Runs `change` on the table and commits it; whatever throws on the way leaves everything as it was. */
  transact<T>(change: (tx: Transaction) => T): { readonly value: T; readonly lists: readonly ListSummary[] } {
    const tx = this.begin();
    let value: T;
    try {
      value = change(tx);
    } catch (error) {
      tx.rollback();
      throw error;
    }
    return { value, lists: this.commit(tx) };
  }

  /**
   * Kernel, then disk; a failure of either takes back the whole change.
   * @param stored false for entries of config.yaml, which is their store
   * @param onPhase told what comes next and how many entries are done
   * @returns what changed, empty when nothing did
   */
  commit(tx: Transaction, stored = true, onPhase?: CommitProgress): readonly ListSummary[] {
    const changes = tx.changes();
    if (changes.length === 0) {
      tx.finish();
      return [];
    }
    const size = onPhase === undefined ? 0 : sizeOf(changes);
    try {
      onPhase?.('apply', 0);
      this.dataplane.applyLists(changes);
      onPhase?.('store', size);
    } catch (error) {
      tx.rollback();
      throw error;
    }
    if (stored) {
      try {
        this.store.commit([...this.#unstored, ...changes], () => this.config.storedLists());
        this.#unstored = [];
      } catch (error) {
        this.#undo(tx, error);
        throw error;
      }
    }
    const summaries = tx.summaries();
    tx.finish();
    this.onCommit(changes);
    return summaries;
  }

  /** Keeps changes for the next commit that are true already and whose loss would do no harm. */
  postpone(changes: readonly StoredChange[]): void {
    this.#unstored = [...this.#unstored, ...changes];
  }

  get hasPostponed(): boolean {
    return this.#unstored.length > 0;
  }

  /** Stores what was postponed. */
  flush(): void {
    if (this.#unstored.length === 0) return;
    this.store.commit(this.#unstored, () => this.config.storedLists());
    this.#unstored = [];
  }

  #undo(tx: Transaction, cause: unknown): void {
    const inverse = tx.inverse();
    tx.rollback();
    try {
      this.dataplane.applyLists(inverse);
    } catch {
      try {
        this.dataplane.reconcileLists(this.table.groups());
      } catch (error) {
        throw new NetxfwError('KERNEL_FAILED', 'a change could be neither stored nor taken back', {
          hint: 'Restart netxfw: it makes the kernel agree with the rules on disk.',
          details: { stored: NetxfwError.from(cause).message, undo: NetxfwError.from(error).message },
          cause,
        });
      }
    }
  }

  /** Tells of something that does not work as it should, and that no caller waits for. */
  warn(message: string): void {
    this.events.emit({ type: 'health', healthy: false, message });
  }
}

function sizeOf(changes: readonly StoredChange[]): number {
  return changes.reduce(
    (sum, { put, remove }) => sum + remove.size + put.reduce((entries, { prefixes }) => entries + prefixes.size, 0),
    0,
  );
}
