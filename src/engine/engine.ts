import type { DataPlane, ReconcileReport } from '../dataplane/dataplane.ts';
import type { Config } from '../model/config.ts';
import { parseDuration } from '../model/durations.ts';
import { LISTS, type ListName } from '../model/entries.ts';
import { NetxfwError } from '../model/errors.ts';
import type { ListeningSocket } from '../model/open-ports.ts';
import type { ChangeOptions, PluginSlot } from '../model/operations.ts';
import type {
  ImportResult,
  RuleBulkRemoval,
  RuleChange,
  RuleCounts,
  RuleInput,
  RulePage,
  RuleQuery,
  RuleRemoval,
  RuleSelection,
  SourceMatch,
} from '../model/rules.ts';
import type { SourceCount, SourceEntry, SourceResult, SourceUpdate } from '../model/sources.ts';
import type { Attachment, DynamicRule, MapFill, Stats } from '../model/status.ts';
import { MemoryPlugins, type PluginStore } from '../store/bpf-plugins.ts';
import type { ConfigSource } from '../store/config-source.ts';
import type { ConfirmStore } from '../store/confirm.ts';
import { MemoryConfig } from '../store/memory-config.ts';
import { MemoryConfirm } from '../store/memory-confirm.ts';
import type { RuleStore } from '../store/store.ts';
import { isListEdit, type StoredRules } from '../store/store.ts';
import { writePolicy } from './apply.ts';
import { previewRemoval, removeSelected } from './bulk-removal.ts';
import { RequestedChange } from './change.ts';
import { clearRules, type ResetCounts, resetAll } from './clear.ts';
import { type Adjust, ConfigControl } from './config.ts';
import { Confirm } from './confirm.ts';
import { EngineCore } from './core.ts';
import { addDynamic, clearDynamic, type DynamicRequest, removeDynamic } from './dynamic.ts';
import type { EngineEvents } from './events.ts';
import { Expiry } from './expiry.ts';
import { type ExportOptions, exportRules } from './export.ts';
import { type ImportOptions, importRules } from './import.ts';
import { Listing } from './listing.ts';
import { Lockout, type SshPorts } from './lockout.ts';
import { Observation } from './observation.ts';
import { Plugins } from './plugins.ts';
import { EngineConfigFace, EngineLimits, EnginePorts, type MakeChange } from './policy-faces.ts';
import { configured, edited, policyOf } from './policy-state.ts';
import { SerialQueue } from './queue.ts';
import { rollBack } from './rollback.ts';
import { addRules, matchSource, removeRule } from './rules.ts';
import { countSources, replaceSource, type SourceOptions, updateSource } from './sources.ts';
import { toStats } from './stats.ts';
import { toDynamicRule } from './views.ts';

const SSH = 22;

export interface EngineOptions {
  readonly dataplane: DataPlane;
  readonly store: RuleStore;
  /** In force: the data plane follows it already. */
  readonly config: Config;
  /** Where the configuration comes from; default: nowhere, and it is kept in memory. */
  readonly source?: ConfigSource;
  /** The text that `config` was read from; left out when it is not the one that `source` has now. */
  readonly text?: string | null;
  readonly adjust?: Adjust;
  /** Default: in memory. */
  readonly confirmations?: ConfirmStore;
  /** Default: in memory. */
  readonly plugins?: PluginStore;
  /** Default: 22. */
  readonly sshPorts?: SshPorts;
  /** Default: none. */
  readonly listening?: () => readonly ListeningSocket[];
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
  readonly #lockout: Lockout;
  readonly #confirm: Confirm;
  readonly #control: ConfigControl;
  readonly #plugins: Plugins;
  #closed = false;
  readonly limits: EngineLimits;
  readonly ports: EnginePorts;
  readonly config: EngineConfigFace;
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

