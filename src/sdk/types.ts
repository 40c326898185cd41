import type { AuditPage, AuditQuery } from '../model/audit.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { ListName } from '../model/entries.ts';
import type { ChangeOptions } from '../model/operations.ts';
import type {
  ImportProgress,
  ImportResult,
  RuleBulkRemoval,
  RuleChange,
  RuleCounts,
  RuleFormat,
  RuleInput,
  RulePage,
  RuleQuery,
  RuleRemoval,
  RuleSelection,
  SourceMatch,
} from '../model/rules.ts';
import type { SourceCount, SourceEntry, SourceResult, SourceUpdate } from '../model/sources.ts';
import type { DynamicRule, Stats, SystemStatus, TrafficHistory } from '../model/status.ts';
import type { NewToken, TokenInfo, TokenInput } from '../model/tokens.ts';
import type { ConnAPI, EventAPI, ExplainAPI, ExtensionAPI, HealthAPI, PerfAPI, PluginAPI } from './observe-types.ts';
import type { ConfigAPI, LimitAPI, PortAPI } from './policy-types.ts';

export { RULE_FORMATS, type RuleFormat } from '../model/rules.ts';
export type { ConnAPI, EventAPI, ExplainAPI, ExtensionAPI, HealthAPI, PerfAPI, PluginAPI } from './observe-types.ts';
export type { ConfigAPI, LimitAPI, PortAPI } from './policy-types.ts';

export interface ImportRequest {
  /** Left out: everything in the data, open ports, limits and rules for ports too; not for text. */
  readonly list?: ListName;
  /** The file's bytes; text in UTF-8. */
  readonly data: Uint8Array | AsyncIterable<Uint8Array>;
  readonly format?: RuleFormat;
  readonly reason?: string;
  /** Seconds from now; left out = never expires. */
  readonly ttl?: number;
  /** Import the valid lines although others are not. */
  readonly skipInvalid?: boolean;
  /** Only say what it would do, invalid lines included; nothing is changed. */
  readonly preview?: boolean;
  /** What the data is called in messages, for example the file's name. */
  readonly name?: string;
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly options?: ChangeOptions;
}

export interface ExportRequest {
  /** Left out: both lists and, in every format but text, open ports, limits and rules for ports. */
  readonly list?: ListName;
  /** Default: json, or text when a list is named. */
  readonly format?: RuleFormat;
}

/** The two static source lists. Every method rejects with NetxfwError; a rejected change changed nothing. */
export interface RuleAPI {
  add(rule: RuleInput, options?: ChangeOptions): Promise<RuleChange>;
  /** All of them or none. */
  addMany(rules: readonly RuleInput[], options?: ChangeOptions): Promise<readonly RuleChange[]>;
  /** Removes the entry from the named list, or from both. Rejects with RULE_NOT_FOUND when no list has it. */
  remove(prefix: string, list?: ListName, options?: ChangeOptions): Promise<RuleRemoval>;
  /**
   * Removes all that is selected as one change, or nothing. Entries of config.yaml, and such as other sources want, stay.
   * Rejects with CONFLICT when it is not as many as `expect` says.
   */
  removeMany(selection: RuleSelection, options?: ChangeOptions): Promise<RuleBulkRemoval>;
  /** What `removeMany` would do. */
  previewRemoval(selection: RuleSelection): Promise<RuleBulkRemoval>;
  /** Removes every entry but those of the configuration. @returns how many there were */
  clear(list?: ListName, options?: ChangeOptions): Promise<number>;
  list(query?: RuleQuery): Promise<RulePage>;
  counts(): Promise<RuleCounts>;
  /** The entries that touch a source, the deciding one first. */
  match(address: string): Promise<readonly SourceMatch[]>;
  import(request: ImportRequest): Promise<ImportResult>;
  export(request?: ExportRequest): AsyncIterable<Uint8Array>;
  /**
   * Makes the entries of one source in one list exactly those given, as one change: what it no longer wants goes, unless
   * somebody else wants it too. Entries of people, of config.yaml and of other sources are not touched.
   */
  replaceSource(request: SourceRequest): Promise<SourceResult>;
  /** Adds to and removes from what one source wants, as one change. */
  updateSource(update: SourceUpdate, options?: ChangeOptions): Promise<SourceResult>;
  /** Who wants how many entries. */
  sources(): Promise<readonly SourceCount[]>;
}

