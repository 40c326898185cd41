import type { EntryGroup, ListName } from '../model/entries.ts';
import type { HealthCheck } from '../model/operations.ts';
import type { PrefixList } from '../model/prefix-list.ts';
import type { Prefix } from '../model/prefixes.ts';
import type { Attachment, DynamicEntry, MapFill, StatsSnapshot } from '../model/status.ts';
import type { PolicyPlane } from './policy-plane.ts';

/** One change of a static list. An entry in `put` replaces whatever the list had for that prefix. */
export interface ListChange {
  readonly list: ListName;
  readonly put: readonly EntryGroup[];
  readonly remove: PrefixList;
}

export interface ReconcileReport {
  readonly added: number;
  readonly removed: number;
}

/** The parts of the policy that the engine keeps. */
export type PolicyParts = Pick<
  PolicyPlane,
  'compare' | 'configure' | 'setLimits' | 'limitDrops' | 'setPorts' | 'setIpPortRules'
>;

export type {
  ExplainContext,
  ExplainRecord,
  FlowRecord,
  IpPortEntry,
  VerdictRecord,
} from './policy-plane.ts';

/** What the filter can be asked about itself. */
export type ObservePlane = Pick<
  PolicyPlane,
  | 'flows'
  | 'removeFlows'
  | 'openEvents'
  | 'setEventCapture'
  | 'explain'
  | 'loadPlugin'
  | 'removePlugin'
  | 'plugins'
  | 'refreshAddresses'
  | 'latency'
  | 'resetLatency'
>;

/**
 * What the engine needs of the packet filter. The kernel implementation writes eBPF maps; the memory one keeps the same
 * promises for tests and the mock. Every method either does all of its work or throws and leaves the lists as they were.
 */
export interface DataPlane extends PolicyParts, ObservePlane {
  /**
   * Applies changes to the static lists as one.
   * @throws NetxfwError MAP_FULL with details {map, capacity, refused}
   */
  applyLists(changes: readonly ListChange[]): void;
  /** Makes the lists hold exactly `desired`, touching only what differs. */
  reconcileLists(desired: Readonly<Record<ListName, readonly EntryGroup[]>>): ReconcileReport;

  /** Adds or replaces entries of the dynamic blacklist. */
  putDynamic(entries: readonly DynamicEntry[]): void;
  /** @returns how many of the prefixes were there */
  removeDynamic(prefixes: readonly Prefix[]): number;
  /** Entries that have not expired. */
  listDynamic(): DynamicEntry[];

  /** What is in order and what is not, of the filter itself. */
  health(): readonly HealthCheck[];
  /**
   * With `base.interfaces: []`: has the filter be wanted also where the default route goes now; `heal` puts it there.
   * @returns the interface, when that is another one since the last call; else null
   */
  followRoute(): string | null;
  /**
   * Puts the filter back where it is missing.
   * @returns the interfaces that have it again
   * @throws NetxfwError ATTACH_FAILED and others
   */
  heal(): readonly string[];

  readStats(): StatsSnapshot;
  resetStats(): void;
  attachments(): readonly Attachment[];
  fill(): readonly MapFill[];

  /** Releases this process's handles; the filter goes on. */
  close(): void;
}
