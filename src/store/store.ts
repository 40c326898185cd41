import type { EntryGroup, ListName } from '../model/entries.ts';
import type { PrefixList } from '../model/prefix-list.ts';

/** Both lists, whole. */
export type Lists = Readonly<Record<ListName, readonly EntryGroup[]>>;

/** A change of one list as the store keeps it; removal happens before putting. */
export interface StoredChange {
  readonly list: ListName;
  readonly put: readonly EntryGroup[];
  readonly remove: PrefixList;
}

export interface StoredRules {
  readonly lists: Lists;
  /** Made after `lists` was written, oldest first. */
  readonly changes: readonly (readonly StoredChange[])[];
  /** What the operator should know, for example a last record that was cut off. */
  readonly warnings: readonly string[];
}

/** Where rules live between two runs. One writer at a time; the caller holds the instance's lock. */
export interface RuleStore {
  /**
   * What was committed.
   * @throws NetxfwError STORE_DAMAGED when that cannot be said; nothing is ever read as empty instead
   */
  load(): StoredRules;
  /**
   * Makes a change durable before it returns.
   * @param after both lists as they are with the change made; called only when the store writes them whole
   * @throws NetxfwError STORE_WRITE_FAILED; then the change is not stored
   */
  commit(changes: readonly StoredChange[], after: () => Lists): void;
  /** Why the next change could not be stored, as far as that can be told without storing one; null: it could. */
  problem(): string | null;
  close(): void;
}