/** Everything that one source wants in one list. */
export interface SourceRequest {
  /** A kind and a name, such as `feed:spamhaus`. */
  readonly source: string;
  readonly list: ListName;
  /** A text file's bytes, one prefix a line, or entries with a reason and TTL of their own. */
  readonly data: Uint8Array | AsyncIterable<Uint8Array> | readonly SourceEntry[];
  readonly reason?: string;
  /** Seconds from now; left out = as long as the source wants it. */
  readonly ttl?: number;
  /** Take the valid lines although others are not. */
  readonly skipInvalid?: boolean;
  /** What the data is called in messages. */
  readonly name?: string;
  readonly options?: ChangeOptions;
}

export interface DynamicInput {
  /** A host, or an IPv6 /64. */
  readonly prefix: string;
  readonly reason?: string;
  /** Seconds; left out = until removed. */
  readonly ttl?: number;
}

/** The dynamic blacklist: short-lived blocks, by hand or by the kernel. Not kept on disk. */
export interface DynamicAPI {
  add(input: DynamicInput, options?: ChangeOptions): Promise<DynamicRule>;
  remove(prefix: string): Promise<void>;
  list(): Promise<readonly DynamicRule[]>;
  /** @returns how many there were */
  clear(): Promise<number>;
}

export interface StatsAPI {
  get(): Promise<Stats>;
  /**
   * Steps of the last 15 minutes: a daemon takes one each second, an engine without one takes one when it is asked.
   * @param after `next` of an earlier answer: only what came since
   */
  history(after?: string): Promise<TrafficHistory>;
  reset(): Promise<void>;
}

export interface SystemAPI {
  status(): Promise<SystemStatus>;
  /** Version of the engine that answers, which may be another than the caller's. */
  version(): Promise<string>;
  /** Removes every rule, limit, open port and dynamic block made by commands; what the configuration says stays. */
  reset(options?: ChangeOptions): Promise<ResetReport>;
  /** Who changed what, and who was refused, the newest first; also of what was there before this process. */
  audit(query?: AuditQuery): Promise<AuditPage>;
  /** Everything that the filter needs of its host, each with its remedy; no older than a few seconds. */
  doctor(): Promise<readonly Diagnosis[]>;
}

/** How many of each were removed. */
export interface ResetReport {
  readonly rules: number;
  readonly dynamic: number;
  readonly limits: number;
  readonly ports: number;
  readonly ipPortRules: number;
}

/** Tokens for the API and the web UI. They work while the firewall is not loaded, too. */
export interface TokenAPI {
  /** The secret is in this answer and never again. Rejects with CONFLICT when the name is taken. */
  create(input: TokenInput): Promise<NewToken>;
  list(): Promise<readonly TokenInfo[]>;
  /** Whoever uses it is out at once. Rejects with NOT_FOUND. */
  remove(name: string): Promise<void>;
}

/** netxfw, wherever its engine runs: in this process, behind a socket, or on memory for tests. */
export interface Netxfw {
  readonly rules: RuleAPI;
  readonly dynamic: DynamicAPI;
  readonly stats: StatsAPI;
  readonly system: SystemAPI;
  readonly limits: LimitAPI;
  readonly ports: PortAPI;
  readonly config: ConfigAPI;
  readonly conns: ConnAPI;
  readonly events: EventAPI;
  readonly explain: ExplainAPI;
  readonly plugins: PluginAPI;
  readonly extensions: ExtensionAPI;
  readonly perf: PerfAPI;
  readonly health: HealthAPI;
  readonly tokens: TokenAPI;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