  private constructor(options: EngineOptions) {
    const { dataplane, store, config, now = Date.now, sshPorts = () => [SSH] } = options;
    const { source = new MemoryConfig(), adjust = (one) => one, confirmations = new MemoryConfirm() } = options;
    const core = new EngineCore(dataplane, store, config, now);
    this.#core = core;
    this.#expiry = new Expiry(core, this.#queue);
    this.#listing = new Listing(core.table);
    this.#lockout = new Lockout(sshPorts);
    this.#confirm = new Confirm(confirmations, now);
    this.#control = new ConfigControl(core, source, adjust);
    this.#plugins = new Plugins(core, options.plugins ?? new MemoryPlugins());
    this.observation = new Observation(core, {
      monitored: () => core.config.mode === 'monitor',
      statsAge: () => options.statsTtl ?? parseDuration(core.config.stats_cache.ttl) * 1000,
    });
    this.limits = new EngineLimits(core, this.#make);
    this.ports = new EnginePorts(core, this.#make, options.listening ?? (() => []));
    const undo = () => this.#rollBack();
    this.config = new EngineConfigFace({
      core,
      control: this.#control,
      confirm: this.#confirm,
      change: this.#make,
      rollBack: undo,
    });
    const stored = store.load();
    takeStored(core, stored);
    this.#expiry.begin();
    core.configEntries.hide(config.whitelist);
    const overlay = core.begin();
    core.configEntries.apply(overlay, config.whitelist, now());
    overlay.finish();
    core.policy = configured(core.policy, config, now());
    this.reconciled = dataplane.reconcileLists(core.table.groups());
    writePolicy(dataplane, core.policy);
    if (options.text !== undefined) this.#control.remember(options.text);
    const resumed = this.#resume();
    const damage = [source.warning, confirmations.warning].filter((one) => one !== null);
    this.warnings = [...stored.warnings, ...damage, ...resumed, ...this.#plugins.restore()];
    core.onCommit = (changes) => this.#expiry.noticeChange(changes);
    this.#expiry.schedule();
  }

  /** The configuration in force. */
  get configuration(): Config {
    return this.#core.config;
  }

  get events(): EngineEvents {
    return this.#core.events;
  }

  add(rule: RuleInput, options?: ChangeOptions): Promise<RuleChange> {
    return this.#make(options, `${rule.list} ${rule.prefix}`, () => addRules(this.#core, [rule])[0]!);
  }

  addMany(rules: readonly RuleInput[], options?: ChangeOptions): Promise<readonly RuleChange[]> {
    const [first] = rules;
    const what = rules.length === 1 ? `${first!.list} ${first!.prefix}` : `add ${rules.length} rules`;
    return this.#make(options, what, () => addRules(this.#core, rules));
  }

  remove(prefix: string, list?: ListName, options?: ChangeOptions): Promise<RuleRemoval> {
    return this.#make(options, `remove ${prefix}`, () => removeRule(this.#core, prefix, list));
  }

  removeMany(selection: RuleSelection, options?: ChangeOptions): Promise<RuleBulkRemoval> {
    const many = selection.prefixes?.length;
    const what = many === undefined ? `entries with "${selection.search}"` : `${many} entries`;
    return this.#make(options, `remove ${what}`, () => removeSelected(this.#core, selection));
  }

  /** Removes every entry but those of the configuration. @returns how many there were */
  clear(list?: ListName, options?: ChangeOptions): Promise<number> {
    return this.#make(options, `clear ${list ?? 'both lists'}`, () => clearRules(this.#core, list));
  }

  /** Removes everything that commands and feeds have made. */
  reset(options?: ChangeOptions): Promise<ResetCounts> {
    return this.#make(options, 'reset', () => resetAll(this.#core));
  }

  import(data: Uint8Array, request: ImportOptions, options?: ChangeOptions): Promise<ImportResult> {
    const what = `import ${request.name ?? 'a list'}`;
    return this.#make(options, what, () => importRules(this.#core, data, request));
  }

  replaceSource(
    data: Uint8Array | readonly SourceEntry[],
    request: SourceOptions,
    options?: ChangeOptions,
  ): Promise<SourceResult> {
    const given = { origin: request.source, ...options };
    return this.#make(given, `update ${request.source}`, () => replaceSource(this.#core, data, request));
  }

  updateSource(update: SourceUpdate, options?: ChangeOptions): Promise<SourceResult> {
    const given = { origin: update.source, ...options };
    return this.#make(given, `update ${update.source}`, () => updateSource(this.#core, update));
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

  previewRemoval(selection: RuleSelection): RuleBulkRemoval {
    return previewRemoval(this.#core, selection);
  }

  counts(): RuleCounts {
    return this.#core.table.counts();
  }

  match(address: string): readonly SourceMatch[] {
    return matchSource(this.#core, address);
  }

  addDynamic(request: DynamicRequest, options?: ChangeOptions): Promise<DynamicRule> {
    return this.#make(options, `block ${request.prefix}`, () => {
      const probes = options?.acceptRisk?.includes('lockout')
        ? []
        : this.#lockout.probe(this.#core, options?.protect ?? []);
      return toDynamicRule(
        addDynamic(this.#core, request, (blocks) => this.#lockout.refuseCuts(this.#core, probes, blocks)),
      );
    });
  }

  removeDynamic(prefix: string): Promise<void> {
    return this.#make(undefined, `unblock ${prefix}`, () => removeDynamic(this.#core, prefix));
  }

  clearDynamic(): Promise<number> {
    return this.#make(undefined, 'unblock all', () => clearDynamic(this.#core));
  }

  listDynamic(): readonly DynamicRule[] {
    return this.#core.dataplane.listDynamic().map(toDynamicRule);
  }

  stats(): Stats {
    return toStats(this.observation.cache.stats());
  }

  resetStats(): Promise<void> {
    return this.#make(undefined, 'reset the statistics', () => {
      this.#core.dataplane.resetStats();
      this.observation.forgetStats();
    });
  }

  loadPlugin(file: string, slot: number, options?: ChangeOptions): Promise<PluginSlot> {
    return this.#make(options, `load the plugin ${file}`, () => this.#plugins.load(file, slot));
  }

  removePlugin(slot: number, options?: ChangeOptions): Promise<void> {
    return this.#make(options, `remove the plugin in slot ${slot}`, () => this.#plugins.remove(slot));
  }

  plugins(): readonly PluginSlot[] {
    return this.#plugins.list();
  }

  /** Keeps figures ready and the filter where it shall be: for a process that stays. */
  watch(): void {
    this.observation.watch((work) => this.#queue.run(work));
  }

  attachments(): readonly Attachment[] {
    return this.#core.dataplane.attachments();
  }

  fill(): readonly MapFill[] {
    return this.observation.cache.fill();
  }

  /** Waits for queued changes, then lets go of store and data plane; the filter goes on. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#expiry.close();
    this.#confirm.close();
    this.observation.close();
    await this.#queue.idle();
    this.#core.store.close();
    this.#core.dataplane.close();
  }

  readonly #make: MakeChange = (options, what, work, configBefore) => {
    if (this.#closed) return Promise.reject(new NetxfwError('DAEMON_UNREACHABLE', 'netxfw is shutting down'));
    const guards = { lockout: this.#lockout, confirm: this.#confirm };
    return this.#queue.run(() => this.#core.run(new RequestedChange(options ?? {}, guards, what, configBefore), work));
  };

  /** Takes over a change that waits for confirmation, or undoes it when its time is over. */
  #resume(): string[] {
    this.#confirm.onDeadline = () => void this.#queue.run(() => this.#undoInTime());
    try {
      const overdue = this.#confirm.resume();
      if (overdue === null) return [];
      this.#rollBack();
      return [`${overdue.what} was not confirmed in time and is undone`];
    } catch (error) {
      return [NetxfwError.from(error).message];
    }
  }

  #undoInTime(): void {
    if (this.#confirm.pending === null) return;
    try {
      this.#rollBack();
    } catch (error) {
      this.#core.warn(`a change that was not confirmed could not be undone: ${NetxfwError.from(error).message}`);
      this.#confirm.retry();
    }
  }

  #rollBack(): void {
    const core = this.#core;
    const { undo, losing } = this.#confirm;
    const started = performance.now();
    const back = undo.config === undefined ? undefined : this.#control.putBack(undo.config);
    rollBack(core, undo, back?.config);
    const milliseconds = Math.round((performance.now() - started) * 10) / 10;
    const message = `${undo.what} was undone${losing}`;
    core.events.emit({ type: 'reload', kind: 'rolled-back', changes: [], milliseconds, message });
    // Packets meet the old policy by now. As long as the disk does not say so too, it is tried again.
    if (back !== undefined && back.problem !== null) throw back.problem;
    core.flush();
    this.#confirm.drop();
  }
}

function takeStored(core: EngineCore, stored: StoredRules): void {
  for (const list of LISTS) core.table[list].put(stored.lists[list]);
  core.policy = policyOf(stored.policy);
  for (const change of stored.changes.flat()) {
    if (!isListEdit(change)) {
      core.policy = edited(core.policy, change);
      continue;
    }
    core.table[change.list].remove(change.remove);
    core.table[change.list].put(change.put);
  }
}
