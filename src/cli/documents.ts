import type { AuditPage } from '../model/audit.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Limit } from '../model/limits.ts';
import type { IpPortRule, OpenPort, PortSuggestion } from '../model/open-ports.ts';
import type { PendingConfirm, ReloadKind, ReloadResult } from '../model/operations.ts';
import type { ChangeKind, ImportResult, Rule, RuleChange, RuleRemoval, SourceMatch } from '../model/rules.ts';
import type { DynamicRule, Stats } from '../model/status.ts';
import type { NewToken, TokenInfo } from '../model/tokens.ts';
import type { ResetReport } from '../sdk/types.ts';
import type { DaemonReport, StartReport, UnloadReport } from './host.ts';
import type { SwitchState } from './security.ts';

/**
 * What `--json` prints: one object a command, `version` first. A field may be added to a version; a field that goes or
 * changes its meaning makes a new version.
 */
export interface Document {
  readonly version: typeof DOCUMENT_VERSION;
}

export const DOCUMENT_VERSION = 1;

/** allow, deny, rule add */
export interface ChangesDocument extends Document {
  readonly changes: readonly RuleChange[];
  /** Rules for sources with ports; left out when none was asked for. */
  readonly portRules?: readonly PortRuleChange[];
}

export interface PortRuleChange {
  readonly change: ChangeKind;
  readonly rule: IpPortRule;
}

/** del, unblock */
export interface RemovalDocument extends Document, RuleRemoval {
  readonly dynamic?: readonly string[];
  /** Rules for sources with ports, `192.0.2.1:22/tcp`. */
  readonly portRules?: readonly string[];
}

/** list */
export interface RulesDocument extends Document {
  /** Entries that match, on all pages. */
  readonly total: number;
  readonly offset: number;
  readonly rules: readonly Rule[];
}

/** deny list: the deny list and, after it, the dynamic list */
export interface DeniedDocument extends RulesDocument {
  readonly dynamic: readonly DynamicRule[];
}

/** allow port list, deny port list, list --type port */
export interface PortRulesDocument extends Document {
  readonly portRules: readonly IpPortRule[];
}

/** dynamic list, list dynamic, dynamic add */
export interface DynamicDocument extends Document {
  readonly total: number;
  readonly dynamic: readonly DynamicRule[];
}

/** rule clear, dynamic clear, dynamic del; with --search also what was not removed */
export interface ClearedDocument extends Document {
  readonly removed: number;
}

/** token create */
export interface NewTokenDocument extends Document {
  /** Its secret is in the field `token`, and nowhere else. */
  readonly token: NewToken;
}

/** system audit */
export interface AuditDocument extends Document, AuditPage {}

/** token list */
export interface TokensDocument extends Document {
  readonly tokens: readonly TokenInfo[];
}

/** limit add */
export interface LimitDocument extends Document {
  readonly change: ChangeKind;
  readonly limit: Limit;
}

/** limit list */
export interface LimitsDocument extends Document {
  readonly limits: readonly Limit[];
}

export interface PortChange {
  readonly change: ChangeKind;
  readonly port: OpenPort;
}

/** port add */
export interface OpenedDocument extends Document {
  readonly ports: readonly PortChange[];
}

/** port list */
export interface OpenPortsDocument extends Document {
  readonly defaultDeny: boolean;
  /** TCP ports that default deny never closes. */
  readonly failsafePorts: readonly number[];
  readonly ports: readonly OpenPort[];
}

/** port suggest */
export interface SuggestionsDocument extends Document {
  readonly suggestions: readonly PortSuggestion[];
}

/** security, and each switch without a value */
export interface SecurityDocument extends Document {
  readonly switches: readonly SwitchState[];
}

/** reload, security with a value, confirm --undo */
export interface ReloadDocument extends Document {
  readonly reload: ReloadResult;
}

/** confirm */
export interface ConfirmDocument extends Document {
  readonly confirmed: PendingConfirm | null;
}

/** reset */
export interface ResetDocument extends Document {
  readonly removed: ResetReport;
}

/** system sync to-config, system sync to-map */
export interface SyncedDocument extends Document {
  readonly copied?: number;
  readonly added?: number;
  readonly removed?: number;
}

/** match */
export interface MatchDocument extends Document {
  readonly address: string;
  /** Entries of the static lists, the deciding one first. */
  readonly matches: readonly SourceMatch[];
  /** Entries of the dynamic blacklist: over the static blacklist, under the whitelist. */
  readonly dynamic: readonly DynamicRule[];
}

/** rule import */
export interface ImportDocument extends Document {
  readonly import: ImportResult;
}

export interface StatsDocument extends Document {
  readonly stats: Stats;
}

/** system load */
export interface LoadDocument extends Document, StartReport {}

/** system daemon, once everything answers */
export interface DaemonDocument extends Document, DaemonReport {}

/** enable, disable */
export interface SwitchDocument extends Document {
  readonly on: boolean;
  /** Where the filter is, or was. */
  readonly interfaces: readonly string[];
}

/** system init */
export interface InitDocument extends Document {
  readonly file: string;
}

/** system test */
export interface TestDocument extends Document {
  readonly file: string;
  readonly valid: true;
  /** What is allowed and yet may not be what was meant. */
  readonly notes: readonly string[];
  /** What a reload would do; null without a daemon. */
  readonly reload: { readonly kind: ReloadKind; readonly changes: readonly string[] } | null;
}

/** system doctor */
export interface DoctorDocument extends Document {
  readonly diagnoses: readonly Diagnosis[];
}

/** web */
export interface WebDocument extends Document {
  readonly url: string;
  /** How many there are. */
  readonly tokens: number;
}

/** system unload */
export interface UnloadDocument extends Document, UnloadReport {}

export interface VersionDocument extends Document {
  /** This program. */
  readonly cli: string;
  /** The daemon that answers; null without one. */
  readonly daemon: string | null;
}
