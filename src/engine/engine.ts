import type { DataPlane, ReconcileReport } from '../dataplane/dataplane.ts';
import type { Config } from '../model/config.ts';
import { parseDuration } from '../model/durations.ts';
import { LISTS, type ListName } from '../model/entries.ts';
import { NetxfwError } from '../model/errors.ts';
import type { ChangeOptions, PluginSlot } from '../model/operations.ts';
import type {
  ImportResult,
  RuleChange,
  RuleCounts,
  RuleInput,
  RulePage,
  RuleQuery,
  RuleRemoval,
  SourceMatch,
} from '../model/rules.ts';
import type { SourceCount, SourceEntry, SourceResult, SourceUpdate } from '../model/sources.ts';
import type { Attachment, DynamicRule, MapFill, Stats } from '../model/status.ts';
import type { RuleStore } from '../store/store.ts';
import { configPolicy, type EngineConfig } from './config-policy.ts';
import { EngineCore } from './core.ts';
import { addDynamic, clearDynamic, type DynamicRequest, removeDynamic } from './dynamic.ts';
import type { EngineEvents } from './events.ts';
import { Expiry } from './expiry.ts';
import { type ExportOptions, exportRules } from './export.ts';
import { type ImportOptions, importRules } from './import.ts';
import { Listing } from './listing.ts';
import { Observation } from './observation.ts';
import { loadPlugin, removePlugin } from './plugins.ts';
import { SerialQueue } from './queue.ts';
import { addRules, matchSource, removeRule } from './rules.ts';
import { countSources, replaceSource, type SourceOptions, updateSource } from './sources.ts';
import { toStats } from './stats.ts';
import { toDynamicRule } from './views.ts';

export interface EngineOptions {
  readonly dataplane: DataPlane;
  readonly store: RuleStore;
  /** What the engine itself needs of the configuration. */
  readonly config: EngineConfig;
  /** Unix milliseconds; default Date.now. */
  readonly now?: () => number;
  /** Oldest statistics that are given out, milliseconds; default: the configuration's. */
  readonly statsTtl?: number;
}

/**
 * The only writer of the lists. Each change is validated, applied to the data plane, made durable and announced, one after
 * the other; a failure on the way takes it back. Reading needs no queue: a change is never half visible.
 */
export class Engine {
  readonly #core: EngineCore;
  readonly #queue = new SerialQueue();
  readonly #expiry: Expiry;
  readonly #listing: Listing;
  #closed = false;
  /** What can be looked at without changing rules. */
  readonly observation: Observation;
  /** What opening changed in the data plane: nothing when it was in order. */
  readonly reconciled: ReconcileReport;
  /** What the operator should know about the stored rules. */
  readonly warnings: readonly string[];

  /**
   * Reads the stored rules and makes the data plane agree with them.
   * @throws NetxfwError STORE_DAMAGED, and whatever the data plane says; it has not been touched then
   */
  static async open(options: EngineOptions): Promise<Engine> {
    return new Engine(options);
  }

  private constructor({ dataplane, store, config, now = Date.now, statsTtl }: EngineOptions) {
    const core = new EngineCore(dataplane, store, now);
    this.#core = core;
    this.#expiry = new Expiry(core, this.#queue);
    this.#listing = new Listing(core.table);
    const statsAge = statsTtl ?? parseDuration(config.stats_cache.ttl) * 1000;
    this.observation = new Observation(core, {
      monitored: () => config.mode === 'monitor',
      statsAge: () => statsAge,
    });
    const stored = store.load();
    for (const list of LISTS) core.table[list].put(stored.lists[list]);
    for (const { list, put, remove } of stored.changes.flat()) {
      core.table[list].remove(remove);
      core.table[list].put(put);
    }
    this.#expiry.begin();
    core.config.hide(config.whitelist);
    const overlay = core.begin();
    core.config.apply(overlay, config.whitelist, now());
    overlay.finish();
    this.warnings = stored.warnings;
    this.reconciled = dataplane.reconcileLists(core.table.groups());
    const policy = configPolicy(config);
    dataplane.setLimits(policy.limits);
    dataplane.setPorts(policy.ports);
    dataplane.setIpPortRules(policy.ipPortRules);
    core.onCommit = (changes) => this.#expiry.noticeChange(changes);
    this.#expiry.schedule();
  }

