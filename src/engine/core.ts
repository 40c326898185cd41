import type { DataPlane } from '../dataplane/dataplane.ts';
import type { PolicyChange } from '../dataplane/policy-plane.ts';
import type { Config } from '../model/config.ts';
import { NetxfwError } from '../model/errors.ts';
import type { JudgedPolicy } from '../model/judge.ts';
import { NO_RECORDS } from '../model/policy-records.ts';
import type { Prefix } from '../model/prefixes.ts';
import { parseProtocol } from '../model/protocols.ts';
import type { ListEdit, PolicyEdit, RuleStore, StoredChange, StoredState } from '../store/store.ts';
import { sizeOf } from '../store/store.ts';
import { type Applied, applyToPlane, writePolicy } from './apply.ts';
import { BY_ITSELF, type Change } from './change.ts';
import { ConfigEntries } from './config-entries.ts';
import { EngineEvents, type ListSummary } from './events.ts';
import { editsBetween, effective, type PolicyState, policyOf, storedRecords } from './policy-state.ts';
import { RulesTable } from './table.ts';
import { Transaction } from './transaction.ts';

export type CommitProgress = (phase: 'apply' | 'store', done: number) => void;

/** What is to become true, all of it or nothing. */
export interface Draft {
  /** Changes of the lists, made in the table already. */
  readonly tx: Transaction;
  /** False for entries of config.yaml, which is their store, and for what is postponed. */
  readonly stored?: boolean;
  /** On disk only. */
  readonly also?: readonly ListEdit[];
  /** Left out = as it is. */
  readonly policy?: PolicyState;
  readonly config?: Config;
  /** Makes the configuration durable; what it throws takes back the change. */
  readonly persist?: (() => void) | undefined;
  /** Told what comes next and how many entries are done. */
  readonly onPhase?: CommitProgress | undefined;
}

/** What a commit did; empty when there was nothing to do. */
export interface Committed {
  readonly lists: readonly ListSummary[];
  /** Of what commands have made. */
  readonly edits: readonly PolicyEdit[];
  readonly reload: PolicyChange | undefined;
}

/** What the parts of the engine share. Everything here runs inside the engine's queue. */
export class EngineCore {
  readonly dataplane: DataPlane;
  readonly store: RuleStore;
  readonly table = new RulesTable();
  readonly configEntries: ConfigEntries;
  readonly events: EngineEvents;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** In force. */
  config: Config;
  policy: PolicyState = policyOf(NO_RECORDS);
  /** The change that is being made. */
  change: Change = BY_ITSELF;
  /** Removals that are true in memory and kernel already and go to disk with the next commit. */
  #unstored: readonly StoredChange[] = [];
  /** Called after each commit; expiry hangs its timer on it. */
  onCommit: (changes: readonly ListEdit[]) => void = () => {};

  constructor(dataplane: DataPlane, store: RuleStore, config: Config, now: () => number) {
    this.dataplane = dataplane;
    this.store = store;
    this.config = config;
    this.now = now;
    this.events = new EngineEvents(now);
    this.configEntries = new ConfigEntries(this.table);
  }

  begin(): Transaction {
    return new Transaction(this.table);
  }

  /** Does work as part of a change, which has its say before anything is applied. */
  run<T>(change: Change, work: () => T): T {
    this.change = change;
    change.begin(this);
    try {
      const result = work();
      change.done();
      return result;
    } catch (error) {
      change.abandon();
      throw error;
    } finally {
      this.change = BY_ITSELF;
    }
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
    return { value, lists: this.commit({ tx }).lists };
  }

  /** Commits another policy. @returns what commands have made of it */
  commitPolicy(policy: PolicyState): readonly PolicyEdit[] {
    return this.commit({ tx: this.begin(), policy }).edits;
  }

  /** Kernel, then disk; a failure of either takes back the whole change. */
  commit({ tx, stored = true, also = [], policy = this.policy, config, persist, onPhase }: Draft): Committed {
    const lists = tx.changes();
    const before = { policy: this.policy, config: this.config };
    const edits = editsBetween(before.policy, policy);
    if (lists.length + edits.length + also.length === 0 && config === undefined && policy === before.policy) {
      tx.finish();
      return { lists: [], edits: [], reload: undefined };
    }
    const size = onPhase === undefined ? 0 : sizeOf(lists);
    const rollback = () => {
      tx.rollback();
      this.policy = before.policy;
      this.config = before.config;
    };
    this.policy = policy;
    this.config = config ?? before.config;
    let applied: Applied;
    try {
      this.change.review(() => [...(stored ? tx.inverse() : []), ...editsBetween(policy, before.policy)]);
      onPhase?.('apply', 0);
      applied = applyToPlane(this.dataplane, {
        lists,
        inverse: () => tx.inverse(),
        before: before.policy,
        after: policy,
        ...(config === undefined ? {} : { config: { before: before.config, after: config } }),
      });
      onPhase?.('store', size);
    } catch (error) {
      rollback();
      throw error;
    }
    try {
      persist?.();
      this.#store([...also, ...(stored ? [...lists, ...edits] : [])]);
    } catch (error) {
      this.#undo(applied, rollback, error);
      throw error;
    }
    const summaries = tx.summaries();
    tx.finish();
    this.onCommit(lists);
    return { lists: summaries, edits, reload: applied.reload };
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
    if (this.#unstored.length > 0) this.#write([]);
  }

  /** The policy as it judges sources and ports, static lists included. */
  judged(): JudgedPolicy {
    const { base } = this.config;
    const now = this.now();
    const covering = (list: 'allow' | 'deny', source: Prefix): Prefix | null =>
      this.table[list].covering(source).find(({ meta }) => (meta.expiresAt ?? now + 1) > now)?.prefix ?? null;
    return {
      defaultDeny: base.default_deny,
      bogonFilter: base.bogon_filter,
      openPorts: effective(this.policy, 'ports'),
      failsafePorts: this.policy.failsafe,
      allowedProtocols: base.allowed_protocols.map(parseProtocol),
      rules: effective(this.policy, 'ipPortRules'),
      allowed: (source) => covering('allow', source),
      dynamic: () => null,
      denied: (source) => covering('deny', source),
    };
  }

  /** Makes the data plane hold what the engine knows. */
  synchronise(): { readonly added: number; readonly removed: number } {
    const report = this.dataplane.reconcileLists(this.table.groups());
    writePolicy(this.dataplane, this.policy);
    return report;
  }

  #store(changes: readonly StoredChange[]): void {
    if (changes.length > 0) this.#write(changes);
  }

  #write(changes: readonly StoredChange[]): void {
    const after = (): StoredState => ({
      lists: this.configEntries.storedLists(),
      policy: storedRecords(this.policy),
    });
    this.store.commit([...this.#unstored, ...changes], after);
    this.#unstored = [];
  }

  #undo(applied: Applied, rollback: () => void, cause: unknown): void {
    try {
      applied.undo();
      rollback();
    } catch {
      rollback();
      try {
        this.synchronise();
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
