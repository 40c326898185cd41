import type { ListName } from './entries.ts';
import type { ReasonName } from './reasons.ts';

/** A list entry as users see it: SDK, API and `--json`. */
export interface Rule {
  readonly list: ListName;
  /** Canonical text: `192.0.2.1`, `2001:db8::/32`. */
  readonly prefix: string;
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** ISO 8601, UTC; null = never. */
  readonly expiresAt: string | null;
  /** `user`, `config`, `import` or a kind and a name such as `feed:spamhaus`. */
  readonly source: string;
  /** Who else wants it; the entry stays until nobody does. */
  readonly otherSources?: readonly string[];
}

export interface RuleInput {
  readonly list: ListName;
  /** Address or CIDR; host bits are masked and reported. */
  readonly prefix: string;
  readonly reason?: string;
  /** Seconds from now; left out = never expires. */
  readonly ttl?: number;
}

/** Whether a change altered anything: `unchanged` when the same entry was there already. */
export type ChangeKind = 'added' | 'replaced' | 'unchanged';

export interface RuleChange {
  readonly change: ChangeKind;
  readonly rule: Rule;
  /** What the user should know: masked host bits, conflicts with other entries. */
  readonly notices: readonly string[];
}

export interface RuleRemoval {
  readonly removed: readonly Rule[];
  readonly notices: readonly string[];
}

/** Most prefixes that one selection names; more are told by a search. */
export const MAX_SELECTED = 100_000;

/** Entries of one list, by name, or all that a search finds (an empty one: all of the list) but some. */
export type RuleSelection = {
  readonly list: ListName;
  /** Refuse when it would not be exactly so many entries that a person takes back. */
  readonly expect?: number;
} & (
  | { readonly prefixes: readonly string[]; readonly search?: undefined; readonly except?: undefined }
  | { readonly search: string; readonly except?: readonly string[]; readonly prefixes?: undefined }
);

/** What became of the selected entries, or would. */
export interface RuleBulkRemoval {
  readonly removed: number;
  /** Taken back, but a feed or another source still wants them: they stay in force. */
  readonly staying: number;
  /** From config.yaml: left alone. */
  readonly configured: number;
  /** Named, but not there. */
  readonly missing: number;
}

export const RULE_SORTS = ['prefix', 'created', 'expires', 'reason'] as const;
export type RuleSort = (typeof RULE_SORTS)[number];

export interface RuleQuery {
  readonly list?: ListName;
  /** Matches the address from its beginning, an address inside a network, or any part of the reason. */
  readonly search?: string;
  readonly sort?: RuleSort;
  readonly descending?: boolean;
  /** Entries to leave out from the beginning; default 0. */
  readonly offset?: number;
  /** Most entries to return, 1 .. 10000; default 100. */
  readonly limit?: number;
}

export interface RulePage {
  readonly rules: readonly Rule[];
  /** Entries that match the query, on all pages. */
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
}

export type RuleCounts = Readonly<Record<ListName, number>>;

export interface InvalidLine {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
  readonly message: string;
}

/** Most invalid lines that an import lists one by one; the rest is only counted. */
export const MAX_LISTED_LINES = 20;

/** Formats in which rules are imported and exported. All but text hold everything, not one list only. */
export const RULE_FORMATS = ['text', 'json', 'yaml', 'csv', 'binary'] as const;
export type RuleFormat = (typeof RULE_FORMATS)[number];

export interface ImportResult {
  /** null: everything in the data, whichever list it is for. */
  readonly list: ListName | null;
  /** Addresses read, comments and blank lines left out. */
  readonly read: number;
  readonly added: number;
  /** Were there with another reason or expiry that the import named. */
  readonly replaced: number;
  readonly unchanged: number;
  readonly duplicates: number;
  readonly invalid: number;
  /** The first MAX_LISTED_LINES invalid lines. */
  readonly invalidLines: readonly InvalidLine[];
  readonly notices: readonly string[];
  /** How many of these are new or different; only when everything was imported. */
  readonly policy?: Readonly<Record<'limits' | 'ports' | 'ipPortRules', number>>;
}

export interface ImportProgress {
  /** Entries done so far. */
  readonly done: number;
  readonly total: number;
  readonly phase: 'read' | 'apply' | 'store';
}

/** What judges packets of one source, most decisive first. */
export interface SourceMatch {
  readonly rule: Rule;
  readonly verdict: ReasonName;
}