  get events(): EngineEvents {
    return this.#core.events;
  }

  add(rule: RuleInput, options?: ChangeOptions): Promise<RuleChange> {
    return this.#change(() => addRules(this.#core, [rule], originOf(options))[0]!);
  }

  addMany(rules: readonly RuleInput[], options?: ChangeOptions): Promise<readonly RuleChange[]> {
    return this.#change(() => addRules(this.#core, rules, originOf(options)));
  }

  remove(prefix: string, list?: ListName, options?: ChangeOptions): Promise<RuleRemoval> {
    return this.#change(() => removeRule(this.#core, prefix, list, originOf(options)));
  }

  import(data: Uint8Array, request: ImportOptions, options?: ChangeOptions): Promise<ImportResult> {
    return this.#change(() => importRules(this.#core, data, request, originOf(options)));
  }

  replaceSource(data: Uint8Array | readonly SourceEntry[], options: SourceOptions): Promise<SourceResult> {
    return this.#change(() => replaceSource(this.#core, data, options));
  }

  updateSource(update: SourceUpdate): Promise<SourceResult> {
    return this.#change(() => updateSource(this.#core, update));
  }

  sources(): readonly SourceCount[] {
    return countSources(this.#core);
  }

  export(options?: ExportOptions): Generator<Uint8Array> {
    return exportRules(this.#core, options);
  }

  list(query?: RuleQuery): RulePage {
    return this.#listing.page(query);
  }

  counts(): RuleCounts {
    return this.#core.table.counts();
  }

  match(address: string): readonly SourceMatch[] {
    return matchSource(this.#core, address);
  }

  addDynamic(request: DynamicRequest): Promise<DynamicRule> {
    return this.#change(() => toDynamicRule(addDynamic(this.#core, request)));
  }

  removeDynamic(prefix: string): Promise<void> {
    return this.#change(() => removeDynamic(this.#core, prefix));
  }

  clearDynamic(): Promise<number> {
    return this.#change(() => clearDynamic(this.#core));
  }

  listDynamic(): readonly DynamicRule[] {
    return this.#core.dataplane.listDynamic().map(toDynamicRule);
  }

  stats(): Stats {
    return toStats(this.observation.cache.stats());
  }

  resetStats(): Promise<void> {
    return this.#change(() => {
      this.#core.dataplane.resetStats();
      this.observation.forgetStats();
    });
  }

  loadPlugin(file: string, slot: number): Promise<PluginSlot> {
    return this.#change(() => loadPlugin(this.#core, file, slot));
  }

  removePlugin(slot: number): Promise<void> {
    return this.#change(() => removePlugin(this.#core, slot));
  }

  plugins(): readonly PluginSlot[] {
    return this.#core.dataplane.plugins();
  }

  /** Keeps figures ready and the filter where it shall be: for a process that stays. */
  watch(): void {
    this.observation.watch((work) => this.#change(work));
  }

  attachments(): readonly Attachment[] {
    return this.#core.dataplane.attachments();
  }

  fill(): readonly MapFill[] {
    return this.observation.cache.fill();
  }

  /** Takes over what the configuration says about the lists. */
  applyConfig(config: Pick<Config, 'whitelist'>): Promise<void> {
    return this.#change(() => {
      const { config: entries } = this.#core;
      entries.hide(config.whitelist);
      const tx = this.#core.begin();
      try {
        entries.apply(tx, config.whitelist, this.#core.now());
        this.#core.commit(tx, false);
      } finally {
        entries.settle();
      }
    });
  }

  /** Waits for queued changes, then lets go of store and data plane; the filter goes on. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#expiry.close();
    this.observation.close();
    await this.#queue.idle();
    this.#core.store.close();
    this.#core.dataplane.close();
  }

  #change<T>(work: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(new NetxfwError('DAEMON_UNREACHABLE', 'netxfw is shutting down'));
    return this.#queue.run(work);
  }
}

/** Who makes a change, when the caller does not say. */
const NOBODY_IN_PARTICULAR = 'local';

const originOf = (options?: ChangeOptions): string => options?.origin ?? NOBODY_IN_PARTICULAR;
