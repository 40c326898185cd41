import type { EntryGroup, ListName } from '../model/entries.ts';
import type { PolicyKind, PolicyRecord, PolicyRecords } from '../model/policy-records.ts';
import type { PrefixList } from '../model/prefix-list.ts';

/** Both lists, whole. */
export type Lists = Readonly<Record<ListName, readonly EntryGroup[]>>;

/** Everything that the store holds. */
export interface StoredState {
  readonly lists: Lists;
  readonly policy: PolicyRecords;
}

/** A change of one list as the store keeps it; removal happens before putting. */
export interface ListEdit {
  readonly list: ListName;
  readonly put: readonly EntryGroup[];
  readonly remove: PrefixList;
}

/** A change of limits, open ports or ip+port rules. */
export type PolicyEdit = {
  readonly [Kind in PolicyKind]: {
    readonly kind: Kind;
    readonly put: readonly PolicyRecord[Kind][];
    /** Keys, see keyOfRecord. */
    readonly remove: readonly string[];
  };
}[PolicyKind];

export type StoredChange = ListEdit | PolicyEdit;

export const isListEdit = (change: StoredChange): change is ListEdit => 'list' in change;

export const isPolicyEdit = (change: StoredChange): change is PolicyEdit => 'kind' in change;

/** Entries that a change touches. */
export function sizeOf(changes: readonly StoredChange[]): number {
  return changes.reduce((sum, change) => {
    if (!isListEdit(change)) return sum + change.put.length + change.remove.length;
    return change.put.reduce((entries, { prefixes }) => entries + prefixes.size, sum + change.remove.size);
  }, 0);
}

export interface StoredRules extends StoredState {
  /** Made after the rest was written, oldest first. */
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
   * @param after everything as it is with the change made; called only when the store writes it whole
   * @throws NetxfwError STORE_WRITE_FAILED; then the change is not stored
   */
  commit(changes: readonly StoredChange[], after: () => StoredState): void;
  /** Why the next change could not be stored, as far as that can be told without storing one; null: it could. */
  problem(): string | null;
  close(): void;
}
